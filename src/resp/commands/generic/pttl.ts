/** PTTL: how many milliseconds a key has left, -1 for ever, -2 when it is not there. */
import type { Command } from "../../command.ts";
import { showDeadline } from "./show-deadline.ts";

export const pttl: Command = {
  name: "pttl",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.6.0",
  summary: "Tells the time to live of a key in milliseconds.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => showDeadline(client, args, 1, client.nowMs()),
};
