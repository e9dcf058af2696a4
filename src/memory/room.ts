/**
 * Making room: everything about a write that can fail.
 *
 * Three limits are met here: the bytes of the whole table, the keys of a namespace, and the pages of
 * the shard. Room is made by giving back what cleared namespaces held, by evicting, and, when there
 * is memory but no page, by moving blocks together. A caller that has its block can't be refused any
 * more, so it may log what it is about to do.
 */
import { NO_BLOCK, blockBytes } from "./arena.ts";
import type { Arena, BlockRef } from "./arena.ts";
import type { Defragmenter } from "./defrag.ts";
import { noEviction } from "./eviction.ts";
import type { EvictionStrategy } from "./eviction.ts";
import { INDEX_STEP_BYTES } from "./hash-index.ts";
import type { HashIndex } from "./hash-index.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import type { Richest } from "./richest.ts";
import { COUNTER, PAGE_BYTES } from "./shard.ts";
import type { Shard } from "./shard.ts";
import { NO_SLOT, SLOTS_PER_PAGE, slotWord } from "./slots.ts";
import type { SlotRef, Slots } from "./slots.ts";

/** Told each victim before it goes, and removes it; false stops the search for more. */
export type Evict = (victim: SlotRef) => boolean;

export interface RoomParts {
  readonly shard: Shard;
  readonly arena: Arena;
  readonly slots: Slots;
  readonly index: HashIndex;
  readonly namespaces: Namespaces;
  readonly eviction: EvictionStrategy;
  readonly richest: Richest;
  readonly defrag: Defragmenter;
  /** Gives back up to so many entries of cleared namespaces; returns how many it did. */
  readonly reap: (slotsMax: number) => number;
  readonly maxBytes: number;
  readonly capacity: number;
}

/** Slots of a cleared namespace given back each time a writer finds the memory full. */
const REAP_SLOTS = 256;
/**
 * Entries given up for a block that there is memory for, but no run of pages. Few, since what is
 * used least lies anywhere: a long run hardly ever comes free by it, and the write is refused then.
 */
const GIVE_WAY_FOR_PAGES_MAX = 64;

export class Room {
  maxBytes: number;
  capacity: number;
  /** Whether entries may go to make room; without an order of use none ever do. */
  mayEvict: boolean;
  readonly #limits: { maxBytes: number; readonly capacity: number };
  #isRelaxed = false;
  readonly #shard: Shard;
  readonly #u32: Uint32Array;
  readonly #arena: Arena;
  readonly #slots: Slots;
  readonly #index: HashIndex;
  readonly #namespaces: Namespaces;
  readonly #eviction: EvictionStrategy;
  readonly #richest: Richest;
  readonly #defrag: Defragmenter;
  readonly #reap: (slotsMax: number) => number;

  constructor(parts: RoomParts) {
    this.maxBytes = parts.maxBytes;
    this.capacity = parts.capacity;
    this.#limits = { maxBytes: parts.maxBytes, capacity: parts.capacity };
    this.mayEvict = parts.eviction !== noEviction;
    this.#shard = parts.shard;
    this.#u32 = parts.shard.u32;
    this.#arena = parts.arena;
    this.#slots = parts.slots;
    this.#index = parts.index;
    this.#namespaces = parts.namespaces;
    this.#eviction = parts.eviction;
    this.#richest = parts.richest;
    this.#defrag = parts.defrag;
    this.#reap = parts.reap;
  }

  /** What counts against the limit: live blocks, pages of slots, buckets. */
  get usedBytes(): number {
    return this.#arena.liveBytes + this.#u32[COUNTER.slotPages]! * PAGE_BYTES + this.#index.bytes;
  }

