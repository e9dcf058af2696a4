/** `pykv namespaces`: the namespaces that exist. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson } from "../terminal/output.ts";

interface NamespacesFlags extends ConnectionFlags {
  readonly long?: true;
}

export function namespacesCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("namespaces")
    .description("print the names of the namespaces, a line each")
    .option("--long", "a table with keys, bytes, hits and evictions")
    .action(async (flags: NamespacesFlags) => done(await namespaces(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv namespaces", does: "prints the names" },
    { line: "pykv namespaces --long", does: "prints how much is in each" },
  ]);
}

async function namespaces(flags: NamespacesFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  if (flags.long === true) {
    const { namespaces: byName } = await kv.stats();
    if (flags.json === true) printJson(io, byName);
    else {
      const { namespacesText } = await import("../terminal/reports.ts");
      io.out(namespacesText(byName, io));
    }
    return EXIT.fine;
  }
  const names = await kv.namespaces();
  if (flags.json === true) printJson(io, { namespaces: names, count: names.length });
  else for (const name of names) io.out(`${name}\n`);
  return EXIT.fine;
}
