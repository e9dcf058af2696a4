/** PSETEX: gives a key a value for so many milliseconds. */
import type { Command } from "../../command.ts";
import { LAST_YEAR } from "../../deadlines.ts";
import { setExpiring } from "./set-expiring.ts";

export const psetex: Command = {
  name: "psetex",
  arity: 4,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "OW", effects: ["update"] },
  since: "2.6.0",
  summary: "Sets the string value of a key and its expiration time in milliseconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "milliseconds", type: "integer" },
    { name: "value", type: "string" },
  ],
  differs: LAST_YEAR,
  run: (client, args) => setExpiring(client, args, 1, "psetex"),
};