  /** See Table.makeRoom, whose lengths make up `bytes`. */
  find(namespace: NamespaceId, slot: SlotRef, bytes: number, evict: Evict): BlockRef {
    if (slot !== NO_SLOT && this.#arena.fits(this.#block(slot), bytes)) return this.#block(slot);
    if (this.#isRelaxed) {
      // Nothing but the shard's end is a limit now, and what follows is for when it is reached.
      const block = this.#tryAllocate(namespace, slot, bytes);
      if (block !== NO_BLOCK) return block;
    }
    if (blockBytes(bytes) + this.#leastBytes > this.maxBytes) return NO_BLOCK;
    if (slot === NO_SLOT && !this.#obeyCapacity(namespace, 1, evict)) return NO_BLOCK;
    for (let failures = 0; failures <= GIVE_WAY_FOR_PAGES_MAX;) {
      if (this.#usedWith(namespace, slot, bytes) <= this.maxBytes) {
        const block = this.#tryAllocate(namespace, slot, bytes);
        if (block !== NO_BLOCK) return block;
        failures++;
        if (this.#defrag.rescue()) continue;
      }
      if (!this.#giveWay(slot, evict)) return NO_BLOCK;
    }
    return NO_BLOCK;
  }

  /** See Table.makeRoomForAll. */
  findAll(
    namespaces: readonly NamespaceId[],
    sizes: readonly number[],
    evict: Evict,
  ): BlockRef[] | null {
    const counts = countEach(namespaces);
    const pages = counts.size + Math.ceil(sizes.length / SLOTS_PER_PAGE);
    let wanted = pages * PAGE_BYTES + sizes.length * INDEX_STEP_BYTES;
    for (const size of sizes) wanted += blockBytes(size);
    if (wanted + this.#leastBytes > this.maxBytes) return null;
    const fewest = Math.max(0, ...counts.values());
    if (this.capacity > 0 && fewest > this.capacity) return null;
    for (const [id, keys] of counts) if (!this.#obeyCapacity(id, keys, evict)) return null;
    for (let failures = 0; failures <= GIVE_WAY_FOR_PAGES_MAX;) {
      if (this.usedBytes + wanted <= this.maxBytes) {
        const blocks = this.#tryAllocateAll(counts, sizes);
        if (blocks !== null) return blocks;
        failures++;
        if (this.#defrag.rescue()) continue;
      }
      if (!this.#giveWay(NO_SLOT, evict)) return null;
    }
    return null;
  }

  /** Puts the limits off until `restrict`: all that the shard has room for may be used. */
  relax(): void {
    this.maxBytes = this.#shard.endPage * PAGE_BYTES;
    this.capacity = 0;
    this.#isRelaxed = true;
  }

  /**
   * Puts the limits in force again: entries go, the least recently used first, until they are met or
   * nothing more may go. Returns the bytes that are used beyond the limit then; Infinity when a
   * namespace holds more keys than it may. `evict` is as in `makeRoom`.
   */
  restrict(evict: Evict): number {
    ({ maxBytes: this.maxBytes, capacity: this.capacity } = this.#limits);
    this.#isRelaxed = false;
    for (const id of this.#namespaces.live())
      if (!this.#obeyCapacity(id, 0, evict)) return Infinity;
    while (this.usedBytes > this.maxBytes && this.#giveWay(NO_SLOT, evict));
    return Math.max(0, this.usedBytes - this.maxBytes);
  }

  /** Moves the limit; what is used beyond a lower one stays until writes, or `giveWay`, evict it. */
  limit(maxBytes: number): void {
    this.maxBytes = maxBytes;
    this.#limits.maxBytes = maxBytes;
  }

  #block(slot: SlotRef): BlockRef {
    return this.#u32[slotWord(slot)]! as BlockRef;
  }

  #obeyCapacity(namespace: NamespaceId, adding: number, evict: Evict): boolean {
    if (this.capacity === 0) return true;
    while (this.#namespaces.keys(namespace) + adding > this.capacity) {
      if (!this.mayEvict) return false;
      const victim = this.#eviction.victim(namespace, NO_SLOT);
      if (victim === NO_SLOT || !evict(victim)) return false;
    }
    return true;
  }

  /** Gives back what a cleared namespace held, or else an entry; false when nothing may go. */
  giveWay(evict: Evict): boolean {
    return this.#giveWay(NO_SLOT, evict);
  }

  #giveWay(except: SlotRef, evict: Evict): boolean {
    if (this.#reap(REAP_SLOTS) > 0) return true;
    if (!this.mayEvict) return false;
    const victim = this.#victim(except);
    return victim === NO_SLOT ? this.#releaseUnused() : evict(victim);
  }

  /** Gives back slots promised to writes that never came; only a table with no entries looks. */
  #releaseUnused(): boolean {
    let released = 0;
    for (const id of this.#namespaces.live()) released += this.#slots.releaseUnused(id);
    return released > 0;
  }

  #victim(except: SlotRef): SlotRef {
    const victim = this.#eviction.victim(this.#richest.pick(), except);
    if (victim !== NO_SLOT || except === NO_SLOT) return victim;
    // The richest may hold nothing but the entry that is to stay.
    const other = this.#richest.pick(this.#slots.namespaceOf(except));
    return this.#eviction.victim(other, except);
  }

  #tryAllocateAll(
    counts: ReadonlyMap<NamespaceId, number>,
    sizes: readonly number[],
  ): BlockRef[] | null {
    const blocks: BlockRef[] = [];
    let isWhole = this.#index.ensureRoomFor(sizes.length);
    for (const [id, keys] of counts) isWhole &&= this.#slots.ensureFreeFor(id, keys);
    for (let i = 0; isWhole && i < sizes.length; i++) {
      const block = this.#arena.allocate(sizes[i]!);
      if (block === NO_BLOCK) isWhole = false;
      else blocks.push(block);
    }
    if (isWhole) return blocks;
    for (const block of blocks) this.#arena.free(block);
    return null;
  }

  /** What would be used with the entry written. */
  #usedWith(namespace: NamespaceId, slot: SlotRef, bytes: number): number {
    const used = this.usedBytes + blockBytes(bytes);
    if (slot !== NO_SLOT) return used - this.#arena.sizeOf(this.#block(slot));
    return used + INDEX_STEP_BYTES + (this.#slots.hasFree(namespace) ? 0 : PAGE_BYTES);
  }

  #tryAllocate(namespace: NamespaceId, slot: SlotRef, bytes: number): BlockRef {
    if (slot === NO_SLOT && !this.#slots.ensureFree(namespace)) return NO_BLOCK;
    if (!this.#index.ensureRoom()) return NO_BLOCK;
    return this.#arena.allocate(bytes);
  }

  /** What an otherwise empty table takes up beside the block of its only entry. */
  get #leastBytes(): number {
    return 64 * 64 + PAGE_BYTES + INDEX_STEP_BYTES;
  }
}

function countEach<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
