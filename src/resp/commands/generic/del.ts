/** DEL: removes keys. */
import type { Command } from "../../command.ts";
import { deleteKeys } from "./delete-keys.ts";

export const del: Command = {
  name: "del",
  arity: -2,
  flags: ["write"],
  group: "generic",
  keys: { first: 1, last: -1, step: 1, access: "RM", effects: ["delete"] },
  since: "1.0.0",
  summary: "Deletes one or more keys.",
  complexity: "O(N) with N the number of keys",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: deleteKeys,
};
