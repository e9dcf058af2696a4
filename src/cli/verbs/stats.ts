/** `pykv stats`: the counters of the store. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson } from "../terminal/output.ts";

export function statsCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("stats")
    .description("show keys, hits, memory, log and namespaces")
    .action(async (flags: ConnectionFlags) => done(await stats(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv stats", does: "shows the counters" },
    { line: "pykv stats --json | jq .hit_ratio", does: "picks one of them" },
  ]);
}

async function stats(flags: ConnectionFlags, io: CliIo): Promise<number> {
  const report = await (await connect(flags, io)).stats();
  if (flags.json === true) printJson(io, report);
  else {
    const { statsText } = await import("../terminal/reports.ts");
    io.out(statsText(report, io));
  }
  return EXIT.fine;
}
