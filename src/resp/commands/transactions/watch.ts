/** WATCH: EXEC does nothing if one of these keys has changed by then. */
import { MODE } from "../../client.ts";
import type { Command } from "../../command.ts";
import { TRANSACTION_TOO_LONG } from "../../errors.ts";
import { transactionOf } from "../../transaction.ts";

export const watch: Command = {
  name: "watch",
  arity: -2,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  group: "transactions",
  keys: { first: 1, last: -1, step: 1, access: "RO" },
  since: "2.2.0",
  summary: "Monitors changes to keys to determine the execution of a transaction.",
  complexity: "O(1) for every key.",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: (client, args) => {
    const { out } = client;
    if ((client.mode & MODE.multi) !== 0) {
      out.error("ERR WATCH inside MULTI is not allowed");
      return;
    }
    const transaction = transactionOf(client);
    for (let i = 1; i < args.count; i++) {
      if (transaction.watch(args, i)) continue;
      out.error(TRANSACTION_TOO_LONG);
      return;
    }
    out.ok();
  },
};
