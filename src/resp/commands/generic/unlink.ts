/** UNLINK: removes keys; the same as DEL here. */
import type { Command } from "../../command.ts";
import { deleteKeys } from "./delete-keys.ts";

export const unlink: Command = {
  name: "unlink",
  arity: -2,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: -1, step: 1, access: "RM", effects: ["delete"] },
  since: "4.0.0",
  summary: "Deletes one or more keys, without waiting for their memory to be given back.",
  complexity: "O(1) for each key",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: deleteKeys,
};
