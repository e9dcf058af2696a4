/** `pykv expire <key> <ttl>`: sets the time to live of a key. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { tellTtl, ttlMsFlag } from "../writing.ts";

export function expireCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("expire")
    .description("let a key expire; its value stays as it is")
    .argument("<key>", "ends with 1 when it does not exist")
    .argument("<ttl>", "how long from now, such as 60, 500ms or 2h", ttlMsFlag)
    .action(async (key: string, ttlMs: number, flags: ConnectionFlags) =>
      done(await expire(key, ttlMs, flags, io)),
    );
  return withExamples(withConnection(command, io), [
    { line: "pykv expire session:7 30m", does: "ends the session in half an hour" },
  ]);
}

async function expire(
  key: string,
  ttlMs: number,
  flags: ConnectionFlags,
  io: CliIo,
): Promise<number> {
  const kv = await connect(flags, io);
  return tellTtl(await kv.expire(key, ttlMs / 1000), { key, ttl: ttlMs / 1000 }, flags, io);
}
