/**
 * Cursors of SCAN: where a walk over a namespace has come to, as one number below 2^53, which every
 * client can keep, also one that takes it for a double.
 *
 *   Cursor := ordinal:25 | page:20 | place:8        of SlotCursor (memory/slots.ts); 0 is start and end
 *
 * Of the ordinal only the low bits are kept. While the page is there it tells the rest. Once it is gone
 * they are the whole ordinal, unless the namespace has seen 33 million pages come; then the ordinal is
 * taken for a lower one than it was, and the walk meets some keys again, as SCAN may, but misses none.
 *
 * Any number is a cursor: one that was never given out, or was for another namespace, starts the walk
 * somewhere or ends it.
 */
import type { NamespaceId } from "../memory/namespaces.ts";
import type { SlotCursor } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";

const PLACES = 2 ** 8;
const PAGES = 2 ** 20;
const ORDINALS = 2 ** 25;
const CURSOR_MAX = 2n ** 64n - 1n;
const DIGITS_MAX = 32;

export function encodeCursor({ ordinal, page, place }: SlotCursor): number {
  return ((ordinal % ORDINALS) * PAGES + page) * PLACES + place;
}

/** @param value 0 up to 2^53 - 1 */
export function decodeCursor(table: Table, namespace: NamespaceId, value: number): SlotCursor {
  const place = value % PLACES;
  const page = Math.floor(value / PLACES) % PAGES;
  const low = Math.floor(value / (PLACES * PAGES));
  const present = table.pageOrdinal(namespace, page);
  return { ordinal: present % ORDINALS === low ? present : low, page, place };
}

/**
 * A cursor as the client sends it, read as strtoul reads it, as Redis does: a sign and no digits at all
 * are allowed. Null when it is none or beyond 64 bits; Infinity for one that was never given out, since
 * it is beyond 2^53.
 */
export function parseCursor(text: string): number | null {
  if (text.length > DIGITS_MAX || !/^(?:[+-]?[0-9]+)?$/.test(text)) return null;
  const isNegative = text.startsWith("-");
  const value = BigInt(text.replace(/^[+-]/, ""));
  if (value > CURSOR_MAX) return null;
  const number = Number(value);
  return number <= Number.MAX_SAFE_INTEGER && (!isNegative || number === 0) ? number : Infinity;
}
