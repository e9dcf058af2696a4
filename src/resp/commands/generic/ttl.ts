/** TTL: how many seconds a key has left, -1 for ever, -2 when it is not there. */
import type { Command } from "../../command.ts";
import { SECOND_MS } from "../../deadlines.ts";
import { showDeadline } from "./show-deadline.ts";

export const ttl: Command = {
  name: "ttl",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "1.0.0",
  summary: "Tells the time to live of a key in seconds.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => showDeadline(client, args, SECOND_MS, client.nowMs()),
};
