/** COMMAND COUNT: how many commands there are, subcommands not among them. */
import type { Command } from "../../../command.ts";
import { SHARED } from "./kind.ts";

export const count: Command = {
  ...SHARED,
  name: "count",
  arity: 2,
  since: "2.8.13",
  summary: "Returns a count of commands.",
  complexity: "O(1)",
  run: ({ out, door }) => out.integer(door.dispatcher.registry.entries.length),
};
