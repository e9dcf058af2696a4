/** PEXPIRETIME: the millisecond at which a key ends, -1 for never, -2 when it is not there. */
import type { Command } from "../../command.ts";
import { showDeadline } from "./show-deadline.ts";

export const pexpiretime: Command = {
  name: "pexpiretime",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "7.0.0",
  summary: "Tells the deadline of a key as a Unix time in milliseconds.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => showDeadline(client, args, 1, 0),
};
