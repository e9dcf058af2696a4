/** INCR: adds one to an integer. */
import type { Command } from "../../command.ts";
import { increment } from "./increment.ts";

export const incr: Command = {
  name: "incr",
  arity: 2,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary: "Increments the integer value of a key by one. A key that doesn't exist counts as 0.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => increment(client, args, 1),
};
