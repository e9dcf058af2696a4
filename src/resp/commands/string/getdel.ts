/** GETDEL: answers the value of a key and deletes it. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const getdel: Command = {
  name: "getdel",
  arity: 2,
  flags: ["write", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "delete"] },
  since: "6.2.0",
  summary: "Returns the string value of a key after deleting the key.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => {
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) {
      client.out.nil();
      return;
    }
    client.bulkOf(slot);
    client.draftKey(args, 1);
    client.delete("del");
  },
};
