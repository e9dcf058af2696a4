/** `pykv update <key> [value]`: replaces the value of a key that exists. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { givenValue, withValueFlags, type ValueFlags } from "../values/given.ts";
import { tellWritten, ttlSeconds, withIfVersion, withTtl, type TtlFlag } from "../writing.ts";

interface UpdateFlags extends ConnectionFlags, ValueFlags, TtlFlag {
  readonly ifVersion?: number;
  readonly persist?: true;
}

export function updateCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("update")
    .description("replace the value of a key that exists; its time to live stays")
    .argument("<key>", "what to replace; ends with 1 when it does not exist")
    .argument("[value]", "an object or array is JSON, anything else text; - reads standard input");
  withValueFlags(command);
  withIfVersion(withTtl(command, "expire after this long from now"))
    .option("--persist", "never expire from now on")
    .action(async (key: string, value: string | undefined, flags: UpdateFlags) =>
      done(await update(key, value, flags, io)),
    );
  return withExamples(withConnection(command, io), [
    { line: "pykv update greeting hi", does: "replaces the value" },
    { line: "pykv update greeting hi --if-version 7", does: "only if nobody was faster" },
  ]);
}

async function update(
  key: string,
  argument: string | undefined,
  flags: UpdateFlags,
  io: CliIo,
): Promise<number> {
  const { ttl, persist, ifVersion } = flags;
  if (persist === true && ttl !== undefined) throw new UsageError("give --ttl or --persist");
  const value = await givenValue(argument, flags, io);
  const kv = await connect(flags, io);
  const expiry = persist === true ? { ttl: null } : ttlSeconds(ttl);
  tellWritten(await kv.update(key, value, { ...expiry, ifVersion }), flags, io);
  return EXIT.fine;
}
