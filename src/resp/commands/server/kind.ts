/** What the subcommands here have in common. */
import type { Command, CommandFlag } from "../../command.ts";

export const ADMIN: readonly CommandFlag[] = ["admin", "noscript", "loading", "stale"];

/** HELP of a container: the subcommands, a line or two each. */
export function helpOf(container: string, since: string, lines: readonly string[]): Command {
  const all = [
    `${container} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...lines,
    "HELP",
    "    Prints this help.",
  ];
  return {
    name: "help",
    arity: 2,
    flags: ["loading", "stale"],
    group: "server",
    since,
    summary: "Returns helpful text about the different subcommands.",
    complexity: "O(1)",
    run: ({ out }) => {
      out.array(all.length);
      for (const line of all) out.simple(line);
    },
  };
}
