/** DECRBY: takes a number from an integer. */
import { INTEGER_MIN } from "../../../base/integers.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER } from "../../errors.ts";
import { increment } from "./increment.ts";

const DECREMENT_OVERFLOW = "ERR decrement would overflow";

export const decrby: Command = {
  name: "decrby",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary:
    "Decrements the integer value of a key by a number. A key that doesn't exist counts as 0.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "decrement", type: "integer" },
  ],
  run: (client, args) => {
    const by = args.safeInteger(2);
    if (Number.isNaN(by)) decrementWide(client, args);
    else increment(client, args, 0 - by);
  },
};

function decrementWide(client: Client, args: Args): void {
  const by = args.integer(2);
  if (by === null) client.out.error(NOT_AN_INTEGER);
  // Its opposite is not within 64 bits.
  else if (by === INTEGER_MIN) client.out.error(DECREMENT_OVERFLOW);
  else increment(client, args, -by);
}
