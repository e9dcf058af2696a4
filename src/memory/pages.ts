/**
 * The page heap: runs of 4 KiB pages, given out and taken back.
 *
 * Free runs are kept in bins by length: one bin for each length up to 64 pages, beyond that one for
 * each power of two. A run is taken from the smallest bin that can serve, split, and the rest goes
 * back; what is freed joins its free neighbours at once, found through the page table (boundary
 * tags: the first and the last page of a free run know its length). Pages never touched lie above a
 * frontier, so a table that is small stays small. This is the page heap of TCMalloc (Ghemawat and
 * Menage), with Knuth's boundary tags.
 *
 * Cost: a bounded walk over the bins, paid once for a whole span of blocks.
 */
import { assert } from "../base/assert.ts";
import { COUNTER, PAGE_RECORD_WORDS, RUN_BINS, RUN_BINS_AT } from "./shard.ts";
import type { Shard } from "./shard.ts";

/** Fields of a page's record. What a field means depends on the kind of the page. */
export const PAGE = {
  /** PAGE_KIND in the low byte; for a span, its size class above. */
  kind: 0,
  /** Inner page of a span: the span's first page. */
  head: 1,
  /** Blocks or slots in use. */
  live: 2,
  /** First free block or slot, 0 when there is none. */
  free: 3,
  /** Blocks or slots ever given out; what is above was never touched. */
  bump: 4,
  next: 5,
  prev: 6,
  /** Length of the run that starts here; on the last page of a free run as well. */
  length: 7,
} as const;

export const PAGE_KIND = { none: 0, free: 1, span: 2, large: 3, slots: 4, index: 5 } as const;

const EXACT_BINS = 64;
/** Runs looked at in one bin of unequal lengths before a larger bin is taken. */
const BIN_SEARCH_MAX = 64;

export class Pages {
  readonly #shard: Shard;
  readonly #u32: Uint32Array;

  constructor(shard: Shard) {
    this.#shard = shard;
    this.#u32 = shard.u32;
  }

  /** Pages given out. */
  get used(): number {
    return this.#u32[COUNTER.pagesUsed]!;
  }

  /** Pages there are. */
  get total(): number {
    return this.#shard.endPage - this.#shard.firstPage;
  }

  /** The first page of a run of `length` pages, or 0 when there is none. */
  allocate(length: number, kind: number): number {
    const page = this.#takeFree(length) || this.#takeUntouched(length);
    if (page === 0) return 0;
    const at = this.#shard.pageRecord(page);
    this.#u32.fill(0, at, at + PAGE_RECORD_WORDS);
    this.#u32[at + PAGE.kind] = kind;
    this.#u32[at + PAGE.length] = length;
    this.#u32[COUNTER.pagesUsed]! += length;
    return page;
  }

  /** Takes back a whole run as it was given out. */
  release(page: number): void {
    const length = this.#u32[this.#shard.pageRecord(page) + PAGE.length]!;
    this.#u32[COUNTER.pagesUsed]! -= length;
    let first = page;
    let end = page + length;
    const before = this.#shard.pageRecord(page - 1);
    if (page > this.#shard.firstPage && this.#u32[before + PAGE.kind] === PAGE_KIND.free) {
      first = page - this.#u32[before + PAGE.length]!;
      this.#unlink(first);
    }
    const after = this.#shard.pageRecord(end);
    if (end < this.#u32[COUNTER.pagesTop]! && this.#u32[after + PAGE.kind] === PAGE_KIND.free) {
      this.#unlink(end);
      end += this.#u32[after + PAGE.length]!;
    }
    if (end === this.#u32[COUNTER.pagesTop]) this.#u32[COUNTER.pagesTop] = first;
    else this.#link(first, end - first);
  }

  #takeUntouched(length: number): number {
    const page = this.#u32[COUNTER.pagesTop]!;
    if (page + length > this.#shard.endPage) return 0;
    this.#u32[COUNTER.pagesTop] = page + length;
    return page;
  }

  #takeFree(length: number): number {
    for (let bin = binOf(length); bin < RUN_BINS; bin++) {
      const page = this.#fitIn(bin, length);
      if (page === 0) continue;
      const found = this.#u32[this.#shard.pageRecord(page) + PAGE.length]!;
      this.#unlink(page);
      if (found > length) this.#link(page + length, found - length);
      return page;
    }
    return 0;
  }

  #fitIn(bin: number, length: number): number {
    let page = this.#u32[RUN_BINS_AT + bin]!;
    for (let looked = 0; page !== 0 && looked < BIN_SEARCH_MAX; looked++) {
      const at = this.#shard.pageRecord(page);
      if (this.#u32[at + PAGE.length]! >= length) return page;
      page = this.#u32[at + PAGE.next]!;
    }
    return 0;
  }

  #link(page: number, length: number): void {
    const u32 = this.#u32;
    const last = this.#shard.pageRecord(page + length - 1);
    u32[last + PAGE.kind] = PAGE_KIND.free;
    u32[last + PAGE.length] = length;
    const at = this.#shard.pageRecord(page);
    const bin = RUN_BINS_AT + binOf(length);
    const next = u32[bin]!;
    u32[at + PAGE.kind] = PAGE_KIND.free;
    u32[at + PAGE.length] = length;
    u32[at + PAGE.prev] = 0;
    u32[at + PAGE.next] = next;
    if (next !== 0) u32[this.#shard.pageRecord(next) + PAGE.prev] = page;
    u32[bin] = page;
  }

  #unlink(page: number): void {
    const u32 = this.#u32;
    const at = this.#shard.pageRecord(page);
    assert(u32[at + PAGE.kind] === PAGE_KIND.free, "only a free run is in a bin");
    const length = u32[at + PAGE.length]!;
    const prev = u32[at + PAGE.prev]!;
    const next = u32[at + PAGE.next]!;
    if (prev === 0) u32[RUN_BINS_AT + binOf(length)] = next;
    else u32[this.#shard.pageRecord(prev) + PAGE.next] = next;
    if (next !== 0) u32[this.#shard.pageRecord(next) + PAGE.prev] = prev;
    u32[at + PAGE.kind] = PAGE_KIND.none;
    u32[this.#shard.pageRecord(page + length - 1) + PAGE.kind] = PAGE_KIND.none;
  }
}

function binOf(length: number): number {
  return length <= EXACT_BINS ? length : EXACT_BINS + (31 - Math.clz32(length)) - 5;
}
