/** `pykv delete <keys...>`: deletes keys. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { countText } from "../terminal/figures.ts";
import { printJson, remark } from "../terminal/output.ts";
import { withIfVersion } from "../writing.ts";

interface DeleteFlags extends ConnectionFlags {
  readonly ifVersion?: number;
}

/** Operations in one request; the server's limit. */
const BATCH_MAX = 10_000;

export function deleteCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("delete")
    .alias("del")
    .description("delete keys; ends with 1 when one of them does not exist")
    .argument("<keys...>", "what to delete");
  withIfVersion(command).action(async (keys: string[], flags: DeleteFlags) =>
    done(await deleteKeys(keys, flags, io)),
  );
  return withExamples(withConnection(command, io), [
    { line: "pykv delete user:1 user:2", does: "deletes two keys in one request" },
    { line: "pykv delete lock --if-version 7", does: "deletes it if it is still the same" },
    {
      line: "pykv list --prefix tmp: | xargs -d '\\n' pykv delete",
      does: "deletes all that start with tmp:",
    },
  ]);
}

export async function deleteKeys(keys: string[], flags: DeleteFlags, io: CliIo): Promise<number> {
  const { ifVersion, json } = flags;
  if (ifVersion !== undefined && keys.length > 1) {
    throw new UsageError("--if-version is for one key");
  }
  const kv = await connect(flags, io);
  const missing: string[] = [];
  for (let at = 0; at < keys.length; at += BATCH_MAX) {
    const operations = keys.slice(at, at + BATCH_MAX).map((key) => ({
      ...{ op: "delete" as const, key },
      ...(ifVersion === undefined ? {} : { ifVersion }),
    }));
    const results = await kv.batch(operations);
    missing.push(...results.flatMap(({ status, key }) => (status === "deleted" ? [] : [key])));
  }
  const deleted = keys.length - missing.length;
  if (json === true) printJson(io, { namespace: flags.ns, deleted, missing });
  else remark(io, `deleted ${countText(deleted)} of ${countText(keys.length)}`);
  if (missing.length === 0) return EXIT.fine;
  throw new Failure(`no such key: ${missing.join(", ")}`, "KEY_NOT_FOUND");
}
