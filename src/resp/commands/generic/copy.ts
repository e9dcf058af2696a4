/** COPY: gives a key's value and deadline to another key, perhaps in another database. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { SAME_OBJECT, SYNTAX_ERROR } from "../../errors.ts";
import { copyEntry } from "./copy-entry.ts";
import { databaseArgument } from "./database-argument.ts";

interface CopyOptions {
  readonly namespace: string;
  readonly isReplacing: boolean;
}

export const copy: Command = {
  name: "copy",
  arity: -3,
  flags: ["write", "denyoom"],
  group: "generic",
  keys: [
    { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
    { first: 2, last: 2, step: 1, access: "OW", effects: ["update"] },
  ],
  since: "6.2.0",
  summary: "Copies the value of a key to a new key.",
  complexity: "O(N) with N the length of the value",
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    { name: "destination-db", type: "integer", token: "DB", optional: true },
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true },
  ],
  rewrites: true,
  run: (client, args) => {
    const { out } = client;
    const options = parseOptions(client, args);
    if (options === null) return;
    const { namespace, isReplacing } = options;
    if (namespace === client.namespace && args.same(1, 2)) return out.error(SAME_OBJECT);
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) return out.integer(0);
    if (!isReplacing && client.peek(args, 2, namespace) !== NO_SLOT) return out.integer(0);
    if (!copyEntry(client, args, slot, { key: 2, namespace })) return;
    client.notify("copy_to", args, 2, namespace);
    out.integer(1);
  },
};

/** Null when they are wrong, which is answered. */
function parseOptions(client: Client, args: Args): CopyOptions | null {
  let namespace: string | null = client.namespace;
  let isReplacing = false;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "REPLACE")) isReplacing = true;
    else if (args.is(i, "DB") && i + 1 < args.count) {
      namespace = databaseArgument(args, ++i, client.out);
      if (namespace === null) return null;
    } else {
      client.out.error(SYNTAX_ERROR);
      return null;
    }
  }
  return { namespace, isReplacing };
}
