/** SETNX: gives a key a value unless it has one. */
import type { Command } from "../../command.ts";
import { IF_ABSENT } from "./options.ts";

export const setnx: Command = {
  name: "setnx",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "OW", effects: ["insert"] },
  since: "1.0.0",
  summary: "Sets the string value of a key only when the key doesn't exist.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  run: (client, args) => {
    const draft = client.draftSet(args, 1, 2);
    draft.condition = IF_ABSENT;
    if (client.set("set")) client.out.flag(client.engine.isDone);
  },
};
