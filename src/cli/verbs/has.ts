/** `pykv has <keys...>`: tells whether keys exist. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson } from "../terminal/output.ts";
import { safeLine } from "../values/escape.ts";

export function hasCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("has")
    .alias("exists")
    .description("tell whether keys exist; ends with 1 when one of them does not")
    .argument("<keys...>", "what to look for")
    .option("-q, --quiet", "print nothing: the exit code says it")
    .action(async (keys: string[], flags: HasFlags) => done(await has(keys, flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv has user:1", does: "prints true or false" },
    { line: "if pykv has -q lock; then echo busy; fi", does: "decides in a script" },
    { line: "pykv has a b", does: "prints a line for each, with the key behind a tab" },
  ]);
}

interface HasFlags extends ConnectionFlags {
  readonly quiet?: true;
}

async function has(keys: readonly string[], flags: HasFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  let areAllThere = true;
  for (const key of keys) {
    const exists = await kv.has(key);
    areAllThere &&= exists;
    if (flags.quiet === true) continue;
    if (flags.json === true) printJson(io, { key, namespace: flags.ns, exists });
    else io.out(keys.length === 1 ? `${exists}\n` : `${exists}\t${safeLine(key)}\n`);
  }
  return areAllThere ? EXIT.fine : EXIT.failure;
}
