/**
 * Slots: the fixed part of an entry, 24 bytes, in pages of 170 that each belong to one namespace.
 *
 *   Slot := block:u32 | hash:u32 | prev:u32 | next:u32 | version:u48 | namespace:u16
 *   Page := nextPartial:u32 | prevPartial:u32 | ordinal:u48 | namespace:u16 | Slot[170]
 *
 * An entry is a slot and a block (entry.ts). All links name the slot, and a slot never moves while
 * its entry lives: so a block may grow, shrink or be moved without a link to mend. Slots are dense,
 * so what touches only links (a GET moves its entry to the front of the LRU list, and with it
 * touches two neighbours) stays in a fifth of the memory that whole entries would span. And a walk
 * over a namespace's pages is a scan that no growth of the index can disturb.
 *
 * A slot's number is its page and its place there, 20 and 8 bits, so its address needs no lookup.
 * Number 0 does not exist and stands for none.
 */
import { assert } from "../base/assert.ts";
import { NAMESPACE, NAMESPACE_TOTAL } from "./namespaces.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import { PAGE, PAGE_KIND } from "./pages.ts";
import type { Pages } from "./pages.ts";
import { COUNTER } from "./shard.ts";
import type { Shard } from "./shard.ts";

/** Number of a slot, below 2^28. */
export type SlotRef = number & { readonly unit: "slot-ref" };
export const NO_SLOT = 0 as SlotRef;
export const SLOT_BITS = 28;

/** Fields of a slot, in words from its start. */
export const SLOT = {
  block: 0,
  hash: 1,
  prev: 2,
  /** In a free slot: the next free one of the page. */
  next: 3,
  versionLow: 4,
  /** High 16 bits of the version below, the namespace above. */
  versionHighAndNamespace: 5,
} as const;

const SLOT_WORDS = 6;
const PLACE_BITS = 8;
const PLACE_MASK = 0xff;
const NEXT_PARTIAL = 0;
const PREV_PARTIAL = 1;
const ORDINAL_LOW = 2;
/** High 16 bits of the ordinal below, the namespace above. */
const ORDINAL_HIGH_AND_OWNER = 3;
const PAGE_HEADER_WORDS = 4;
export const SLOTS_PER_PAGE = 170;

/** First word of a slot. */
export function slotWord(slot: SlotRef): number {
  return ((slot >>> PLACE_BITS) << 10) + PAGE_HEADER_WORDS + (slot & PLACE_MASK) * SLOT_WORDS;
}

/** The namespace that a slot belongs to. */
export function slotNamespace(u32: Uint32Array, slot: SlotRef): NamespaceId {
  return (u32[slotWord(slot) + SLOT.versionHighAndNamespace]! >>> 16) as NamespaceId;
}

/** The seq of the write that made the entry what it is. */
export function slotVersion(u32: Uint32Array, slot: SlotRef): number {
  const at = slotWord(slot);
  const high = u32[at + SLOT.versionHighAndNamespace]! & 0xffff;
  return high * 2 ** 32 + u32[at + SLOT.versionLow]!;
}

/** Where a walk over the slots of a namespace has come to; the walk goes on behind it. */
export interface SlotCursor {
  /** Of the page that the walk has come to, below 2^48; pages that join later have higher ones. */
  ordinal: number;
  /** That page, or one before it from which the way to it goes on; 0 at the start and at the end. */
  page: number;
  /** The next place to look at in the page. */
  place: number;
}

export class Slots {
  readonly #shard: Shard;
  readonly #u32: Uint32Array;
  readonly #pages: Pages;
  readonly #namespaces: Namespaces;

  constructor(shard: Shard, pages: Pages, namespaces: Namespaces) {
    this.#shard = shard;
    this.#u32 = shard.u32;
    this.#pages = pages;
    this.#namespaces = namespaces;
  }

  /** Whether the namespace has a slot to give without a new page. */
  hasFree(id: NamespaceId): boolean {
    return this.#u32[this.#namespaces.word(id) + NAMESPACE.partialPage] !== 0;
  }

  /** Makes sure that the next `allocate` succeeds; false when there is no page left. */
  ensureFree(id: NamespaceId): boolean {
    return this.hasFree(id) || this.#addPage(id);
  }

