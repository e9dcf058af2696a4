/** `pykv set <key> [value]`: adds or replaces a key. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { givenValue, withValueFlags, type ValueFlags } from "../values/given.ts";
import { tellWritten, ttlSeconds, withIfVersion, withTtl, type TtlFlag } from "../writing.ts";

interface SetFlags extends ConnectionFlags, ValueFlags, TtlFlag {
  readonly ifVersion?: number;
  readonly ifAbsent?: true;
  readonly ifPresent?: true;
}

export function setCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("set")
    .description("add a key, or replace it together with its time to live")
    .argument("<key>", "what to write")
    .argument("[value]", "an object or array is JSON, anything else text; - reads standard input");
  withValueFlags(command);
  withIfVersion(withTtl(command, "expire after this long, such as 60, 500ms or 2h"))
    .option("--if-absent", "only if the key does not exist")
    .option("--if-present", "only if the key exists")
    .action(async (key: string, value: string | undefined, flags: SetFlags) =>
      done(await set(key, value, flags, io)),
    );
  return withExamples(withConnection(command, io), [
    { line: "pykv set greeting 'hello world'", does: "stores text" },
    { line: `pykv set user:1 '{"name": "Ada"}' --ttl 1h`, does: "stores JSON for an hour" },
    { line: "pykv set answer 42 --type json", does: "stores a number" },
    { line: "pykv set logo --file logo.png", does: "stores a file, byte for byte" },
    { line: "tar c src | pykv set backup -", does: "stores what comes through the pipe" },
    { line: "pykv set lock me --if-absent --ttl 10", does: "takes a lock, or ends with 1" },
  ]);
}

export async function set(
  key: string,
  argument: string | undefined,
  flags: SetFlags,
  io: CliIo,
): Promise<number> {
  const value = await givenValue(argument, flags, io);
  const { ttl, ifVersion, ifAbsent, ifPresent } = flags;
  const kv = await connect(flags, io);
  const conditions = { ifVersion, ifAbsent, ifPresent };
  tellWritten(await kv.set(key, value, { ...ttlSeconds(ttl), ...conditions }), flags, io);
  return EXIT.fine;
}
