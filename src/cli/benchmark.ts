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

/** Writes and reads keys of its own, which are deleted at the end. `text` ends with a newline. */
export async function runBenchmark(
  { operations, threads }: BenchmarkPlan,
  flags: ConnectionFlags,
  io: CliIo,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly text: string; readonly errors: number }> {
  const [{ findTarget }, { runQuickBenchmark }, { quickBenchmarkText }, { Progress }] =
    await Promise.all([
      import("./load/find-target.ts"),
      import("./load/quick.ts"),
      import("./load/quick-text.ts"),
      import("./load/progress.ts"),
    ]);
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
    progress.end();
    return { text: quickBenchmarkText(result, io), errors: result.errors };
  } finally {
    progress.end();
  }
}
