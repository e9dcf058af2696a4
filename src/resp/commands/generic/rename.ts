/** RENAME: gives a key another name, whatever has that name now. */
import type { Command } from "../../command.ts";
import { TWICE_IN_MEMORY } from "./copy-entry.ts";
import { renameKey } from "./rename-key.ts";

export const rename: Command = {
  name: "rename",
  arity: 3,
  flags: ["write"],
  group: "generic",
  keys: [
    { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "delete"] },
    { first: 2, last: 2, step: 1, access: "OW", effects: ["update"] },
  ],
  since: "1.0.0",
  summary: "Renames a key and overwrites the destination.",
  complexity: "O(N) with N the length of the value",
  arguments: [
    { name: "key", type: "key" },
    { name: "newkey", type: "key" },
  ],
  differs: TWICE_IN_MEMORY,
  rewrites: true,
  run: (client, args) => {
    if (renameKey(client, args, true) !== null) client.out.ok();
  },
};
