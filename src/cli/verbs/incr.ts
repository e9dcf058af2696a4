/** `pykv incr <key> [by]`: counts, exact to 64 bits. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { addend } from "../flags.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { ttlSeconds, withTtl, type TtlFlag } from "../writing.ts";

type IncrFlags = ConnectionFlags & TtlFlag;

export function incrCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("incr")
    .description("add to a 64-bit integer, and print the sum")
    .argument("<key>", "what to count; a key that does not exist counts as 0")
    .argument("[by]", "how much to add, 1 unless given; may be below 0", addend);
  withTtl(command, "expire after this long, when the key is new").action(
    async (key: string, by: bigint | undefined, flags: IncrFlags) =>
      done(await incr(key, by ?? 1n, flags, io)),
  );
  return withExamples(withConnection(command, io), [
    { line: "pykv incr visits", does: "adds 1" },
    { line: "pykv incr stock:tea -5", does: "takes 5 away" },
    { line: "pykv incr rate:ada --ttl 1m", does: "counts within a minute" },
  ]);
}

async function incr(key: string, by: bigint, flags: IncrFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  const sum = await kv.increment(key, by, ttlSeconds(flags.ttl));
  // JSON.stringify knows no bigint.
  const members = `"key":${JSON.stringify(key)},"namespace":"${flags.ns}","value":${sum}`;
  io.out(flags.json === true ? `{${members}}\n` : `${sum}\n`);
  return EXIT.fine;
}
