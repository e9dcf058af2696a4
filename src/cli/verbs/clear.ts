/** `pykv clear`: deletes every key of a namespace, once it is sure that this is meant. */
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { countText } from "../terminal/figures.ts";
import { printJson, remark } from "../terminal/output.ts";

interface ClearFlags extends ConnectionFlags {
  readonly yes?: true;
}

export function clearCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("clear")
    .description("delete every key of the namespace; asks first")
    .option("-y, --yes", "do not ask; needed where nobody can be asked")
    .action(async (flags: ClearFlags) => done(await clear(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv clear --ns staging", does: "asks, and deletes every key of staging" },
    { line: "pykv clear --ns staging --yes", does: "does it in a script" },
  ]);
}

async function clear(flags: ClearFlags, io: CliIo): Promise<number> {
  const { ns, yes, json } = flags;
  if (yes !== true && io.stdin.isTTY !== true) {
    throw new UsageError(`this deletes every key of ${ns}: say so with --yes`);
  }
  const kv = await connect(flags, io);
  if (yes !== true) {
    const question = `Delete all ${countText(await kv.size())} keys of ${ns}? [y/N] `;
    if (!(await isConfirmed(question, io))) throw new Failure("nothing was deleted");
  }
  const keysDeleted = await kv.clear();
  if (json === true) printJson(io, { namespace: ns, keys_deleted: keysDeleted });
  else remark(io, `deleted ${countText(keysDeleted)} keys of ${ns}`);
  return EXIT.fine;
}

/** Anything but yes is no, the end of the input and Ctrl-C too. */
async function isConfirmed(question: string, io: CliIo): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return /^\s*y(es)?\s*$/i.test(await Promise.race([lines.question(question), ended]));
  } finally {
    lines.close();
  }
}
