/** QUIT: says goodbye and closes the connection. */
import type { Command } from "../../command.ts";

export const quit: Command = {
  name: "quit",
  arity: -1,
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  group: "connection",
  since: "1.0.0",
  summary: "Closes the connection.",
  complexity: "O(1)",
  run: ({ out, link }) => {
    out.ok();
    link.end();
  },
};
