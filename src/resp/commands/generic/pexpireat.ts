/** PEXPIREAT: the millisecond at which a key ends. */
import type { Command } from "../../command.ts";
import { LAST_YEAR } from "../../deadlines.ts";
import { CONDITION_ARGUMENT, setDeadline } from "./set-deadline.ts";

export const pexpireat: Command = {
  name: "pexpireat",
  arity: -3,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "2.6.0",
  summary: "Sets the deadline of a key to a Unix time in milliseconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "unix-time-milliseconds", type: "unix-time" },
    CONDITION_ARGUMENT,
  ],
  differs: LAST_YEAR,
  run: (client, args) => setDeadline(client, args, "pexpireat", 1, 0),
};
