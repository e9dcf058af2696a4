/** MSETNX: gives several keys values, unless any of them has one. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { PAIRS, checkPairs, setPairs } from "./pairs.ts";

export const msetnx: Command = {
  name: "msetnx",
  arity: -3,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: -1, step: 2, access: "OW", effects: ["insert"] },
  since: "1.0.1",
  summary:
    "Atomically modifies the string values of one or more keys only when all keys don't exist.",
  complexity: "O(N) where N is the number of keys to set.",
  arguments: PAIRS,
  run: (client, args) => {
    if (!checkPairs(client, args, "msetnx")) return;
    if (hasAny(client, args)) client.out.integer(0);
    else if (setPairs(client, args)) client.out.integer(1);
  },
};

function hasAny(client: Client, args: Args): boolean {
  for (let i = 1; i < args.count; i += 2) if (client.peek(args, i) !== NO_SLOT) return true;
  return false;
}
