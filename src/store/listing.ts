/**
 * Listing the keys of a namespace, a page at a time.
 *
 * The walk is over the namespace's slots in the order of their pages (memory/slots.ts): every key
 * that is there from the first page of the listing to the last is listed exactly once, whatever is
 * written meanwhile. It works in slices and lets other work in between them, so listing a namespace
 * of millions never holds up the event loop. Keys come in no order that means anything.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { PyKVError } from "../base/errors.ts";
import { NO_NAMESPACE } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotCursor, SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import type { Engine } from "./engine.ts";
import type { Entry, ListPage, ListRequest } from "./types.ts";
import { copyEntry, keyText } from "./values.ts";

/** Slots looked at before other work gets its turn: about a millisecond. */
const SLICE_SLOTS = 4096;
/** Bytes of keys and values in one page, after which it ends short of its limit. */
const PAGE_BYTES_MAX = 16 * 1024 * 1024;
const CURSOR = /^([0-9a-z]{1,10})-([0-9a-z]{1,5})-([0-9a-z]{1,2})$/;
const RADIX = 36;

export interface Listing {
  readonly page: ListPage;
  /** What must be acknowledged before the page may be shown. */
  readonly barrier: number;
}

/** Throws INVALID_CURSOR. Cost: one look at each slot of the namespace over a whole listing. */
export async function listPage(engine: Engine, request: ListRequest): Promise<Listing> {
  const { table } = engine;
  const cursor = parseCursor(request.cursor);
  const prefix = Buffer.from(request.prefix ?? "");
  const items: { key: string; entry: Entry | null }[] = [];
  let barrier = 0;
  let bytes = 0;
  for (;;) {
    const namespace = table.namespaces.find(request.namespace);
    // A key that is not on the page is shown as missing, whether more pages follow or not.
    const listing = (next: string | null): Listing => ({
      page: { items, cursor: next },
      barrier: Math.max(barrier, table.namespaces.removalSeq(namespace)),
    });
    if (namespace === NO_NAMESPACE) return listing(null);
    let slot = table.next(namespace, cursor, SLICE_SLOTS);
    for (let looks = 1; slot !== NO_SLOT; looks++) {
      if (hasPrefix(table, slot, prefix) && !table.isExpired(slot)) {
        const entry = request.values === true ? copyEntry(table, slot) : null;
        items.push({ key: keyText(table, slot), entry });
        barrier = Math.max(barrier, table.version(slot));
        bytes += table.keyLength(slot) + (entry?.value.length ?? 0);
        if (items.length >= request.limit || bytes > PAGE_BYTES_MAX) {
          return listing(isAtEnd(table, namespace, cursor) ? null : formatCursor(cursor));
        }
      }
      if (looks >= SLICE_SLOTS) break;
      slot = table.next(namespace, cursor, SLICE_SLOTS);
    }
    if (cursor.page === 0) return listing(null);
    await nextTurn();
  }
}

/** Whether no slot in use is behind the cursor, as far as a short look tells. */
function isAtEnd(table: Table, namespace: NamespaceId, cursor: SlotCursor): boolean {
  const ahead = { ...cursor };
  return table.next(namespace, ahead, SLICE_SLOTS) === NO_SLOT && ahead.page === 0;
}

function hasPrefix(table: Table, slot: SlotRef, prefix: Buffer): boolean {
  const { length } = prefix;
  if (length === 0) return true;
  if (table.keyLength(slot) < length) return false;
  const at = table.keyAt(slot);
  const { u8 } = table.shard;
  for (let i = 0; i < length; i++) if (u8[at + i] !== prefix[i]) return false;
  return true;
}

function formatCursor({ ordinal, page, place }: SlotCursor): string {
  return [ordinal, page, place].map((n) => n.toString(RADIX)).join("-");
}

function parseCursor(text: string | undefined): SlotCursor {
  if (text === undefined) return { ordinal: 0, page: 0, place: 0 };
  const [, ordinal, page, place] = CURSOR.exec(text) ?? [];
  if (ordinal === undefined || page === undefined || place === undefined) {
    throw new PyKVError("INVALID_CURSOR", "pass the cursor of the page before, unchanged");
  }
  return {
    ordinal: Number.parseInt(ordinal, RADIX),
    page: Number.parseInt(page, RADIX),
    place: Number.parseInt(place, RADIX),
  };
}
