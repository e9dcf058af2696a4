/** COMMAND DOCS: what commands do, in words, and what arguments they take. */
import type { Command } from "../../../command.ts";
import { writeDocs } from "../../../command-info.ts";
import { COMMAND_NAMES, SHARED, entryNamed } from "./kind.ts";

export const docs: Command = {
  ...SHARED,
  name: "docs",
  arity: -2,
  since: "7.0.0",
  summary: "Returns documentary information about one, multiple or all commands.",
  complexity: "O(N) where N is the number of commands to look up",
  arguments: COMMAND_NAMES,
  differs: "The histories of the commands are not told.",
  run: (client, args) => {
    const { out, door } = client;
    const { entries } = door.dispatcher.registry;
    const named = Array.from({ length: args.count - 2 }, (_, i) => entryNamed(client, args, i + 2));
    const found = args.count === 2 ? entries : named.filter((entry) => entry !== null);
    out.map(found.length);
    for (const entry of found) writeDocs(out, entry);
  },
};
