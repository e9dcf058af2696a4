/** `pykv load-test`: load of a chosen shape, measured, checked if wanted, and reported. */
import { Command, InvalidArgumentError, Option } from "commander";
import { parseBytes } from "../../base/units.ts";
import { withConnection } from "../connection.ts";
import { EXIT, UsageError } from "../exit.ts";
import { collected, durationMsFlag, integerFlag, numberFlag } from "../flags.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { withResp, type TargetFlags } from "../load/find-target.ts";
import { ZIPF_EXPONENT, type Distribution } from "../load/key-choice.ts";
import { completeRatios, DEFAULT_RATIOS } from "../load/operations.ts";
import type { LoadReport, LoadSettings } from "../load/report.ts";
import { HEAD_BYTES_MAX, type ValueBytes } from "../load/values.ts";

interface LoadTestFlags extends TargetFlags {
  readonly operations?: number;
  readonly duration?: number;
  readonly concurrent: number;
  readonly rate?: number;
  readonly getRatio?: number;
  readonly setRatio?: number;
  readonly deleteRatio?: number;
  readonly keys: number;
  readonly keyDistribution: Distribution;
  readonly valueSize: ValueBytes;
  readonly ttl?: number;
  readonly namespaces: number;
  readonly seed?: number;
  readonly warmup: number;
  readonly prefill?: true;
  readonly verify?: true;
  readonly allowEvictions?: true;
  readonly allowErrors?: true;
  readonly keep?: true;
  readonly report: readonly string[];
  readonly quiet?: true;
}

const OPERATIONS = 10_000;
const DAY_MS = 86_400_000;
const VALUE_BYTES_MAX = 16 * 1024 * 1024;
const KEYS_VERIFIED_MAX = 1_000_000;
const SEED_MAX = 2 ** 32 - 1;
const EXPONENT_MAX = 10;
const NAMESPACE_CHARACTERS_MAX = 64;

export function loadTestCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = withResp(withConnection(new Command("load-test"), io)).description(
    "put load of a chosen shape on a server, and report rate, latency and errors",
  );
  withShape(command);
  withKeys(command);
  command
    .option("--prefill", "write all keys before the measurement, so that gets find them")
    .addOption(
      new Option("--warmup <duration>", "load before the measurement, which is not counted")
        .default(0, "none")
        .argParser(durationMsFlag({ min: 0, max: DAY_MS }, "s")),
    )
    .option("--verify", "check every reply against what was acknowledged; wrong ones end with 1")
    .option("--allow-evictions", "with --verify: the server may have evicted what is missing")
    .option("--allow-errors", "operations that fail do not make the exit code 1")
    .option("--keep", "leave the keys there; else they are deleted at the end")
    .addOption(
      new Option("--report <file>", "write a report: .json, or .html with charts; may be repeated")
        .default([], "none")
        .argParser(collectedReports),
    )
    .option("--quiet", "show no progress")
    .action(async (flags: LoadTestFlags) => done(await loadTest(flags, io)));
  return withExamples(command, [
    {
      line: "pykv load-test --operations 10000 --concurrent 200 --set-ratio 0.2 --get-ratio 0.7 --delete-ratio 0.1",
      does: "as many as the server answers, 200 at a time",
    },
    {
      line: "pykv load-test --duration 1m --rate 2000 --warmup 5s --prefill --report load.html",
      does: "2000 a second, latency with all waiting in it, as a page with charts",
    },
    {
      line: "pykv load-test --verify --key-distribution zipf --keys 1000 --value-size 100-1000",
      does: "few hot keys, and every reply checked",
    },
  ]);
}

function withShape(command: Command): void {
  const ratio = numberFlag({ min: 0, max: 1 });
  const usual = (share: number): string =>
    `share of the operations, 0 to 1 (${share} when no ratio is given, else 0)`;
  command
    .addOption(
      new Option("--operations <number>", `how many (${OPERATIONS} unless --duration)`).argParser(
        integerFlag({ min: 1, max: 1e12 }),
      ),
    )
    .addOption(
      new Option("--duration <duration>", "how long, such as 30s or 5m").argParser(
        durationMsFlag({ min: 1, max: 30 * DAY_MS }, "s"),
      ),
    )
    .addOption(
      new Option("--concurrent <number>", "connections, each with one operation under way")
        .default(50)
        .argParser(integerFlag({ min: 1, max: 10_000 })),
    )
    .addOption(
      new Option(
        "--rate <number>",
        "operations that start in a second, answered or not (open loop); latency counts from when each is due",
      ).argParser(numberFlag({ min: 0.001, max: 1_000_000 })),
    )
    .addOption(new Option("--set-ratio <share>", usual(DEFAULT_RATIOS.set)).argParser(ratio))
    .addOption(new Option("--get-ratio <share>", usual(DEFAULT_RATIOS.get)).argParser(ratio))
    .addOption(new Option("--delete-ratio <share>", usual(DEFAULT_RATIOS.delete)).argParser(ratio));
}

function withKeys(command: Command): void {
  command
    .addOption(
      new Option("--keys <number>", "different keys")
        .default(10_000)
        .argParser(integerFlag({ min: 1, max: 10_000_000 })),
    )
    .addOption(
      new Option(
        "--key-distribution <kind>",
        "uniform, sequential, zipf, or zipf:exponent for more or fewer hot keys",
      )
        .default({ kind: "uniform" }, "uniform")
        .argParser(parseDistribution),
    )
    .addOption(
      new Option("--value-size <size>", "bytes of a value: 64, 4kb, or a range such as 100-1000")
        .default({ min: 64, max: 64 }, "64")
        .argParser(parseValueBytes),
    )
    .addOption(
      new Option("--ttl <duration>", "time to live of what is written").argParser(
        durationMsFlag({ min: 1, max: 365 * DAY_MS }, "s"),
      ),
    )
    .addOption(
      new Option("--namespaces <number>", "spread the keys over so many: --ns with -1, -2, ...")
        .default(1)
        .argParser(integerFlag({ min: 1, max: 1_000 })),
    )
    .addOption(
      new Option("--seed <number>", "repeats operations and keys; drawn unless given").argParser(
        integerFlag({ min: 0, max: SEED_MAX }),
      ),
    );
}

