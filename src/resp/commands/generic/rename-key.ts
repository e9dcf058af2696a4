/** What RENAME and RENAMENX do. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import { NO_SUCH_KEY } from "../../errors.ts";
import { moveEntry } from "./copy-entry.ts";

export const RENAMED = "renamed";
export const IN_THE_WAY = "in the way";
export const SAME_NAME = "same name";

const EVENTS = { from: "rename_from", to: "rename_to" } as const;

/**
 * Gives the key of argument 1 the name of argument 2. Null when the command is through: it must wait,
 * or the key is not there, which is answered.
 *
 * @param mayOverwrite whether a key that has the new name gives way
 */
export function renameKey(
  client: Client,
  args: Args,
  mayOverwrite: boolean,
): typeof RENAMED | typeof IN_THE_WAY | typeof SAME_NAME | null {
  const slot = client.peek(args, 1);
  if (slot === NO_SLOT) {
    client.out.error(NO_SUCH_KEY);
    return null;
  }
  if (args.same(1, 2)) return SAME_NAME;
  if (!mayOverwrite && client.peek(args, 2) !== NO_SLOT) return IN_THE_WAY;
  const target = { key: 2, namespace: client.namespace };
  return moveEntry(client, args, slot, target, EVENTS) ? RENAMED : null;
}
