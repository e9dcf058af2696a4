/** MSET: gives several keys values, all or none. */
import type { Command } from "../../command.ts";
import { PAIRS, checkPairs, setPairs } from "./pairs.ts";

export const mset: Command = {
  name: "mset",
  arity: -3,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: -1, step: 2, access: "OW", effects: ["update"] },
  since: "1.0.1",
  summary: "Atomically creates or modifies the string values of one or more keys.",
  complexity: "O(N) where N is the number of keys to set.",
  arguments: PAIRS,
  run: (client, args) => {
    if (checkPairs(client, args, "mset") && setPairs(client, args)) client.out.ok();
  },
};