function parseDistribution(text: string): Distribution {
  if (text === "uniform" || text === "sequential") return { kind: text };
  const match = /^zipf(?::(\d+(?:\.\d+)?))?$/.exec(text);
  const exponent = match?.[1] === undefined ? ZIPF_EXPONENT : Number(match[1]);
  if (match === null || exponent <= 0 || exponent > EXPONENT_MAX) {
    throw new InvalidArgumentError(
      `It must be uniform, sequential, zipf, or zipf:exponent with up to ${EXPONENT_MAX}.`,
    );
  }
  return { kind: "zipf", exponent };
}

function parseValueBytes(text: string): ValueBytes {
  const [minText = "", maxText = minText] = text.split("-");
  const min = parseBytes(minText);
  const max = parseBytes(maxText);
  const isRange = min !== null && max !== null && min >= 1 && min <= max && max <= VALUE_BYTES_MAX;
  if (!isRange || text.split("-").length > 2) {
    throw new InvalidArgumentError(
      "It must be a size of 1 byte to 16mb, such as 64 or 4kb, or a range such as 100-1000.",
    );
  }
  return { min, max };
}

const collectedReports = collected((path) => {
  if (/\.(json|html)$/.test(path)) return path;
  throw new InvalidArgumentError("It must end in .json or .html.");
});

async function loadTest(flags: LoadTestFlags, io: CliIo): Promise<number> {
  const settings = settingsOf(flags);
  const { checkWritable, writeReports } = await import("../load/report-files.ts");
  const { findTarget } = await import("../load/find-target.ts");
  const { interruptible } = await import("../load/interruptible.ts");
  const { runLoadTest } = await import("../load/load-test.ts");
  const { Progress } = await import("../load/progress.ts");
  await checkWritable(flags.report);
  const target = await findTarget(flags, io);
  const progress = new Progress(io);
  const isSilent = flags.quiet === true || (flags.json === true && io.stderr.isTTY !== true);
  const { result: report, signalExitCode } = await interruptible(io, (signal) =>
    runLoadTest({
      ...{ target, settings, signal, clock: io.clock },
      verify: flags.verify === true ? { mayEvict: flags.allowEvictions === true } : null,
      keep: flags.keep === true,
      onPhase: (label, { operations, durationMs }, recorder) => {
        if (!isSilent) progress.watch({ label, recorder, operations, durationMs });
      },
    }).finally(() => progress.end()),
  );
  await print(report, flags, io);
  await writeReports(report, flags.report);
  return signalExitCode ?? exitCodeOf(report, flags);
}

/** The settings that the flags make; throws UsageError for what does not go together. */
function settingsOf(flags: LoadTestFlags): LoadSettings {
  const { operations, duration, keys, valueSize, namespaces, ns, verify } = flags;
  const ratios = completeRatios({
    ...(flags.getRatio === undefined ? {} : { get: flags.getRatio }),
    ...(flags.setRatio === undefined ? {} : { set: flags.setRatio }),
    ...(flags.deleteRatio === undefined ? {} : { delete: flags.deleteRatio }),
  });
  if (verify !== true && flags.allowEvictions === true) {
    throw new UsageError("--allow-evictions is about --verify, which is not given");
  }
  if (verify === true && valueSize.min < HEAD_BYTES_MAX) {
    throw new UsageError(
      `--verify needs values of at least ${HEAD_BYTES_MAX} bytes, to tell one from the other`,
    );
  }
  if (verify === true && keys > KEYS_VERIFIED_MAX) {
    throw new UsageError(
      `--verify remembers each key, so --keys may be ${KEYS_VERIFIED_MAX} at most`,
    );
  }
  const names =
    namespaces === 1 ? [ns] : Array.from({ length: namespaces }, (_, i) => `${ns}-${i + 1}`);
  if (names.at(-1)!.length > NAMESPACE_CHARACTERS_MAX) {
    throw new UsageError(`--ns ${ns} leaves no room for a number behind it`);
  }
  return {
    operations: operations ?? (duration === undefined ? OPERATIONS : null),
    durationMs: duration ?? null,
    concurrent: flags.concurrent,
    perSecond: flags.rate ?? null,
    ratios,
    keys,
    keyDistribution: flags.keyDistribution,
    valueBytes: valueSize,
    ttlMs: flags.ttl ?? null,
    namespaces: names,
    seed: flags.seed ?? Math.floor(Math.random() * SEED_MAX),
    warmupMs: flags.warmup,
    prefill: flags.prefill === true,
  };
}

async function print(report: LoadReport, flags: LoadTestFlags, io: CliIo): Promise<void> {
  if (flags.json === true) {
    const { jsonText } = await import("../load/report.ts");
    return io.out(jsonText(report));
  }
  const { reportText } = await import("../load/report-text.ts");
  io.out(reportText(report, io));
}

function exitCodeOf(report: LoadReport, flags: LoadTestFlags): number {
  const { figures, verification, errorsBefore } = report;
  if (verification !== null && verification.violations > 0) return EXIT.failure;
  if (flags.allowErrors === true) return EXIT.fine;
  return figures.errors + errorsBefore > 0 ? EXIT.failure : EXIT.fine;
}
