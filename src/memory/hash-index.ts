/**
 * The index: from the hash of a key to its slot, by linear hashing (Litwin, 1980).
 *
 * A bucket is one cache line: fifteen places and a link. An entry is 4 bits of the hash (the tag)
 * and the 28 bits of a slot's number, so a lookup mostly reads one line and then the slot it wants.
 * The hash also names the place where the entry goes if that is free, else it goes to the next free
 * one: so most lookups find theirs at the first look, which costs the processor no mispredicted
 * branch at the very moment when it waits for memory (filled from the left, a third slower).
 *
 * The table of buckets grows one bucket at a time: at every seventh or eighth insert the bucket at
 * the split pointer is divided between itself and a new one at the end. There is never a second
 * table, a rehash, or a pause, and shrinking is the same in reverse. Buckets that are not yet
 * divided in a round hold up to twice as many entries as those that are; what does not fit goes to
 * overflow buckets chained by the link.
 *
 *   Bucket := (tag:4 | slot:28)[15] | overflow:u32      0 is a free place
 *   hash   := tag:4 | home:4 | bucket:24
 *
 * Buckets lie in segments of 64 KiB found through a fixed directory. At 7.5 entries to a bucket the
 * index takes 8.5 bytes an entry.
 *
 * Cost: lookup one bucket (1.1 on average) and one slot; insert the same and an eighth of a split,
 * which reads some fifteen hashes from slots and rewrites two lines.
 */
