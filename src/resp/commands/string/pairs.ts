/** Keys and values in turn, as MSET and MSETNX take them. */
import { KIND } from "../../../memory/entry.ts";
import type { Draft } from "../../../store/engine.ts";
import type { Args } from "../../args.ts";
import { checkKeyLength } from "../../client.ts";
import type { Client } from "../../client.ts";
import type { Argument } from "../../command.ts";
import { wrongArity } from "../../errors.ts";

export const PAIRS: readonly Argument[] = [
  {
    name: "key_value",
    type: "block",
    multiple: true,
    arguments: [
      { name: "key", type: "key" },
      { name: "value", type: "string" },
    ],
  },
];

/** False, with the error written, when a value is missing. */
export function checkPairs(client: Client, args: Args, command: string): boolean {
  if (args.count % 2 === 1) return true;
  client.out.error(wrongArity(command));
  return false;
}

/** Sets all pairs or none; false to wait. Throws INVALID_KEY and what `Engine.set` throws. */
export function setPairs(client: Client, args: Args): boolean {
  const drafts: Draft[] = [];
  for (let i = 1; i < args.count; i += 2) {
    checkKeyLength(args.length[i]!);
    drafts.push(draftOf(client.namespace, args, i));
  }
  return client.setAll(drafts, "set");
}

function draftOf(namespace: string, args: Args, i: number): Draft {
  return {
    namespace,
    key: args.buffer,
    keyAt: args.at[i]!,
    keyLength: args.length[i]!,
    value: args.buffer,
    valueAt: args.at[i + 1]!,
    valueLength: args.length[i + 1]!,
    kind: KIND.bytes,
    ascii: false,
    deadlineMs: 0,
    keepDeadline: false,
    condition: null,
  };
}
