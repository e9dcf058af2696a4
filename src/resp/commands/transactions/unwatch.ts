/** UNWATCH: whatever happens to the keys watched so far, EXEC goes on. */
import type { Command } from "../../command.ts";

export const unwatch: Command = {
  name: "unwatch",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  group: "transactions",
  since: "2.2.0",
  summary: "Forgets about watched keys of a transaction.",
  complexity: "O(1)",
  run: (client) => {
    client.transaction?.unwatch();
    client.out.ok();
  },
};
