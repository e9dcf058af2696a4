/**
 * The arena: blocks of any size out of pages.
 *
 * Small blocks come from spans, runs of pages cut into equal blocks (Bonwick's slabs). A size class
 * for every 4 bytes up to 128, then sixteen to each doubling up to 32 KiB, so rounding up costs at
 * most 3 bytes or 6.25 %. Each span has a free list threaded through its free blocks and a count of live ones;
 * a span whose last block goes is given back whole. Larger blocks are runs of pages of their own.
 *
 * A block is named by its word, which is never 0; 0 stands for none. Blocks may be moved by who owns
 * the only reference to them (defrag.ts does), so a workload whose sizes drift cannot pin down
 * spans that are nearly empty.
 *
 * Cost: O(1); about five loads and stores each way.
 */
import { PAGE, PAGE_KIND } from "./pages.ts";
import type { Pages } from "./pages.ts";
import {
  PAGE_BYTES,
  PAGE_RECORD_WORDS,
  PAGE_SHIFT,
  PAGE_WORDS,
  SPAN_LISTS_AT,
  TOTAL,
  WORD_BYTES,
} from "./shard.ts";
import type { Shard } from "./shard.ts";

/** A word of the shard at which a block starts. */
export type BlockRef = number & { readonly unit: "block-ref" };
export const NO_BLOCK = 0 as BlockRef;

const FINE_BYTES_MAX = 128;
const FINE_CLASSES = FINE_BYTES_MAX / WORD_BYTES;
const CLASSES_PER_DOUBLING = 16;
const SMALL_BYTES_MAX = 32_768;
const CLASSES = FINE_CLASSES + CLASSES_PER_DOUBLING * 8;

/** Blocks of the index that are never moved have a class of their own. */
export const PINNED_CLASS = CLASSES;
export const PINNED_BYTES = 64;

const SPAN_PAGES_MIN = 16;
const SPAN_BLOCKS_MIN = 8;
/** A span may lose this share of itself to a rest that no block fits in. */
const SPAN_REST_MAX = 1 / 32;

export const CLASS_WORDS = new Uint32Array(CLASSES + 1);
export const CLASS_PAGES = new Uint32Array(CLASSES + 1);
export const CLASS_BLOCKS = new Uint32Array(CLASSES + 1);
for (let c = 0; c <= CLASSES; c++) {
  const bytes = c === PINNED_CLASS ? PINNED_BYTES : bytesOfClass(c);
  CLASS_WORDS[c] = bytes / WORD_BYTES;
  CLASS_PAGES[c] = spanPages(bytes);
  CLASS_BLOCKS[c] = Math.floor((CLASS_PAGES[c]! * PAGE_BYTES) / bytes);
}

/** What a block asked for at `bytes` takes, in bytes. */
export function blockBytes(bytes: number): number {
  if (bytes > SMALL_BYTES_MAX) return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  return CLASS_WORDS[classOf(bytes)]! * WORD_BYTES;
}

export class Arena {
  readonly #shard: Shard;
  readonly #u32: Uint32Array;
  readonly #f64: Float64Array;
  readonly #pages: Pages;
  readonly #pageTableAt: number;

  constructor(shard: Shard, pages: Pages) {
    this.#shard = shard;
    this.#u32 = shard.u32;
    this.#f64 = shard.f64;
    this.#pages = pages;
    this.#pageTableAt = shard.pageTableAt;
  }

  /** A block of at least `bytes`, or NO_BLOCK when no page is left. Its contents are undefined. */
  allocate(bytes: number): BlockRef {
    if (bytes > SMALL_BYTES_MAX) return this.#allocateLarge(bytes);
    return this.#allocateInClass(classOf(bytes));
  }

  /** A block of PINNED_BYTES that is never moved. */
  allocatePinned(): BlockRef {
    return this.#allocateInClass(PINNED_CLASS);
  }

