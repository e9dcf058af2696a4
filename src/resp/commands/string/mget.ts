/** MGET: the values of several keys. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const mget: Command = {
  name: "mget",
  arity: -2,
  flags: ["readonly", "fast"],
  group: "string",
  keys: { first: 1, last: -1, step: 1, access: "RO", effects: ["access"] },
  since: "1.0.0",
  summary: "Atomically returns the string values of one or more keys.",
  complexity: "O(N) where N is the number of keys to retrieve.",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: (client, args) => {
    const { out } = client;
    const { count } = args;
    out.array(count - 1);
    for (let i = 1; i < count; i++) {
      const slot = client.find(args, i);
      if (slot === NO_SLOT) out.nil();
      else client.bulkOf(slot);
    }
  },
};
