/**
 * The quick benchmark for those who are in a shell or a menu already: `pykv bench` with its two most
 * important settings, and its result as text.
 */
import type { ConnectionFlags } from "./connection.ts";
import { integerFlag } from "./flags.ts";
import type { CliIo } from "./io.ts";

export interface BenchmarkPlan {
  /** Of each phase. */
  readonly operations: number;
  /** Connections, each with one operation under way. */
  readonly threads: number;
}

export const BENCHMARK_DEFAULTS: BenchmarkPlan = { operations: 10_000, threads: 50 };
const OPERATIONS_MAX = 10_000_000;
const THREADS_MAX = 1_000;
const VALUE_BYTES = 64;
const KEYS = 10_000;

export const operationsFlag = integerFlag({ min: 1, max: OPERATIONS_MAX });
export const threadsFlag = integerFlag({ min: 1, max: THREADS_MAX });

interface BenchmarkReport {
  /** Ends with a newline. */
  readonly text: string;
  /** The same for programs. */
  readonly json: string;
  readonly errors: number;
}

/** Writes and reads keys of its own, which are deleted at the end. */
export async function runBenchmark(
  { operations, threads }: BenchmarkPlan,
  flags: ConnectionFlags,
  io: CliIo,
  signal: AbortSignal = new AbortController().signal,
): Promise<BenchmarkReport> {
  const { findTarget } = await import("./load/find-target.ts");
  const { Progress } = await import("./load/progress.ts");
  const { runQuickBenchmark } = await import("./load/quick.ts");
  const { quickBenchmarkText } = await import("./load/quick-text.ts");
  const { jsonText } = await import("./load/report.ts");
  const target = await findTarget(flags, io);
  const progress = new Progress(io);
  try {
    const result = await runQuickBenchmark({
      ...{ target, operations, threads, signal, namespace: flags.ns, keep: false },
      ...{ valueBytes: VALUE_BYTES, keys: KEYS },
      onPhase: (label, recorder) => {
        if (io.stderr.isTTY !== true) return;
        progress.watch({ label, recorder, operations, durationMs: null });
      },
    });
    const { errors } = result;
    progress.end();
    return { text: quickBenchmarkText(result, io), json: jsonText(result), errors };
  } finally {
    progress.end();
  }
}
