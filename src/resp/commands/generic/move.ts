/** MOVE: takes a key to another database, unless there is one of its name there. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";
import { SAME_OBJECT } from "../../errors.ts";
import { TWICE_IN_MEMORY, moveEntry } from "./copy-entry.ts";
import { databaseArgument } from "./database-argument.ts";

const EVENTS = { from: "move_from", to: "move_to" } as const;

export const move: Command = {
  name: "move",
  arity: 3,
  flags: ["write", "fast"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary: "Moves a key to another database.",
  complexity: "O(N) with N the length of the value",
  arguments: [
    { name: "key", type: "key" },
    { name: "db", type: "integer" },
  ],
  differs: TWICE_IN_MEMORY,
  rewrites: true,
  run: (client, args) => {
    const { out } = client;
    const namespace = databaseArgument(args, 2, out);
    if (namespace === null) return;
    if (namespace === client.namespace) return out.error(SAME_OBJECT);
    const slot = client.peek(args, 1);
    if (slot === NO_SLOT) return out.integer(0);
    if (client.peek(args, 1, namespace) !== NO_SLOT) return out.integer(0);
    if (moveEntry(client, args, slot, { key: 1, namespace }, EVENTS)) out.integer(1);
  },
};
