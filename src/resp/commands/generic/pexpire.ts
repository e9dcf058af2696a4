/** PEXPIRE: how many milliseconds a key has left. */
import type { Command } from "../../command.ts";
import { LAST_YEAR } from "../../deadlines.ts";
import { CONDITION_ARGUMENT, setDeadline } from "./set-deadline.ts";

export const pexpire: Command = {
  name: "pexpire",
  arity: -3,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "2.6.0",
  summary: "Sets the time to live of a key in milliseconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "milliseconds", type: "integer" },
    CONDITION_ARGUMENT,
  ],
  differs: LAST_YEAR,
  run: (client, args) => setDeadline(client, args, "pexpire", 1, client.nowMs()),
};