  free(block: BlockRef): void {
    const u32 = this.#u32;
    const record = this.#recordOf(block);
    const kind = u32[record + PAGE.kind]!;
    if ((kind & 0xff) === PAGE_KIND.large) return this.#freeLarge(block, record);
    const sizeClass = kind >>> 8;
    const words = CLASS_WORDS[sizeClass]!;
    this.#f64[TOTAL.blockBytes]! -= words * WORD_BYTES;
    this.#f64[TOTAL.spanBlockBytes]! -= words * WORD_BYTES;
    const wasFull =
      u32[record + PAGE.free] === 0 && u32[record + PAGE.bump] === CLASS_BLOCKS[sizeClass];
    u32[block] = u32[record + PAGE.free]!;
    u32[record + PAGE.free] = block;
    const live = --u32[record + PAGE.live]!;
    if (wasFull) this.#link(record, sizeClass);
    // The last span of a class stays: a class that swings between 0 and 1 block must not thrash.
    else if (live === 0 && !this.#isOnly(record)) {
      this.#unlink(record, sizeClass);
      this.#releaseSpan(record, sizeClass);
    }
  }

  /** Bytes that the block takes. */
  sizeOf(block: BlockRef): number {
    const record = this.#recordOf(block);
    const kind = this.#u32[record + PAGE.kind]!;
    if ((kind & 0xff) === PAGE_KIND.large) return this.#u32[record + PAGE.length]! * PAGE_BYTES;
    return CLASS_WORDS[kind >>> 8]! * WORD_BYTES;
  }

  /** Whether a block asked for at `bytes` would be just as large as this one. */
  fits(block: BlockRef, bytes: number): boolean {
    return this.sizeOf(block) === blockBytes(bytes);
  }

  /** Bytes of live blocks. */
  get liveBytes(): number {
    return this.#f64[TOTAL.blockBytes]!;
  }

  /** Bytes of spans that hold no live block. */
  get freeInSpansBytes(): number {
    return this.#f64[TOTAL.spanBytes]! - this.#f64[TOTAL.spanBlockBytes]!;
  }

  get spanBytes(): number {
    return this.#f64[TOTAL.spanBytes]!;
  }

  /**
   * Whether the block lies in a span of which less than `share` is in use, and moving it would take
   * it elsewhere: the span that new blocks of this size come from next is never sparse.
   */
  isSparse(block: BlockRef, share: number): boolean {
    const record = this.#recordOf(block);
    const kind = this.#u32[record + PAGE.kind]!;
    if ((kind & 0xff) !== PAGE_KIND.span) return false;
    const sizeClass = kind >>> 8;
    if (this.#u32[record + PAGE.live]! >= CLASS_BLOCKS[sizeClass]! * share) return false;
    const serving = this.#u32[SPAN_LISTS_AT + sizeClass]!;
    return serving !== (record - this.#pageTableAt) / PAGE_RECORD_WORDS;
  }

  #allocateInClass(sizeClass: number): BlockRef {
    const u32 = this.#u32;
    const page = u32[SPAN_LISTS_AT + sizeClass]! || this.#newSpan(sizeClass);
    if (page === 0) return NO_BLOCK;
    const record = this.#pageTableAt + page * PAGE_RECORD_WORDS;
    const words = CLASS_WORDS[sizeClass]!;
    let block = u32[record + PAGE.free]!;
    if (block !== 0) u32[record + PAGE.free] = u32[block]!;
    else block = page * PAGE_WORDS + u32[record + PAGE.bump]!++ * words;
    u32[record + PAGE.live]!++;
    this.#f64[TOTAL.blockBytes]! += words * WORD_BYTES;
    this.#f64[TOTAL.spanBlockBytes]! += words * WORD_BYTES;
    const full =
      u32[record + PAGE.free] === 0 && u32[record + PAGE.bump] === CLASS_BLOCKS[sizeClass];
    if (full) this.#unlink(record, sizeClass);
    return block as BlockRef;
  }

  #allocateLarge(bytes: number): BlockRef {
    const length = Math.ceil(bytes / PAGE_BYTES);
    const page = this.#pages.allocate(length, PAGE_KIND.large);
    if (page === 0) return NO_BLOCK;
    this.#f64[TOTAL.blockBytes]! += length * PAGE_BYTES;
    this.#f64[TOTAL.largeBytes]! += length * PAGE_BYTES;
    return (page * PAGE_WORDS) as BlockRef;
  }