  /** The same for the next `count` calls. */
  ensureFreeFor(id: NamespaceId, count: number): boolean {
    const u32 = this.#u32;
    let missing = count;
    let page = u32[this.#namespaces.word(id) + NAMESPACE.partialPage]!;
    for (; page !== 0 && missing > 0; page = u32[(page << 10) + NEXT_PARTIAL]!) {
      missing -= SLOTS_PER_PAGE - u32[this.#shard.pageRecord(page) + PAGE.live]!;
    }
    for (; missing > 0; missing -= SLOTS_PER_PAGE) if (!this.#addPage(id)) return false;
    return true;
  }

  /** Gives back pages that were got ready and not used; returns how many. */
  releaseUnused(id: NamespaceId): number {
    const u32 = this.#u32;
    let released = 0;
    let page = u32[this.#namespaces.word(id) + NAMESPACE.partialPage]!;
    while (page !== 0) {
      const next = u32[(page << 10) + NEXT_PARTIAL]!;
      if (u32[this.#shard.pageRecord(page) + PAGE.live] === 0) {
        this.#removePage(id, page);
        released++;
      }
      page = next;
    }
    return released;
  }

  /** A slot with its version and links cleared; `ensureFree` must have said yes. */
  allocate(id: NamespaceId): SlotRef {
    const u32 = this.#u32;
    const page = u32[this.#namespaces.word(id) + NAMESPACE.partialPage]!;
    assert(page !== 0, "a slot was promised");
    const record = this.#shard.pageRecord(page);
    let slot = u32[record + PAGE.free]! as SlotRef;
    if (slot !== NO_SLOT) u32[record + PAGE.free] = u32[slotWord(slot) + SLOT.next]!;
    else slot = ((page << PLACE_BITS) | u32[record + PAGE.bump]!++) as SlotRef;
    u32[record + PAGE.live]!++;
    if (u32[record + PAGE.free] === 0 && u32[record + PAGE.bump] === SLOTS_PER_PAGE) {
      this.#unlinkPartial(id, page);
    }
    const at = slotWord(slot);
    u32[at + SLOT.prev] = 0;
    u32[at + SLOT.next] = 0;
    u32[at + SLOT.versionHighAndNamespace] = id << 16;
    return slot;
  }

  free(id: NamespaceId, slot: SlotRef): void {
    const u32 = this.#u32;
    const page = slot >>> PLACE_BITS;
    const record = this.#shard.pageRecord(page);
    const wasFull = u32[record + PAGE.free] === 0 && u32[record + PAGE.bump] === SLOTS_PER_PAGE;
    const at = slotWord(slot);
    u32[at + SLOT.block] = 0;
    u32[at + SLOT.next] = u32[record + PAGE.free]!;
    u32[record + PAGE.free] = slot;
    const live = --u32[record + PAGE.live]!;
    if (wasFull) this.#linkPartial(id, page);
    if (live === 0) this.#removePage(id, page);
  }

  namespaceOf(slot: SlotRef): NamespaceId {
    return slotNamespace(this.#u32, slot);
  }

  version(slot: SlotRef): number {
    return slotVersion(this.#u32, slot);
  }

  setVersion(slot: SlotRef, version: number): void {
    const at = slotWord(slot);
    const u32 = this.#u32;
    // Storing cuts to the low 32 bits, exactly; `%` would be a call into C.
    u32[at + SLOT.versionLow] = version;
    const owner = u32[at + SLOT.versionHighAndNamespace]! & 0xffff0000;
    const high = version > 0xffffffff ? Math.floor(version / 2 ** 32) : 0;
    u32[at + SLOT.versionHighAndNamespace] = owner | high;
  }

  /**
   * The next slot in use of a namespace behind the cursor, which it moves; NO_SLOT at the end, or
   * after `looksMax` slots were looked at (then `cursor.page` is not 0).
   *
   * Every entry that is there from the first call to the last is met exactly once, whatever comes
   * and goes meanwhile: slots don't move and pages keep their order. When the page that the cursor
   * stood in is gone, the way to where it was is walked again from the first page, in calls that
   * look at no more than any other.
   */
  next(id: NamespaceId, cursor: SlotCursor, looksMax: number): SlotRef {
    const u32 = this.#u32;
    let page = this.#resume(id, cursor);
    for (let looks = 0; page !== 0; looks++) {
      const bump = this.#enter(page, cursor);
      if (looks >= looksMax) return NO_SLOT;
      while (cursor.place < bump) {
        if (looks++ >= looksMax) return NO_SLOT;
        const slot = ((page << PLACE_BITS) | cursor.place++) as SlotRef;
        if (u32[slotWord(slot) + SLOT.block] !== 0) return slot;
      }
      page = u32[this.#shard.pageRecord(page) + PAGE.next]!;
    }
    cursor.page = 0;
    return NO_SLOT;
  }

  /** The ordinal of a page of the namespace; 0 when the number is of no such page. */
  pageOrdinal(id: NamespaceId, page: number): number {
    const isPage = page > 0 && page < this.#shard.endPage;
    return isPage && this.#ownerOf(page) === id ? this.#ordinalOf(page) : 0;
  }

  /** Takes the cursor to a page; returns the places to look at there: none before its ordinal. */
  #enter(page: number, cursor: SlotCursor): number {
    const ordinal = this.#ordinalOf(page);
    cursor.page = page;
    if (ordinal < cursor.ordinal) return 0;
    if (ordinal > cursor.ordinal) cursor.place = 0;
    cursor.ordinal = ordinal;
    return this.#u32[this.#shard.pageRecord(page) + PAGE.bump]!;
  }

  /** The page that the cursor names if it still is on the way, else the first one. */
  #resume(id: NamespaceId, cursor: SlotCursor): number {
    const ordinal = this.pageOrdinal(id, cursor.page);
    if (ordinal > 0 && ordinal <= cursor.ordinal) return cursor.page;
    return this.#u32[this.#namespaces.word(id) + NAMESPACE.firstPage]!;
  }

  #ownerOf(page: number): number {
    if (this.#u32[this.#shard.pageRecord(page) + PAGE.kind] !== PAGE_KIND.slots) return 0;
    return this.#u32[(page << 10) + ORDINAL_HIGH_AND_OWNER]! >>> 16;
  }

  #ordinalOf(page: number): number {
    const high = this.#u32[(page << 10) + ORDINAL_HIGH_AND_OWNER]! & 0xffff;
    return high * 2 ** 32 + this.#u32[(page << 10) + ORDINAL_LOW]!;
  }

  #addPage(id: NamespaceId): boolean {
    const u32 = this.#u32;
    const page = this.#pages.allocate(1, PAGE_KIND.slots);
    if (page === 0) return false;
    u32[COUNTER.slotPages]!++;
    const ns = this.#namespaces.word(id);
    const last = u32[ns + NAMESPACE.lastPage]!;
    const record = this.#shard.pageRecord(page);
    u32[record + PAGE.prev] = last;
    if (last === 0) u32[ns + NAMESPACE.firstPage] = page;
    else u32[this.#shard.pageRecord(last) + PAGE.next] = page;
    u32[ns + NAMESPACE.lastPage] = page;
    const total = this.#namespaces.double(id) + NAMESPACE_TOTAL.lastOrdinal;
    const ordinal = ++this.#shard.f64[total]!;
    u32[(page << 10) + ORDINAL_LOW] = ordinal % 2 ** 32;
    u32[(page << 10) + ORDINAL_HIGH_AND_OWNER] = Math.floor(ordinal / 2 ** 32) | (id << 16);
    this.#linkPartial(id, page);
    return true;
  }

  #removePage(id: NamespaceId, page: number): void {
    const u32 = this.#u32;
    const ns = this.#namespaces.word(id);
    const record = this.#shard.pageRecord(page);
    const prev = u32[record + PAGE.prev]!;
    const next = u32[record + PAGE.next]!;
    this.#unlinkPartial(id, page);
    if (prev === 0) u32[ns + NAMESPACE.firstPage] = next;
    else u32[this.#shard.pageRecord(prev) + PAGE.next] = next;
    if (next === 0) u32[ns + NAMESPACE.lastPage] = prev;
    else u32[this.#shard.pageRecord(next) + PAGE.prev] = prev;
    u32[record + PAGE.kind] = PAGE_KIND.none;
    u32[COUNTER.slotPages]!--;
    this.#pages.release(page);
  }

  #linkPartial(id: NamespaceId, page: number): void {
    const u32 = this.#u32;
    const list = this.#namespaces.word(id) + NAMESPACE.partialPage;
    const next = u32[list]!;
    u32[(page << 10) + NEXT_PARTIAL] = next;
    u32[(page << 10) + PREV_PARTIAL] = 0;
    if (next !== 0) u32[(next << 10) + PREV_PARTIAL] = page;
    u32[list] = page;
  }

  #unlinkPartial(id: NamespaceId, page: number): void {
    const u32 = this.#u32;
    const next = u32[(page << 10) + NEXT_PARTIAL]!;
    const prev = u32[(page << 10) + PREV_PARTIAL]!;
    if (prev !== 0) u32[(prev << 10) + NEXT_PARTIAL] = next;
    else u32[this.#namespaces.word(id) + NAMESPACE.partialPage] = next;
    if (next !== 0) u32[(next << 10) + PREV_PARTIAL] = prev;
  }
}
