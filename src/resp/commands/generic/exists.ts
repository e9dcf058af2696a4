/** EXISTS: how many of the keys are there, a key that is named twice counted twice. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const exists: Command = {
  name: "exists",
  arity: -2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: -1, step: 1, access: "RO" },
  since: "1.0.0",
  summary: "Tells how many of the keys exist.",
  complexity: "O(N) with N the number of keys",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: (client, args) => {
    let found = 0;
    for (let i = 1; i < args.count; i++) if (client.look(args, i) !== NO_SLOT) found++;
    client.out.integer(found);
  },
};
