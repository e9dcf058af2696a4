/** ECHO: gives back what it is given. */
import type { Command } from "../../command.ts";

export const echo: Command = {
  name: "echo",
  arity: 2,
  flags: ["loading", "stale", "fast"],
  group: "connection",
  since: "1.0.0",
  summary: "Returns the given string.",
  complexity: "O(1)",
  arguments: [{ name: "message", type: "string" }],
  run: ({ out }, args) => out.bulk(args.buffer, args.at[1], args.length[1]),
};
