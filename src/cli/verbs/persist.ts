/** `pykv persist <key>`: takes the time to live of a key away. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { tellTtl } from "../writing.ts";

export function persistCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("persist")
    .description("let a key never expire")
    .argument("<key>", "ends with 1 when it does not exist")
    .action(async (key: string, flags: ConnectionFlags) => done(await persist(key, flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv persist session:7", does: "keeps it until it is deleted" },
  ]);
}

async function persist(key: string, flags: ConnectionFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  return tellTtl(await kv.persist(key), { key, ttl: null }, flags, io);
}
