/** EXEC: runs what MULTI has queued, see transaction.ts. */
import { MODE } from "../../client.ts";
import type { Command } from "../../command.ts";
import { transactionOf } from "../../transaction.ts";

export const exec: Command = {
  name: "exec",
  arity: 1,
  flags: ["noscript", "loading", "stale", "skip_slowlog"],
  group: "transactions",
  since: "1.2.0",
  summary: "Executes all commands in a transaction.",
  complexity: "Depends on commands in the transaction",
  differs:
    "All of it is one frame of the log, so a crash keeps all or none. When memory is full, the " +
    "commands that need more are refused one by one, not the transaction. One that could log more " +
    "than 512 MiB is refused as a whole.",
  run: (client) => {
    if ((client.mode & MODE.multi) === 0) {
      client.out.error("ERR EXEC without MULTI");
      return;
    }
    transactionOf(client).execute();
  },
};
