/** PERSIST: takes the deadline away from a key. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const persist: Command = {
  name: "persist",
  arity: 2,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "2.2.0",
  summary: "Removes the deadline of a key.",
  complexity: "O(1)",
  arguments: [{ name: "key", type: "key" }],
  run: (client, args) => {
    const slot = client.peek(args, 1);
    if (slot === NO_SLOT || client.table.deadline(slot) === 0) return client.out.integer(0);
    client.draftKey(args, 1);
    if (client.expire("persist")) client.out.flag(client.engine.isDone);
  },
};
