/** `pykv bench`: a quick benchmark of a running server, or of what its options cost. */
import { Command, Option } from "commander";
import { bytesFlag, integerFlag } from "../flags.ts";
import { EXIT } from "../exit.ts";
import { withConnection } from "../connection.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { withResp, type TargetFlags } from "../load/find-target.ts";
import type { QuickBenchmark } from "../load/quick.ts";

interface BenchFlags extends TargetFlags {
  readonly operations: number;
  readonly threads: number;
  readonly valueSize: number;
  readonly keys: number;
  readonly compare?: true;
  readonly rounds: number;
  readonly keep?: true;
  readonly quiet?: true;
}

const OPERATIONS = { min: 1, max: 100_000_000 };
const THREADS = { min: 1, max: 10_000 };
const VALUE_BYTES = { min: 1, max: 16 * 1024 * 1024 };
const KEYS = { min: 1, max: 10_000_000 };
const ROUNDS = { min: 1, max: 100 };

export function benchCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = withResp(withConnection(new Command("bench"), io))
    .description("measure how fast a server is: writes, reads, both, with and without TTL")
    .addOption(
      new Option("--operations <number>", "operations of each phase")
        .default(10_000)
        .argParser(integerFlag(OPERATIONS)),
    )
    .addOption(
      new Option("--threads <number>", "connections, each with one operation under way")
        .default(50)
        .argParser(integerFlag(THREADS)),
    )
    .addOption(
      new Option("--value-size <size>", "bytes of a value")
        .default(64)
        .argParser(bytesFlag(VALUE_BYTES)),
    )
    .addOption(
      new Option("--keys <number>", "different keys").default(10_000).argParser(integerFlag(KEYS)),
    )
    .option("--compare", "start servers of its own, and show what fsync and eviction cost")
    .addOption(
      new Option("--rounds <number>", "of --compare: how often each variant is measured")
        .default(3)
        .argParser(integerFlag(ROUNDS)),
    )
    .option("--keep", "leave the keys there; else they are deleted at the end")
    .option("--quiet", "show no progress")
    .action(async (flags: BenchFlags) =>
      done(await (flags.compare === true ? compare(flags, io) : bench(flags, io))),
    );
  return withExamples(command, [
    { line: "pykv bench", does: "measure the server on this machine, over REST" },
    { line: "pykv bench --resp", does: "over the Redis protocol" },
    {
      line: "pykv bench --operations 100000 --threads 200 --value-size 1kb",
      does: "more of everything",
    },
    { line: "pykv bench --compare", does: "what each fsync policy and eviction cost here" },
  ]);
}

async function bench(flags: BenchFlags, io: CliIo): Promise<number> {
  const { findTarget } = await import("../load/find-target.ts");
  const { runQuickBenchmark } = await import("../load/quick.ts");
  const { interruptible } = await import("../load/interruptible.ts");
  const { Progress } = await import("../load/progress.ts");
  const target = await findTarget(flags, io);
  const progress = new Progress(io);
  const { operations, threads, valueSize, keys, ns } = flags;
  const { result, signalExitCode } = await interruptible(io, (signal) =>
    runQuickBenchmark({
      ...{ target, operations, threads, keys, signal },
      namespace: ns,
      valueBytes: valueSize,
      keep: flags.keep === true,
      onPhase: (label, recorder) => {
        if (!isSilent(flags, io)) {
          progress.watch({ label, recorder, operations, durationMs: null });
        }
      },
    }).finally(() => progress.end()),
  );
  await printBench(result, flags, io);
  return signalExitCode ?? (result.errors > 0 ? EXIT.failure : EXIT.fine);
}

async function printBench(result: QuickBenchmark, flags: BenchFlags, io: CliIo): Promise<void> {
  if (flags.json === true) {
    const { jsonText } = await import("../load/report.ts");
    return io.out(jsonText(result));
  }
  const { quickBenchmarkText } = await import("../load/quick-text.ts");
  io.out(quickBenchmarkText(result, io));
}

async function compare(flags: BenchFlags, io: CliIo): Promise<number> {
  const { runComparison } = await import("../load/compare.ts");
  const { interruptible } = await import("../load/interruptible.ts");
  const { Progress } = await import("../load/progress.ts");
  const progress = new Progress(io);
  const { operations, threads, valueSize, keys, rounds } = flags;
  const { result, signalExitCode } = await interruptible(io, (signal) =>
    runComparison({
      ...{ operations, threads, keys, rounds, signal },
      valueBytes: valueSize,
      isResp: flags.resp !== undefined,
      timeoutMs: flags.timeout,
      env: io.env,
      onPhase: (label, recorder) => {
        if (!isSilent(flags, io)) {
          progress.watch({ label, recorder, operations, durationMs: null });
        }
      },
    }).finally(() => progress.end()),
  );
  if (flags.json === true) {
    const { jsonText } = await import("../load/report.ts");
    io.out(jsonText(result));
  } else {
    const { comparisonText } = await import("../load/compare-text.ts");
    io.out(comparisonText(result, io));
  }
  return signalExitCode ?? (result.errors > 0 ? EXIT.failure : EXIT.fine);
}

/** Programs that read JSON want no lines of progress among the messages. */
function isSilent(flags: BenchFlags, io: CliIo): boolean {
  return flags.quiet === true || (flags.json === true && io.stderr.isTTY !== true);
}
