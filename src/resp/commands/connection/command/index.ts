/** COMMAND: every command as COMMAND INFO shows it, and what it holds. */
import type { Command } from "../../../command.ts";
import { writeInfo } from "../../../command-info.ts";
import { count } from "./count.ts";
import { docs } from "./docs.ts";
import { getkeys } from "./getkeys.ts";
import { getkeysandflags } from "./getkeysandflags.ts";
import { help } from "./help.ts";
import { info } from "./info.ts";
import { SHARED } from "./kind.ts";
import { list } from "./list.ts";

export const command: Command = {
  ...SHARED,
  name: "command",
  arity: -1,
  since: "2.8.13",
  summary: "Returns detailed information about all commands.",
  complexity: "O(N) where N is the total number of commands",
  subcommands: [count, docs, info, list, getkeys, getkeysandflags, help],
  run: ({ out, door }) => {
    const { entries } = door.dispatcher.registry;
    out.array(entries.length);
    for (const entry of entries) writeInfo(out, entry);
  },
};
