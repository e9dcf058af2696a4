/** MULTI: from here on commands are queued until EXEC. */
import { MODE } from "../../client.ts";
import type { Command } from "../../command.ts";
import { transactionOf } from "../../transaction.ts";

export const multi: Command = {
  name: "multi",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  group: "transactions",
  since: "1.2.0",
  summary: "Starts a transaction.",
  complexity: "O(1)",
  run: (client) => {
    if ((client.mode & MODE.multi) !== 0) {
      client.out.error("ERR MULTI calls can not be nested");
      return;
    }
    transactionOf(client).begin();
    client.out.ok();
  },
};
