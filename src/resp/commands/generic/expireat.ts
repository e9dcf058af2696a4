/** EXPIREAT: the second at which a key ends. */
import type { Command } from "../../command.ts";
import { LAST_YEAR, SECOND_MS } from "../../deadlines.ts";
import { CONDITION_ARGUMENT, setDeadline } from "./set-deadline.ts";

export const expireat: Command = {
  name: "expireat",
  arity: -3,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "1.2.0",
  summary: "Sets the deadline of a key to a Unix time in seconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "unix-time-seconds", type: "unix-time" },
    CONDITION_ARGUMENT,
  ],
  differs: LAST_YEAR,
  run: (client, args) => setDeadline(client, args, "expireat", SECOND_MS, 0),
};
