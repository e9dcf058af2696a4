/** COMMAND INFO: arity, flags and key positions of commands. */
import type { Command } from "../../../command.ts";
import { writeInfo } from "../../../command-info.ts";
import { COMMAND_NAMES, SHARED, entryNamed } from "./kind.ts";

export const info: Command = {
  ...SHARED,
  name: "info",
  arity: -2,
  since: "2.8.13",
  summary: "Returns information about one, multiple or all commands.",
  complexity: "O(N) where N is the number of commands to look up",
  arguments: COMMAND_NAMES,
  differs: "There are no tips for cluster clients.",
  run: (client, args) => {
    const { out, door } = client;
    if (args.count === 2) {
      const { entries } = door.dispatcher.registry;
      out.array(entries.length);
      for (const entry of entries) writeInfo(out, entry);
      return;
    }
    out.array(args.count - 2);
    for (let i = 2; i < args.count; i++) {
      const entry = entryNamed(client, args, i);
      if (entry === null) out.nil();
      else writeInfo(out, entry);
    }
  },
};
