/** TYPE: what kind of value a key has. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const type: Command = {
  name: "type",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO" },
  since: "1.0.0",
  summary: "Tells the type of the value of a key.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => {
    client.out.simple(client.look(args, 1) === NO_SLOT ? "none" : "string");
  },
};
