/** SETEX: gives a key a value for so many seconds. */
import type { Command } from "../../command.ts";
import { LAST_YEAR, SECOND_MS } from "../../deadlines.ts";
import { setExpiring } from "./set-expiring.ts";

export const setex: Command = {
  name: "setex",
  arity: 4,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "OW", effects: ["update"] },
  since: "2.0.0",
  summary: "Sets the string value of a key and its expiration time in seconds.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "seconds", type: "integer" },
    { name: "value", type: "string" },
  ],
  differs: LAST_YEAR,
  run: (client, args) => setExpiring(client, args, SECOND_MS, "setex"),
};
