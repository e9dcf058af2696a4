/** `pykv top`: a live dashboard of a running server. */
import { Command, Option } from "commander";
import { withConnection, type ConnectionFlags } from "../connection.ts";
import { durationMsFlag } from "../flags.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";

export interface TopFlags extends ConnectionFlags {
  readonly once?: true;
  /** In milliseconds. */
  readonly interval: number;
}

const INTERVAL_MS = 1000;
const INTERVAL_MS_MAX = 3600 * 1000;

export function topCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = withConnection(
    new Command("top").description(
      "watch a server: operations, latency, hit ratio, memory, log and the busiest namespaces; " +
        "keys: q quits, p pauses, s sorts, ? helps",
    ),
    io,
  )
    .option("--once", "print one frame and end, as without a terminal")
    .addOption(
      new Option("--interval <duration>", "how often to look")
        .default(INTERVAL_MS, "1s")
        .argParser(durationMsFlag({ min: 100, max: INTERVAL_MS_MAX }, "s")),
    )
    .action(async (flags: TopFlags) => {
      const { runTop } = await import("../top/dashboard.ts");
      done(await runTop(flags, io));
    });
  return withExamples(command, [
    { line: "pykv top", does: "watch the server at http://127.0.0.1:8000" },
    { line: "pykv top --url kv.example.com:8000 --interval 5s", does: "watch another, less often" },
    { line: "pykv top --once", does: "how it is doing just now, as text" },
    { line: "pykv top --json", does: "a sample a second as a line of JSON" },
  ]);
}
