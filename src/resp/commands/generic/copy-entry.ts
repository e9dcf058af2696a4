/**
 * An entry under another name: what RENAME, RENAMENX, COPY and MOVE are made of.
 *
 * The new entry is written before the old one goes. So when memory is short and the write is refused,
 * nothing is lost; the price is that both have their place in memory for a moment.
 */
import type { SlotRef } from "../../../memory/slots.ts";
import { recordBytesMax } from "../../../store/record-bytes.ts";
import type { Args } from "../../args.ts";
import { NO_EVENT } from "../../changes.ts";
import type { Client } from "../../client.ts";

/** What commands that end in `moveEntry` say of how they differ. */
export const TWICE_IN_MEMORY =
  "While it runs the value is in memory twice, so it may evict keys, or be refused, when memory is full.";

/** Where an entry is to go: to the key of argument `key` in a namespace. */
export interface Target {
  readonly key: number;
  readonly namespace: string;
}

/**
 * Gives the target the value and the deadline of an entry, and tells of it as of a new key, as Redis
 * does also when there was one; what else there is to tell is left to the caller. False when the
 * command must wait: it returns at once then. Throws what `Client.set` throws, and INVALID_KEY.
 */
export function copyEntry(
  client: Client,
  args: Args,
  slot: SlotRef,
  { key, namespace }: Target,
): boolean {
  const { table } = client;
  const draft = client.draftKey(args, key, namespace);
  draft.kind = table.kind(slot);
  draft.ascii = table.isAscii(slot);
  draft.deadlineMs = table.deadline(slot);
  // Making room may move or evict the entry that the value is read from.
  draft.value = client.valueOf(slot);
  draft.valueAt = 0;
  draft.valueLength = draft.value.length;
  if (!client.set(NO_EVENT)) return false;
  client.notify("new", args, key, namespace);
  return true;
}

/**
 * The same, and removes the entry, which is that of argument 1; then tells of both, the end of the old
 * name first.
 */
export function moveEntry(
  client: Client,
  args: Args,
  slot: SlotRef,
  to: Target,
  events: { readonly from: string; readonly to: string },
): boolean {
  const bytes =
    recordBytesMax(to.namespace, args.length[to.key]!, client.table.valueLength(slot)) +
    recordBytesMax(client.namespace, args.length[1]!, 0);
  if (!client.begin(bytes)) return false;
  if (!copyEntry(client, args, slot, to)) return false;
  client.draftKey(args, 1);
  if (!client.delete(NO_EVENT)) return false;
  client.notify(events.from, args, 1);
  client.notify(events.to, args, to.key, to.namespace);
  return true;
}
