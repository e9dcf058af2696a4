/** `pykv log [dir]`: the records of a data directory's log, as lines of JSON. */
import { Command, Option } from "commander";
import type { LogOperation } from "../../store/log-records.ts";
import { UsageError } from "../exit.ts";
import { durationMsFlag, integerFlag } from "../flags.ts";
import { withExamples } from "../help.ts";
import { instantFlag, type Instant } from "../instants.ts";
import type { CliIo } from "../io.ts";

export interface LogFlags {
  readonly key?: string;
  readonly prefix?: string;
  readonly ns?: string;
  readonly operation?: readonly LogOperation[];
  readonly since?: Instant;
  readonly until?: Instant;
  readonly limit?: number;
  readonly follow?: true;
  /** In milliseconds. */
  readonly interval: number;
}

/** As store/log-records.ts has them; that is loaded only when the verb runs. */
const OPERATIONS: readonly LogOperation[] = ["SET", "DELETE", "EXPIRE", "CLEAR", "SWAP"];
const INTERVAL_MS = 200;
const DATA_DIR = "./data";

export function logCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const dataDir = io.env.PYKV_DATA_DIR ?? DATA_DIR;
  const instant = instantFlag(() => io.clock.nowMs());
  const command = new Command("log")
    .description(
      "print the log of a data directory, a record a line; a server may be running on it",
    )
    .argument("[dir]", "the data directory; PYKV_DATA_DIR", dataDir)
    .option("--key <key>", "records of this key")
    .option("--prefix <prefix>", "records of keys that start with this")
    .option("--ns <name>", "records of this namespace")
    .addOption(
      new Option("--operation <operation,...>", `of these: ${OPERATIONS.join(", ")}`).argParser(
        parseOperations,
      ),
    )
    .addOption(
      new Option(
        "--since <when>",
        "from then on: a time, so long ago (10m), now, or a seq",
      ).argParser(instant),
    )
    .addOption(new Option("--until <when>", "up to then, and with it").argParser(instant))
    .addOption(
      new Option("--limit <records>", "print so many and end").argParser(
        integerFlag({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      ),
    )
    .option("-f, --follow", "go on with what is written from now on, until Ctrl-C")
    .addOption(
      new Option("--interval <duration>", "how often to look for more")
        .default(INTERVAL_MS, "200ms")
        .argParser(durationMsFlag({ min: 10, max: 60_000 }, "ms")),
    )
    .option("--json", "lines of JSON, which they are anyway")
    .action(async (dir: string, flags: LogFlags) => {
      const { printLog } = await import("../log/print-log.ts");
      done(await printLog(dir, flags, io));
    });
  return withExamples(command, [
    { line: "pykv log ./data --limit 10", does: "the first records that the log still holds" },
    { line: "pykv log --follow --since now", does: "what is written from now on" },
    { line: "pykv log --key user:1 --since 1h", does: "what became of a key in the last hour" },
    { line: "pykv log --operation DELETE --ns shop", does: "what was deleted, evicted or expired" },
    { line: "pykv log --since 1000 --until 2000", does: "records by their sequence numbers" },
  ]);
}

function parseOperations(text: string, before: readonly LogOperation[] = []): LogOperation[] {
  const names = text.split(",").map((name) => name.trim().toUpperCase());
  const unknown = names.find((name) => !(OPERATIONS as readonly string[]).includes(name));
  if (unknown === undefined) return [...before, ...(names as LogOperation[])];
  const known = OPERATIONS.join(", ");
  throw new UsageError(`--operation: ${JSON.stringify(unknown)} is none; there are ${known}`);
}
