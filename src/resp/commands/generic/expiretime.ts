/** EXPIRETIME: the second at which a key ends, -1 for never, -2 when it is not there. */
import type { Command } from "../../command.ts";
import { SECOND_MS } from "../../deadlines.ts";
import { showDeadline } from "./show-deadline.ts";

export const expiretime: Command = {
  name: "expiretime",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "7.0.0",
  summary: "Tells the deadline of a key as a Unix time in seconds.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => showDeadline(client, args, SECOND_MS, 0),
};
