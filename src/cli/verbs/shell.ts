/** `pykv shell`: commands typed by hand, or read from standard input. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";

export function shellCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("shell")
    .description("work with a server by commands, with completion and a history; HELP shows them")
    .action(async (flags: ConnectionFlags) => done(await shell(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv shell --ns shop", does: "opens the shell in the namespace shop" },
    { line: "echo 'INCR visits' | pykv shell", does: "carries out each line of its input" },
    { line: "pykv shell < setup.txt", does: "ends with the exit code of the first failure" },
  ]);
}

async function shell(flags: ConnectionFlags, io: CliIo): Promise<number> {
  const [{ openShell }, kv] = await Promise.all([import("../shell/open.ts"), connect(flags, io)]);
  return openShell(kv, flags, io);
}
