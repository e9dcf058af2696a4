/**
 * A shard: the one stretch of memory that holds a whole table.
 *
 * It is a SharedArrayBuffer of fixed size, reserved at the start; the operating system commits its
 * pages as they are first touched. Everything that describes the data is at an offset in it, and
 * nothing outside it is needed to make sense of it: so the garbage collector never looks at the
 * data, memory is counted to the byte, and another thread could map the same table.
 *
 *   Shard := header | namespaces | page table | index directory | pages ...
 *
 * Addresses come in two units. A *word* is an index into `u32` (4 bytes; below 2^30, so V8 keeps it
 * a small integer even at 4 GiB). A *page* is 4096 bytes, numbered from the start of the shard.
 */

export const WORD_BYTES = 4;
export const PAGE_BYTES = 4096;
export const PAGE_WORDS = PAGE_BYTES / WORD_BYTES;
/** word >>> PAGE_SHIFT is the number of the page that the word is in. */
export const PAGE_SHIFT = 10;

/** No shard is larger: 32-bit offsets reach no further, and neither does a view on Node 20. */
export const SHARD_BYTES_MAX = 2 ** 32 - PAGE_BYTES;

// The header, in words. Each part says how many words it takes.
const HEADER_AT = 0;
/** Counters of the parts, one word each; see the constants named *_COUNTER below. */
const COUNTERS = 32;
const TOTALS_AT = HEADER_AT + COUNTERS;
/** Sums that may pass 2^32, one double each (two words). */
const TOTALS = 16;
export const RUN_BINS = 96;
export const RUN_BINS_AT = TOTALS_AT + TOTALS * 2;
export const SPAN_LISTS = 176;
export const SPAN_LISTS_AT = RUN_BINS_AT + RUN_BINS;
export const WHEEL_LEVELS = 8;
/** A list of a level spans as many of the level below. */
export const WHEEL_TURN = 64;
/** Lists of a level: this turn of it and the next. */
export const WHEEL_LISTS = 2 * WHEEL_TURN;
export const WHEEL_AT = SPAN_LISTS_AT + SPAN_LISTS;
const WHEEL_WORDS = WHEEL_LEVELS * WHEEL_LISTS + WHEEL_LEVELS;
const HEADER_WORDS = WHEEL_AT + WHEEL_WORDS;

export const COUNTER = {
  pagesTop: HEADER_AT,
  pagesUsed: HEADER_AT + 1,
  indexLevel: HEADER_AT + 2,
  indexSplit: HEADER_AT + 3,
  indexCount: HEADER_AT + 4,
  overflowBuckets: HEADER_AT + 5,
  slotPages: HEADER_AT + 6,
  deadlines: HEADER_AT + 7,
  namespacesTop: HEADER_AT + 8,
  dyingNamespaces: HEADER_AT + 9,
  seed0: HEADER_AT + 10,
  seed1: HEADER_AT + 11,
  richestNamespace: HEADER_AT + 12,
  richestCursor: HEADER_AT + 13,
  firstUnusedNamespace: HEADER_AT + 14,
  firstDyingNamespace: HEADER_AT + 15,
  emptyCursor: HEADER_AT + 16,
  emptyNamespaces: HEADER_AT + 17,
} as const;

/** Indexes into `f64`. */
export const TOTAL = {
  blockBytes: TOTALS_AT / 2,
  spanBytes: TOTALS_AT / 2 + 1,
  largeBytes: TOTALS_AT / 2 + 2,
  spanBlockBytes: TOTALS_AT / 2 + 3,
  wheelTick: TOTALS_AT / 2 + 4,
} as const;

/** One record a namespace; its fields are in namespaces.ts. */
export const NAMESPACE_WORDS = 64;
/** One record a page; its fields are in pages.ts. */
export const PAGE_RECORD_WORDS = 8;
/** Segments of the index that the directory has room for: 2^24 buckets. */
export const INDEX_SEGMENTS_MAX = 16_384;

export interface ShardOptions {
  /** Bytes of pages wanted, beside the fixed parts; cut to what a shard can hold. */
  readonly pageBytes: number;
  /** Namespaces that may exist at the same time, 1 to 65,534. */
  readonly namespacesMax: number;
}

export class Shard {
  readonly memory: SharedArrayBuffer;
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  /** The same bytes again, as a Buffer, for its native string conversions. */
  readonly bytes: Buffer;
  readonly namespacesMax: number;
  /** Word of the record of namespace 0, which is never used. */
  readonly namespacesAt: number;
  /** Word of the record of page 0. */
  readonly pageTableAt: number;
  readonly indexDirectoryAt: number;
  readonly firstPage: number;
  readonly endPage: number;

  constructor(options: ShardOptions) {
    this.namespacesMax = options.namespacesMax;
    this.namespacesAt = roundUp(HEADER_WORDS, NAMESPACE_WORDS);
    this.indexDirectoryAt = this.namespacesAt + (options.namespacesMax + 1) * NAMESPACE_WORDS;
    this.pageTableAt = this.indexDirectoryAt + INDEX_SEGMENTS_MAX;
    const pagesWanted = Math.ceil(options.pageBytes / PAGE_BYTES);
    const fixedPages = (pages: number): number =>
      Math.ceil((this.pageTableAt + pages * PAGE_RECORD_WORDS) / PAGE_WORDS);
    const wanted = pagesWanted + fixedPages(pagesWanted + fixedPages(pagesWanted) + 8);
    this.endPage = Math.min(wanted, SHARD_BYTES_MAX / PAGE_BYTES);
    this.firstPage = fixedPages(this.endPage);
    this.memory = new SharedArrayBuffer(this.endPage * PAGE_BYTES);
    this.u8 = new Uint8Array(this.memory);
    this.u32 = new Uint32Array(this.memory);
    this.f64 = new Float64Array(this.memory);
    this.bytes = Buffer.from(this.memory);
    this.u32[COUNTER.pagesTop] = this.firstPage;
  }

  /** Word of the record of a page. */
  pageRecord(page: number): number {
    return this.pageTableAt + page * PAGE_RECORD_WORDS;
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
