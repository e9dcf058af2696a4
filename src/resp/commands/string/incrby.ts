/** INCRBY: adds a number to an integer. */
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER } from "../../errors.ts";
import { increment } from "./increment.ts";

export const incrby: Command = {
  name: "incrby",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary:
    "Increments the integer value of a key by a number. A key that doesn't exist counts as 0.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "increment", type: "integer" },
  ],
  run: (client, args) => {
    const by = args.safeInteger(2);
    const exact = Number.isNaN(by) ? args.integer(2) : by;
    if (exact === null) client.out.error(NOT_AN_INTEGER);
    else increment(client, args, exact);
  },
};
