/** STRLEN: the length of a value in bytes. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const strlen: Command = {
  name: "strlen",
  arity: 2,
  flags: ["readonly", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RO" },
  since: "2.2.0",
  summary: "Returns the length of a string value.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => {
    const slot = client.find(args, 1);
    client.out.integer(slot === NO_SLOT ? 0 : client.table.valueLength(slot));
  },
};
