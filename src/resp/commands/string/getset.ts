/** GETSET: gives a key a value and answers the one it had. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const getset: Command = {
  name: "getset",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary: "Returns the previous string value of a key after setting it to a new value.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  run: (client, args) => {
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) client.out.nil();
    else client.bulkOf(slot);
    client.draftSet(args, 1, 2);
    client.set("set");
  },
};
