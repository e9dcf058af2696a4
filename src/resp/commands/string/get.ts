/** GET: the value of a key. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const get: Command = {
  name: "get",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "1.0.0",
  summary: "Returns the string value of a key.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => {
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) client.out.nil();
    else client.bulkOf(slot);
  },
};
