/** DISCARD: forgets what MULTI has queued, and what is watched. */
import { MODE } from "../../client.ts";
import type { Command } from "../../command.ts";
import { transactionOf } from "../../transaction.ts";

export const discard: Command = {
  name: "discard",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  group: "transactions",
  since: "2.0.0",
  summary: "Discards a transaction.",
  complexity: "O(N), when N is the number of queued commands",
  run: (client) => {
    if ((client.mode & MODE.multi) === 0) {
      client.out.error("ERR DISCARD without MULTI");
      return;
    }
    transactionOf(client).discard();
    client.out.ok();
  },
};
