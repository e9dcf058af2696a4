/** EXPIRE: how many seconds a key has left. */
import type { Command } from "../../command.ts";
import { LAST_YEAR, SECOND_MS } from "../../deadlines.ts";
import { CONDITION_ARGUMENT, setDeadline } from "./set-deadline.ts";

export const expire: Command = {
  name: "expire",
  arity: -3,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "1.0.0",
  summary: "Sets the time to live of a key in seconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "seconds", type: "integer" },
    CONDITION_ARGUMENT,
  ],
  differs: LAST_YEAR,
  run: (client, args) => setDeadline(client, args, "expire", SECOND_MS, client.nowMs()),
};