  #freeLarge(block: BlockRef, record: number): void {
    const bytes = this.#u32[record + PAGE.length]! * PAGE_BYTES;
    this.#f64[TOTAL.blockBytes]! -= bytes;
    this.#f64[TOTAL.largeBytes]! -= bytes;
    this.#pages.release(block >>> PAGE_SHIFT);
  }

  #newSpan(sizeClass: number): number {
    const length = CLASS_PAGES[sizeClass]!;
    const page = this.#pages.allocate(length, PAGE_KIND.span | (sizeClass << 8));
    if (page === 0) return 0;
    for (let inner = 1; inner < length; inner++) {
      const at = this.#shard.pageRecord(page + inner);
      this.#u32[at + PAGE.kind] = INNER_KIND;
      this.#u32[at + PAGE.head] = page;
    }
    this.#f64[TOTAL.spanBytes]! += length * PAGE_BYTES;
    this.#link(this.#shard.pageRecord(page), sizeClass);
    return page;
  }

  #releaseSpan(record: number, sizeClass: number): void {
    const length = CLASS_PAGES[sizeClass]!;
    this.#f64[TOTAL.spanBytes]! -= length * PAGE_BYTES;
    for (let inner = 1; inner < length; inner++) {
      this.#u32[record + inner * PAGE_RECORD_WORDS + PAGE.kind] = PAGE_KIND.none;
    }
    this.#pages.release((record - this.#pageTableAt) / PAGE_RECORD_WORDS);
  }

  /** The record of the span or large run that the block is in. */
  #recordOf(block: BlockRef): number {
    const page = block >>> PAGE_SHIFT;
    const record = this.#pageTableAt + page * PAGE_RECORD_WORDS;
    if (this.#u32[record + PAGE.kind] !== INNER_KIND) return record;
    return this.#pageTableAt + this.#u32[record + PAGE.head]! * PAGE_RECORD_WORDS;
  }

  #isOnly(record: number): boolean {
    return this.#u32[record + PAGE.next] === 0 && this.#u32[record + PAGE.prev] === 0;
  }

  #link(record: number, sizeClass: number): void {
    const u32 = this.#u32;
    const list = SPAN_LISTS_AT + sizeClass;
    const page = (record - this.#pageTableAt) / PAGE_RECORD_WORDS;
    const next = u32[list]!;
    u32[record + PAGE.next] = next;
    u32[record + PAGE.prev] = 0;
    if (next !== 0) u32[this.#shard.pageRecord(next) + PAGE.prev] = page;
    u32[list] = page;
  }

  #unlink(record: number, sizeClass: number): void {
    const u32 = this.#u32;
    const next = u32[record + PAGE.next]!;
    const prev = u32[record + PAGE.prev]!;
    if (prev === 0) u32[SPAN_LISTS_AT + sizeClass] = next;
    else u32[this.#shard.pageRecord(prev) + PAGE.next] = next;
    if (next !== 0) u32[this.#shard.pageRecord(next) + PAGE.prev] = prev;
    u32[record + PAGE.next] = 0;
    u32[record + PAGE.prev] = 0;
  }
}

/** Kind of a page inside a span; its record names the first page. */
export const INNER_KIND = 0xff;

function classOf(bytes: number): number {
  if (bytes <= FINE_BYTES_MAX) return (bytes - 1) >> 2;
  const e = 31 - Math.clz32(bytes - 1);
  return FINE_CLASSES + (e - 7) * CLASSES_PER_DOUBLING + ((bytes - 1 - (1 << e)) >> (e - 4));
}

function bytesOfClass(sizeClass: number): number {
  if (sizeClass < FINE_CLASSES) return (sizeClass + 1) * WORD_BYTES;
  const coarse = sizeClass - FINE_CLASSES;
  const e = 7 + Math.floor(coarse / CLASSES_PER_DOUBLING);
  return (1 << e) + ((coarse % CLASSES_PER_DOUBLING) + 1) * (1 << (e - 4));
}

function spanPages(bytes: number): number {
  let pages = Math.max(SPAN_PAGES_MIN, Math.ceil((bytes * SPAN_BLOCKS_MIN) / PAGE_BYTES));
  while (((pages * PAGE_BYTES) % bytes) / (pages * PAGE_BYTES) > SPAN_REST_MAX) pages++;
  return pages;
}
