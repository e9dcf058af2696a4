/** CLIENT GETREDIR: which client hears of invalid cache entries instead. */
import type { Command } from "../../../command.ts";

export const getredir: Command = {
  name: "getredir",
  arity: 2,
  flags: ["noscript", "loading", "stale"],
  group: "connection",
  since: "6.0.0",
  summary: "Returns the client that invalidations go to: 0 for this one, -1 without tracking.",
  complexity: "O(1)",
  run: ({ out, tracking }) => out.integer(tracking?.options.redirect ?? -1),
};
