/** `pykv import [file]`: sets the keys that a file, standard input or a Redis server holds. */
import { Command, Option } from "commander";
import { withConnection, type ConnectionFlags } from "../connection.ts";
import { UsageError } from "../exit.ts";
import { durationMsFlag, integerFlag } from "../flags.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import type { Format } from "../transfer/input.ts";

export interface ImportFlags extends ConnectionFlags {
  readonly from?: string;
  readonly format?: Format;
  readonly prefix: string;
  readonly ifAbsent?: true;
  readonly dryRun?: true;
  readonly skipBad?: true;
  readonly badFile?: string;
  readonly resume?: true;
  readonly state?: string;
  readonly batch: number;
  readonly concurrency: number;
  /** In milliseconds. */
  readonly patience: number;
  readonly quiet?: true;
}

const STDIN = "-";
const BATCH = 1000;
const BATCH_MAX = 10_000;
const CONCURRENCY = 4;
const CONCURRENCY_MAX = 64;
const PATIENCE_MS = 30_000;
const PATIENCE_MS_MAX = 24 * 3600 * 1000;

export function importCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = withConnection(
    new Command("import")
      .description("set the keys of a file, of standard input, or of a Redis server")
      .argument("[file]", "NDJSON or a JSON array, perhaps gzip; - is standard input", STDIN),
    io,
  )
    .option("--from <url>", "a Redis server: redis://[user:password@]host[:port][/database]")
    .addOption(
      new Option("--format <form>", "in place of what the first bytes tell").choices([
        "ndjson",
        "json",
      ]),
    )
    .option("--prefix <prefix>", "only keys that start with this", "")
    .option("--if-absent", "leave keys alone that are there already")
    .option("--dry-run", "read and check everything, and set nothing")
    .option("--skip-bad", "pass over bad records, tell of them and count them")
    .option("--bad-file <file>", "keep the bad records there; with --skip-bad")
    .option("--resume", "go on where an import of this file was cut short")
    .option("--state <file>", "where that is kept; default: the file's name and .import-state")
    .addOption(numeric("--batch <records>", "records in a request", BATCH, BATCH_MAX))
    .addOption(
      numeric("--concurrency <requests>", "requests at once", CONCURRENCY, CONCURRENCY_MAX),
    )
    .addOption(
      new Option("--patience <duration>", "how long to wait for a server that is away")
        .default(PATIENCE_MS, "30s")
        .argParser(durationMsFlag({ min: 0, max: PATIENCE_MS_MAX }, "s")),
    )
    .option("--quiet", "no progress, no summary")
    .action(async (file: string, flags: ImportFlags, self: Command) => {
      checkFlags(file, flags, io);
      const { runImport } = await import("../transfer/run-import.ts");
      const isNsGiven = self.getOptionValueSource("ns") === "cli";
      done(await runImport({ file: file === STDIN ? null : file, flags, isNsGiven, io }));
    });
  return withExamples(command, [
    { line: "pykv import backup.ndjson.gz", does: "restore an export" },
    { line: "pykv import users.json --ns staging", does: "everything into one namespace" },
    {
      line: "pykv import big.ndjson --skip-bad --bad-file bad.ndjson",
      does: "keep going, and keep what was bad",
    },
    { line: "pykv import big.ndjson --resume", does: "go on after it was killed" },
    { line: "pykv import --from redis://127.0.0.1:6379/0", does: "take over from Redis" },
  ]);
}

function numeric(flags: string, description: string, value: number, max: number): Option {
  return new Option(flags, description).default(value).argParser(integerFlag({ min: 1, max }));
}

function checkFlags(file: string, flags: ImportFlags, io: CliIo): void {
  const { from, resume, state, badFile, skipBad, dryRun } = flags;
  const isFile = file !== STDIN;
  if (from !== undefined && isFile) throw new UsageError("give a file or --from, not both");
  if (from !== undefined && flags.format !== undefined) {
    throw new UsageError("--format is for files, not for --from");
  }
  if (!isFile && (resume === true || state !== undefined)) {
    throw new UsageError("--resume and --state need a file, which can be read again");
  }
  if (resume === true && dryRun === true) {
    throw new UsageError("--resume and --dry-run exclude each other");
  }
  if (badFile !== undefined && skipBad !== true) {
    throw new UsageError("--bad-file goes with --skip-bad");
  }
  if (from === undefined && !isFile && io.stdin.isTTY === true) {
    throw new UsageError("name a file, or pipe records in; see pykv import --help");
  }
}
