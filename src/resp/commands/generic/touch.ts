/** TOUCH: makes keys the most recently used, also for a client that has said CLIENT NO-TOUCH. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const touch: Command = {
  name: "touch",
  arity: -2,
  flags: ["readonly", "fast"],
  group: "generic",
  keys: { first: 1, last: -1, step: 1, access: "RO" },
  since: "3.2.1",
  summary: "Makes keys the most recently used; tells how many of them exist.",
  complexity: "O(N) with N the number of keys",
  arguments: [{ name: "key", type: "key", multiple: true }],
  run: (client, args) => {
    const { table } = client;
    let found = 0;
    for (let i = 1; i < args.count; i++) {
      const slot = client.look(args, i);
      if (slot === NO_SLOT) continue;
      table.touch(table.namespaceOf(slot), slot);
      found++;
    }
    client.out.integer(found);
  },
};
