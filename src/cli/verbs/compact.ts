/** `pykv compact`: takes a snapshot now and retires the log behind it. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson, remark } from "../terminal/output.ts";

export function compactCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("compact")
    .description("start a snapshot that retires the log; ends with 1 when one runs already")
    .action(async (flags: ConnectionFlags) => done(await compact(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv compact", does: "starts it and does not wait for its end" },
  ]);
}

async function compact(flags: ConnectionFlags, io: CliIo): Promise<number> {
  await (await connect(flags, io)).compact();
  if (flags.json === true) printJson(io, { status: "compaction_started" });
  else remark(io, "compaction started");
  return EXIT.fine;
}
