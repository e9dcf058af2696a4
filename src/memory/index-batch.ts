/**
 * Entries that the index is to take up together: for a load of many that are all new.
 *
 * Their buckets lie at random in an index that is larger than any cache and than what the processor
 * remembers of the page tables, so each insert on its own waits for both. Here they are collected,
 * sorted by the part of the index that they belong to (one pass of a radix sort), and inserted part
 * by part: each part fits into a cache near the processor, and into few pages.
 *
 * Until `settle` nothing that is collected can be found or removed.
 */
import type { HashIndex } from "./hash-index.ts";
import type { SlotRef } from "./slots.ts";

/** 4 bytes each for the hash and the slot, twice while they are sorted: 8 MiB in all. */
const ENTRIES_MAX = 2 ** 19;
/** Parts of the index: each has 16 of its buckets at least, and of five million entries 2,600. */
const PART_BITS = 8;
const PARTS = 2 ** PART_BITS;
/** Fewer are not worth sorting. */
const SORTED_MIN = 4096;
const NO_HASHES = new Int32Array(0);
const NO_SLOTS = new Uint32Array(0);
/** Buckets that are fetched together. */
const FETCHED = 32;

export class IndexBatch {
  readonly #index: HashIndex;
  #count = 0;
  #hashes = NO_HASHES;
  #slots = NO_SLOTS;
  #sortedHashes = NO_HASHES;
  #sortedSlots = NO_SLOTS;
  readonly #group = new Int32Array(FETCHED);
  #fetched = 0;

  constructor(index: HashIndex) {
    this.#index = index;
  }

  /** How many were added since it was settled. */
  get count(): number {
    return this.#count;
  }

  /** How many more can be added before it must be settled. */
  get room(): number {
    return ENTRIES_MAX - this.#count;
  }

  /** Of no meaning; it only makes fetching have an effect. */
  get fetched(): number {
    return this.#fetched;
  }

  add(hash: number, slot: SlotRef): void {
    if (this.#count === this.#hashes.length) this.#grow();
    this.#hashes[this.#count] = hash;
    this.#slots[this.#count++] = slot;
  }

  /** Lets go of the memory that it has used. */
  release(): void {
    this.#hashes = NO_HASHES;
    this.#slots = NO_SLOTS;
    this.#sortedHashes = NO_HASHES;
    this.#sortedSlots = NO_SLOTS;
  }

  /** Inserts all of them; false when there is no page left for the index. */
  settle(): boolean {
    const count = this.#count;
    this.#count = 0;
    if (count < SORTED_MIN) return this.#insert(this.#hashes, this.#slots, count);
    this.#sort(count);
    return this.#insert(this.#sortedHashes, this.#sortedSlots, count);
  }

  #insert(hashes: Int32Array, slots: Uint32Array, count: number): boolean {
    const index = this.#index;
    const group = this.#group;
    for (let from = 0; from < count; from += FETCHED) {
      const to = Math.min(count, from + FETCHED);
      for (let i = from; i < to; i++) group[i - from] = hashes[i]!;
      this.#fetched ^= index.fetch(group, to - from);
      for (let i = from; i < to; i++) {
        if (!index.ensureRoom()) return false;
        index.insert(hashes[i]!, slots[i]! as SlotRef);
      }
    }
    return true;
  }

  #sort(count: number): void {
    const hashes = this.#hashes;
    const slots = this.#slots;
    const shift = Math.max(0, 31 - Math.clz32(this.#index.buckets) - PART_BITS);
    const ends = new Int32Array(PARTS + 1);
    for (let i = 0; i < count; i++) ends[((hashes[i]! >>> shift) & (PARTS - 1)) + 1]!++;
    for (let part = 0; part < PARTS; part++) ends[part + 1]! += ends[part]!;
    if (this.#sortedHashes.length < count) {
      this.#sortedHashes = new Int32Array(hashes.length);
      this.#sortedSlots = new Uint32Array(hashes.length);
    }
    for (let i = 0; i < count; i++) {
      const at = ends[(hashes[i]! >>> shift) & (PARTS - 1)]!++;
      this.#sortedHashes[at] = hashes[i]!;
      this.#sortedSlots[at] = slots[i]!;
    }
  }

  #grow(): void {
    const length = Math.max(SORTED_MIN, this.#hashes.length * 2);
    const hashes = new Int32Array(length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const slots = new Uint32Array(length);
    slots.set(this.#slots);
    this.#slots = slots;
  }
}