import { assert } from "../base/assert.ts";
import { NO_BLOCK, PINNED_BYTES } from "./arena.ts";
import type { Arena, BlockRef } from "./arena.ts";
import { PAGE_KIND } from "./pages.ts";
import type { Pages } from "./pages.ts";
import { COUNTER, INDEX_SEGMENTS_MAX, PAGE_BYTES, PAGE_SHIFT, PAGE_WORDS } from "./shard.ts";
import type { Shard } from "./shard.ts";
import { SLOT, SLOT_BITS, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

const BUCKET_WORDS = 16;
const BUCKET_BYTES = BUCKET_WORDS * 4;
/** Entries in a bucket; the word behind them is the link to an overflow bucket. */
export const BUCKET_ENTRIES = 15;
export const OVERFLOW = BUCKET_WORDS - 1;
const SEGMENT_BUCKETS = 1024;
const SEGMENT_SHIFT = 10;
const SEGMENT_PAGES = (SEGMENT_BUCKETS * BUCKET_BYTES) / PAGE_BYTES;
export const SLOT_MASK = 2 ** SLOT_BITS - 1;
const INITIAL_LEVEL = 6;
/** Entries to a bucket above which the table grows, below which it shrinks; doubled, to stay whole. */
const GROW_LOAD_X2 = 15;
const SHRINK_LOAD_X2 = 5;
const BUCKETS_MAX = INDEX_SEGMENTS_MAX * SEGMENT_BUCKETS;

/** Bytes that one insert may add to the index: a bucket and two overflow buckets. */
export const INDEX_STEP_BYTES = BUCKET_BYTES + 2 * PINNED_BYTES;

/** The place in its bucket where an entry of this hash goes when it is free, 0 to 14. */
export function homeOf(hash: number): number {
  return (((hash >>> 24) & 15) * BUCKET_ENTRIES) >>> 4;
}

function entryOf(hash: number, slot: SlotRef): number {
  return ((hash & 0xf0000000) | slot) >>> 0;
}

export class HashIndex {
  readonly #u32: Uint32Array;
  readonly #pages: Pages;
  readonly #arena: Arena;
  readonly #directoryAt: number;
  /** An overflow bucket kept ready, so that an insert that was promised room can't fail. */
  #spare: BlockRef = NO_BLOCK;
  /** Entries of a bucket while it is divided; scratch, it means nothing between calls. */
  #moving = new Uint32Array(256);

  constructor(shard: Shard, pages: Pages, arena: Arena) {
    this.#u32 = shard.u32;
    this.#pages = pages;
    this.#arena = arena;
    this.#directoryAt = shard.indexDirectoryAt;
    this.#u32[COUNTER.indexLevel] = INITIAL_LEVEL;
    this.#addSegment(0);
  }

  get count(): number {
    return this.#u32[COUNTER.indexCount]!;
  }

  get buckets(): number {
    return (1 << this.#u32[COUNTER.indexLevel]!) + this.#u32[COUNTER.indexSplit]!;
  }

  /** Bytes of buckets in use. */
  get bytes(): number {
    return this.buckets * BUCKET_BYTES;
  }

  /**
   * Makes the buckets for so many entries at once, if the index is empty and there are pages for
   * them: for a load, which then divides none.
   */
  presize(entries: number): void {
    const wanted = Math.ceil((entries * 2) / GROW_LOAD_X2);
    if (this.count > 0 || this.buckets > SEGMENT_BUCKETS || wanted <= this.buckets) return;
    const buckets = Math.min(wanted, BUCKETS_MAX);
    const segments = Math.ceil(buckets / SEGMENT_BUCKETS);
    let have = 1;
    while (have < segments && this.#addSegment(have * SEGMENT_BUCKETS)) have++;
    const usable = Math.min(buckets, have * SEGMENT_BUCKETS);
    const level = 31 - Math.clz32(usable);
    this.#u32[COUNTER.indexLevel] = level;
    this.#u32[COUNTER.indexSplit] = usable - (1 << level);
  }

  /** Gives back the buckets that were made for more entries than came. */
  trim(): void {
    for (let had = Infinity; this.buckets < had;) {
      had = this.buckets;
      if (this.count * 2 <= (had - 1) * GROW_LOAD_X2) this.#merge();
    }
  }

  /**
   * Reads the buckets of the first `count` hashes for nothing but to have them in the cache. Nothing
   * waits for what is read, so the processor asks the memory for many at a time, where inserts would
   * ask for one after the other. Returns what no compiler can know, so that none leaves the reading
   * out.
   */
  fetch(hashes: Int32Array, count: number): number {
    const u32 = this.#u32;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= u32[this.bucketOf(hashes[i]!)]!;
    return sum;
  }

  /** The same for the slots in these buckets that `find` would look at. */
  fetchSlots(hashes: Int32Array, count: number): number {
    const u32 = this.#u32;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      const bucket = this.bucketOf(hash);
      const tag = hash >>> 28;
      for (let place = 0; place < BUCKET_ENTRIES; place++) {
        const word = u32[bucket + place]!;
        if (word >>> 28 !== tag || word === 0) continue;
        sum ^= u32[slotWord((word & SLOT_MASK) as SlotRef) + SLOT.hash]!;
      }
    }
    return sum;
  }

  /** First word of the bucket that entries of this hash are in. */
  bucketOf(hash: number): number {
    const low = (1 << this.#u32[COUNTER.indexLevel]!) - 1;
    let bucket = hash & low;
    if (bucket < this.#u32[COUNTER.indexSplit]!) bucket = hash & (low * 2 + 1);
    return this.#word(bucket);
  }

  /** First word of the bucket of that number, below `buckets`. */
  bucketAt(bucket: number): number {
    return this.#word(bucket);
  }

  /** Makes sure that the next `insert` finds room; false when there is no page left. */
  ensureRoom(): boolean {
    if (this.#spare === NO_BLOCK) this.#spare = this.#arena.allocatePinned();
    return this.#spare !== NO_BLOCK;
  }

  /** Makes sure that the next `count` inserts find room, if nothing else is allocated between. */
  ensureRoomFor(count: number): boolean {
    const blocks: BlockRef[] = [];
    while (blocks.length < count) {
      const block = this.#arena.allocatePinned();
      if (block === NO_BLOCK) break;
      blocks.push(block);
    }
    for (const block of blocks) this.#arena.free(block);
    return blocks.length === count && this.ensureRoom();
  }

  /** Adds an entry that is not there yet; `ensureRoom` must have said yes. */
  insert(hash: number, slot: SlotRef): void {
    this.#append(this.bucketOf(hash), hash, slot);
    const count = ++this.#u32[COUNTER.indexCount]!;
    if (count * 2 > this.buckets * GROW_LOAD_X2) this.#split();
  }

  /** Removes the entry of a slot; its hash must be the one it was inserted with. */
  remove(hash: number, slot: SlotRef): void {
    const u32 = this.#u32;
    const word = entryOf(hash, slot);
    const first = this.bucketOf(hash);
    let bucket = first;
    let place = this.#placeOf(bucket, word);
    while (place < 0) {
      bucket = u32[bucket + OVERFLOW]!;
      assert(bucket !== 0, "what is removed is in the index");
      place = this.#placeOf(bucket, word);
    }
    u32[bucket + place] = 0;
    if (u32[first + OVERFLOW] !== 0) this.#shortenChain(first);
    const count = --u32[COUNTER.indexCount]!;
    if (count * 2 < this.buckets * SHRINK_LOAD_X2) this.#merge();
  }

  /** Calls `visit` with every slot in the index; for checks. */
  forEach(visit: (slot: SlotRef, hash: number) => void): void {
    for (let b = 0; b < this.buckets; b++) {
      const n = this.#gather(this.#word(b));
      for (let i = 0; i < n; i++) {
        const slot = (this.#moving[i]! & SLOT_MASK) as SlotRef;
        visit(slot, this.#u32[slotWord(slot) + SLOT.hash]!);
      }
    }
  }

  #word(bucket: number): number {
    const segment = this.#u32[this.#directoryAt + (bucket >>> SEGMENT_SHIFT)]!;
    return segment + (bucket & (SEGMENT_BUCKETS - 1)) * BUCKET_WORDS;
  }

  #placeOf(bucket: number, word: number): number {
    for (let i = 0; i < BUCKET_ENTRIES; i++) if (this.#u32[bucket + i] === word) return i;
    return -1;
  }

  /** Puts the entries of a chain in again, which gives back the buckets that it can do without. */
  #shortenChain(first: number): void {
    const n = this.#empty(first);
    for (let i = 0; i < n; i++) this.#appendMoving(first, i);
  }

  #append(first: number, hash: number, slot: SlotRef): void {
    const u32 = this.#u32;
    const word = entryOf(hash, slot);
    let place = homeOf(hash);
    for (let bucket = first; ; bucket = u32[bucket + OVERFLOW]!) {
      for (let i = 0; i < BUCKET_ENTRIES; i++) {
        if (u32[bucket + place] === 0) {
          u32[bucket + place] = word;
          return;
        }
        place = place === BUCKET_ENTRIES - 1 ? 0 : place + 1;
      }
      if (u32[bucket + OVERFLOW] === 0) u32[bucket + OVERFLOW] = this.#takeOverflow();
    }
  }

  #appendMoving(first: number, i: number): void {
    const slot = (this.#moving[i]! & SLOT_MASK) as SlotRef;
    this.#append(first, this.#u32[slotWord(slot) + SLOT.hash]!, slot);
  }

  #takeOverflow(): number {
    let block = this.#arena.allocatePinned();
    if (block === NO_BLOCK) {
      block = this.#spare;
      this.#spare = NO_BLOCK;
      assert(block !== NO_BLOCK, "room in the index was promised");
    }
    this.#u32.fill(0, block, block + BUCKET_WORDS);
    this.#u32[COUNTER.overflowBuckets]!++;
    return block;
  }

  #freeOverflow(bucket: number): void {
    this.#u32[COUNTER.overflowBuckets]!--;
    this.#arena.free(bucket as BlockRef);
  }

  /** Divides the bucket at the split pointer; does nothing when there is no page for a new one. */
  #split(): void {
    const u32 = this.#u32;
    const level = u32[COUNTER.indexLevel]!;
    const from = u32[COUNTER.indexSplit]!;
    const to = from + 2 ** level;
    if (to >= BUCKETS_MAX || !this.ensureRoom()) return;
    if (to % SEGMENT_BUCKETS === 0 && !this.#addSegment(to)) return;
    const n = this.#empty(this.#word(from));
    const moving = this.#moving;
    // First all the loads, which the processor can have under way together, then the branches.
    for (let i = 0; i < n; i++) {
      moving[n + i] = u32[slotWord((moving[i]! & SLOT_MASK) as SlotRef) + SLOT.hash]!;
    }
    const low = this.#word(from);
    const high = this.#word(to);
    for (let i = 0; i < n; i++) {
      const hash = moving[n + i]!;
      const bucket = ((hash >>> level) & 1) === 0 ? low : high;
      this.#append(bucket, hash, (moving[i]! & SLOT_MASK) as SlotRef);
    }
    const done = from + 1 === 2 ** level;
    u32[COUNTER.indexSplit] = done ? 0 : from + 1;
    if (done) u32[COUNTER.indexLevel] = level + 1;
  }

  /** Undoes the last split. */
  #merge(): void {
    const u32 = this.#u32;
    let level = u32[COUNTER.indexLevel]!;
    let split = u32[COUNTER.indexSplit]!;
    if ((level === INITIAL_LEVEL && split === 0) || !this.ensureRoom()) return;
    if (split === 0) {
      level--;
      split = 2 ** level;
    }
    split--;
    const last = split + 2 ** level;
    const n = this.#empty(this.#word(last));
    const into = this.#word(split);
    u32[COUNTER.indexLevel] = level;
    u32[COUNTER.indexSplit] = split;
    for (let i = 0; i < n; i++) this.#appendMoving(into, i);
    if (last % SEGMENT_BUCKETS === 0) {
      const at = this.#directoryAt + (last >>> SEGMENT_SHIFT);
      this.#pages.release(u32[at]! >>> PAGE_SHIFT);
      u32[at] = 0;
    }
  }

  /** Copies the entries of a chain to `#moving`, which is made to hold twice as many. */
  #gather(first: number): number {
    const u32 = this.#u32;
    let n = 0;
    for (let bucket = first; bucket !== 0; bucket = u32[bucket + OVERFLOW]!) {
      if ((n + OVERFLOW) * 2 > this.#moving.length) {
        const larger = new Uint32Array(this.#moving.length * 2);
        larger.set(this.#moving);
        this.#moving = larger;
      }
      for (let i = 0; i < BUCKET_ENTRIES; i++) {
        const word = u32[bucket + i]!;
        if (word !== 0) this.#moving[n++] = word;
      }
    }
    return n;
  }

  /** The same, and leaves the chain empty. */
  #empty(first: number): number {
    const n = this.#gather(first);
    let overflow = this.#u32[first + OVERFLOW]!;
    while (overflow !== 0) {
      const next = this.#u32[overflow + OVERFLOW]!;
      this.#freeOverflow(overflow);
      overflow = next;
    }
    this.#u32.fill(0, first, first + BUCKET_WORDS);
    return n;
  }

  #addSegment(bucket: number): boolean {
    const page = this.#pages.allocate(SEGMENT_PAGES, PAGE_KIND.index);
    if (page === 0) return false;
    const at = page * PAGE_WORDS;
    this.#u32.fill(0, at, at + SEGMENT_PAGES * PAGE_WORDS);
    this.#u32[this.#directoryAt + (bucket >>> SEGMENT_SHIFT)] = at;
    return true;
  }
}
