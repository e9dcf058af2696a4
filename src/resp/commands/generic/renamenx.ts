/** RENAMENX: gives a key another name unless that is taken. */
import type { Command } from "../../command.ts";
import { TWICE_IN_MEMORY } from "./copy-entry.ts";
import { RENAMED, renameKey } from "./rename-key.ts";

export const renamenx: Command = {
  name: "renamenx",
  arity: 3,
  flags: ["write", "fast"],
  group: "generic",
  keys: [
    { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "delete"] },
    { first: 2, last: 2, step: 1, access: "OW", effects: ["insert"] },
  ],
  since: "1.0.0",
  summary: "Renames a key if the new name is not taken.",
  complexity: "O(N) with N the length of the value",
  arguments: [
    { name: "key", type: "key" },
    { name: "newkey", type: "key" },
  ],
  differs: TWICE_IN_MEMORY,
  rewrites: true,
  run: (client, args) => {
    const outcome = renameKey(client, args, false);
    if (outcome !== null) client.out.flag(outcome === RENAMED);
  },
};
