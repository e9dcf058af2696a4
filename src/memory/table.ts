/**
 * The table: keys to entries, in namespaces, in one shard.
 *
 * It knows nothing of protocols or disks. It holds what it is told, finds it, keeps it in order of
 * use, and says what should go when room is short; whoever calls it decides and logs first. Writing
 * is in two steps for that reason: `makeRoom` does all that can fail, `put` then can't.
 *
 * A reader that wants an entry's parts asks for its slot and reads them at once: a slot is good
 * until the next call that writes.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { Arena, NO_BLOCK } from "./arena.ts";
import type { BlockRef } from "./arena.ts";
import { Defragmenter } from "./defrag.ts";
import { Entries } from "./entries.ts";
import * as entry from "./entry.ts";
import { LruEviction, noEviction } from "./eviction.ts";
import type { EvictionStrategy } from "./eviction.ts";
import { TimingWheel } from "./expiry.ts";
import { halfSipHash13, halfSipHash13Words } from "./hash.ts";
import {
  BUCKET_ENTRIES,
  HashIndex,
  INDEX_STEP_BYTES,
  OVERFLOW,
  SLOT_MASK,
  homeOf,
} from "./hash-index.ts";
import { Incoming } from "./incoming.ts";
import { IndexBatch } from "./index-batch.ts";
import { NAMESPACE_TOTAL, NO_NAMESPACE, Namespaces } from "./namespaces.ts";
import type { NamespaceId } from "./namespaces.ts";
import { Pages } from "./pages.ts";
import { Richest } from "./richest.ts";
import { Room } from "./room.ts";
import type { Evict } from "./room.ts";
import { Sampler } from "./sampler.ts";
import { COUNTER, PAGE_BYTES, SHARD_BYTES_MAX, Shard } from "./shard.ts";
import { NO_SLOT, SLOT, Slots, slotWord } from "./slots.ts";
import type { SlotCursor, SlotRef } from "./slots.ts";

export interface TableOptions {
  /** Limit of `usedBytes`; cut to about 3.1 GiB, which is what the largest shard has room for. */
  readonly maxBytes: number;
  /** Keys a namespace may hold; 0 is no limit. */
  readonly capacity: number;
  readonly eviction: "lru" | "none";
  readonly namespacesMax: number;
  readonly clock: Clock;
  /** Two secret 32-bit numbers that key the hash. */
  readonly seed: readonly [number, number];
}

/** Room in the shard beyond the limit, so that rounding and half-empty spans don't meet its end. */
const SLACK_SHARE = 1.25;
const SLACK_BYTES = 32 * 1024 * 1024;
/** The longest key, and a value of 16 Ki characters behind it, at three bytes a character. */
export const SCRATCH_VALUE_CHARACTERS_MAX = 16_384;
const SCRATCH_BYTES = (entry.KEY_BYTES_MAX + 1 + SCRATCH_VALUE_CHARACTERS_MAX) * 3;
/** Every so many writes, see whether blocks should be moved; then slots looked at with each write. */
const DEFRAG_CHECK_WRITES = 1024;
const DEFRAG_SLOTS = 16;
/** The same when more than this share of the spans is free, so that the pass gains on the writes. */
const DEFRAG_SLOTS_IN_HASTE = 64;
const HASTE_SHARE = 3 / 16;
/** The same when less than this share of the pages is left, and for any one write. */
const DEFRAG_SLOTS_MAX = 256;
const NEED_SHARE = 1 / 16;
/** When less than this share of the pages is left, the index takes up each key at once. */
const DEFER_SHARE = 1 / 8;
/** Bytes of an entry for each slot more: who writes much may free much. */
const DEFRAG_BYTES_PER_SLOT = 128;
/** No limit is higher, so that the largest shard has that room beyond it too. */
const MAX_BYTES_MAX = Math.floor((SHARD_BYTES_MAX * (1 - 1 / 64) - SLACK_BYTES) / SLACK_SHARE);
const SLOT_BYTES = 24;

export class Table extends Entries {
  /**
   * A place for a key at its start, and a value right behind it. Nothing is kept here between calls;
   * but what comes from here is hashed, compared and copied by words instead of bytes.
   */
  readonly scratch: Buffer;
  readonly namespaces: Namespaces;
  readonly wheel: TimingWheel;
  /** The highest limit that the shard was made for. */
  readonly maxBytesMax: number;
  /** Whether the entries are kept in order of use. */
  readonly canEvict: boolean;
  readonly #scratchWords: Uint32Array;
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  readonly #f64: Float64Array;
  readonly #pages: Pages;
  readonly #arena: Arena;
  readonly #slots: Slots;
  readonly #index: HashIndex;
  readonly #eviction: EvictionStrategy;
  readonly #room: Room;
  readonly #defrag: Defragmenter;
  readonly #sampler: Sampler;
  readonly #incoming: Incoming;
  readonly #clock: Clock;
  readonly #seed0: number;
  readonly #seed1: number;
  #writes = 0;
  #fetched = 0;
  readonly #batch: IndexBatch;
  /** Whether keys are added that need not be found yet. */
  #isDeferring = false;

  constructor(options: TableOptions) {
    const pageBytes = options.maxBytes * SLACK_SHARE + SLACK_BYTES;
    super(new Shard({ pageBytes, namespacesMax: options.namespacesMax }));
    this.scratch = Buffer.from(new ArrayBuffer(SCRATCH_BYTES));
    this.#scratchWords = new Uint32Array(this.scratch.buffer);
    this.#u32 = this.shard.u32;
    this.#u8 = this.shard.u8;
    this.#f64 = this.shard.f64;
    this.#clock = options.clock;
    this.#seed0 = options.seed[0];
    this.#seed1 = options.seed[1];
    this.#u32[COUNTER.seed0] = this.#seed0;
    this.#u32[COUNTER.seed1] = this.#seed1;
    this.#incoming = new Incoming(this.shard);
    this.#pages = new Pages(this.shard);
    this.#arena = new Arena(this.shard, this.#pages);
    this.namespaces = new Namespaces(this.shard);
    this.#slots = new Slots(this.shard, this.#pages, this.namespaces);
    this.#index = new HashIndex(this.shard, this.#pages, this.#arena);
    this.#batch = new IndexBatch(this.#index);
    this.wheel = new TimingWheel(this.shard, options.clock.nowMs());
    this.#eviction =
      options.eviction === "lru" ? new LruEviction(this.shard, this.namespaces) : noEviction;
    this.canEvict = this.#eviction !== noEviction;
    this.maxBytesMax = Math.min(options.maxBytes, MAX_BYTES_MAX);
    this.#defrag = new Defragmenter(this.shard, this.#arena, this.#slots, this.namespaces);
    this.#sampler = new Sampler({
      shard: this.shard,
      index: this.#index,
      slots: this.#slots,
      namespaces: this.namespaces,
      isExpired: (slot) => this.isExpired(slot),
    });
    this.#room = new Room({
      shard: this.shard,
      arena: this.#arena,
      slots: this.#slots,
      index: this.#index,
      namespaces: this.namespaces,
      eviction: this.#eviction,
      richest: new Richest(this.shard, this.namespaces),
      defrag: this.#defrag,
      reap: (slotsMax) => this.reap(slotsMax),
      maxBytes: this.maxBytesMax,
      capacity: options.capacity,
    });
  }

  // --- finding -------------------------------------------------------------------------------

  hash(namespace: NamespaceId, bytes: Uint8Array, at: number, length: number): number {
    const seed1 = this.#seed1 ^ Math.imul(namespace, 0x9e3779b1);
    if (bytes === this.scratch && at === 0) {
      return halfSipHash13Words(this.#scratchWords, length, this.#seed0, seed1);
    }
    return halfSipHash13(bytes, at, length, this.#seed0, seed1);
  }

  /** The entry of that key, past its deadline or not; NO_SLOT when there is none. */
  find(
    namespace: NamespaceId,
    hash: number,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): SlotRef {
    const u32 = this.#u32;
    const tag = hash >>> 28;
    let place = homeOf(hash);
    for (let bucket = this.#index.bucketOf(hash); bucket !== 0; bucket = u32[bucket + OVERFLOW]!) {
      for (let i = 0; i < BUCKET_ENTRIES; i++) {
        const word = u32[bucket + place]!;
        if (word >>> 28 === tag && word !== 0) {
          const slot = (word & SLOT_MASK) as SlotRef;
          if (this.#isKeyOf(slot, namespace, hash, bytes, at, length)) return slot;
        }
        place = place === BUCKET_ENTRIES - 1 ? 0 : place + 1;
      }
    }
    return NO_SLOT;
  }

  /** Brings to the cache what `find` and `put` read of the index for the first `count` hashes. */
  fetch(hashes: Int32Array, count: number): void {
    this.#fetched ^= this.#index.fetch(hashes, count);
    this.#fetched ^= this.#index.fetchSlots(hashes, count);
  }

  /** Of no meaning; it only makes `fetch` have an effect. */
  get fetched(): number {
    return this.#fetched;
  }

  isExpired(slot: SlotRef): boolean {
    const block = this.#u32[slotWord(slot)]!;
    if (!entry.hasDeadline(this.#u32[block]!)) return false;
    return entry.deadlineMs(this.#u32, block) <= this.#clock.nowMs();
  }

  /** Makes the entry the most recently used of its namespace. */
  touch(namespace: NamespaceId, slot: SlotRef): void {
    this.#eviction.touched(namespace, slot);
  }

  count(namespace: NamespaceId, field: number): void {
    this.#f64[this.namespaces.double(namespace) + field]!++;
  }

  // --- writing -------------------------------------------------------------------------------

  /**
   * Does all of a write that can fail: finds memory for an entry, and evicts until there is.
   *
   * `slot` is the entry to be overwritten, or NO_SLOT for a new one. `evict` is told each victim
   * before it goes, and removes it; by returning false it stops the search. Returns the block to
   * hand to `put`, or NO_BLOCK. When no amount of eviction could help, nothing is evicted.
   *
   * Cost: O(1), and O(1) for each victim.
   */
  makeRoom(
    namespace: NamespaceId,
    slot: SlotRef,
    keyLength: number,
    valueLength: number,
    hasDeadline: boolean,
    evict: Evict,
  ): BlockRef {
    const bytes = entry.entryBytes(keyLength, valueLength, hasDeadline);
    return this.#room.find(namespace, slot, bytes, evict);
  }

  /**
   * The same for several entries at once, all or none: a block of its own for each, whether it is
   * going to overwrite an entry or not. `sizes` are of `entryBytes`; `namespaces` has the namespace
   * of every entry that is new.
   */
  makeRoomForAll(
    namespaces: readonly NamespaceId[],
    sizes: readonly number[],
    evict: Evict,
  ): BlockRef[] | null {
    return this.#room.findAll(namespaces, sizes, evict);
  }

  /** Gives back a block from `makeRoom` that is not going to be `put`. */
  returnRoom(slot: SlotRef, block: BlockRef): void {
    if (slot === NO_SLOT || this.block(slot) !== block) this.#arena.free(block);
  }

  /**
   * Writes an entry into the block that `makeRoom` found for just these lengths: overwrites `slot`,
   * or adds the key when that is NO_SLOT. It becomes the most recently used. Can't fail.
   *
   * `deadlineMs` 0 is none; `version` is the seq of the write; `ascii` says that the value is text
   * with no byte above 127 (false is always right). The key and the value may be those of the entry
   * that is overwritten, where they lie in the table.
   */
  put(
    namespace: NamespaceId,
    hash: number,
    slot: SlotRef,
    block: BlockRef,
    key: Uint8Array,
    keyAt: number,
    keyLength: number,
    value: Uint8Array,
    valueAt: number,
    valueLength: number,
    kind: number,
    ascii: boolean,
    deadlineMs: number,
    version: number,
  ): SlotRef {
    const u32 = this.#u32;
    const isNew = slot === NO_SLOT;
    let target = slot;
    if (isNew) target = this.#addSlot(namespace, hash);
    else this.#releaseBlock(namespace, slot, block);
    const at = entry.keyAtIn(block, valueLength, deadlineMs > 0);
    if (key === this.#u8) this.#u8.copyWithin(at, keyAt, keyAt + keyLength + valueLength);
    else this.#copyIn(at, key, keyAt, keyLength, value, valueAt, valueLength);
    entry.writeHead(u32, block, kind, ascii, deadlineMs > 0, keyLength, valueLength);
    u32[slotWord(target)] = block;
    this.#slots.setVersion(target, version);
    this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.bytes]! +=
      this.#arena.sizeOf(block);
    if (deadlineMs > 0) {
      entry.setDeadlineMs(u32, block, deadlineMs);
      this.wheel.add(target);
      this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.deadlines]!++;
    }
    if (isNew) {
      if (this.#isDeferring) this.#batch.add(hash, target);
      else this.#index.insert(hash, target);
    }
    if (isNew) this.#eviction.inserted(namespace, target);
    else this.#eviction.touched(namespace, target);
    this.#defragment(keyLength + valueLength);
    return target;
  }

  /** Moves the deadline of an entry that has one, to another; in place, can't fail. */
  moveDeadline(slot: SlotRef, deadlineMs: number, version: number): void {
    const block = this.block(slot);
    assert(this.deadline(slot) > 0 && deadlineMs > 0, "a deadline is moved, not set or cleared");
    this.wheel.remove(slot);
    entry.setDeadlineMs(this.#u32, block, deadlineMs);
    this.wheel.add(slot);
    this.#slots.setVersion(slot, version);
  }

  remove(slot: SlotRef, version: number): void {
    const namespace = this.#slots.namespaceOf(slot);
    // A cleared namespace's list is not kept any more: its links may lead to slots given back.
    if (this.namespaces.isLive(namespace)) this.#eviction.removed(namespace, slot);
    this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.removalSeq] = version;
    this.#drop(namespace, slot);
  }

  /**
   * Empties a namespace at once, whatever it holds; memory comes back as `reap` is called.
   * Returns the number of keys it held, or -1, and does nothing, when the directory is full.
   */
  clear(namespace: NamespaceId, version: number): number {
    const keys = this.namespaces.keys(namespace);
    const fresh = keys === 0 ? namespace : this.namespaces.detach(namespace);
    if (fresh === NO_NAMESPACE) return -1;
    this.#f64[this.namespaces.double(fresh) + NAMESPACE_TOTAL.removalSeq] = version;
    return keys;
  }

  /**
   * Prepares an empty table for a load of so many entries; a hint, nothing depends on it. What they
   * turn out to be fewer is given back by `restrict`.
   */
  expect(entries: number): void {
    const bytes = Math.ceil(entries / 7) * 64;
    if (bytes * 4 < this.maxBytes) this.#index.presize(entries);
  }

  /**
   * The next `count` keys to be added need not be found or removed before `settle`: for a load, whose
   * index is cheaper to make in large pieces. False when there are too many of them already, or too
   * few pages left to promise that the index can take them up: then nothing changes.
   */
  defer(count: number): boolean {
    const batch = this.#batch;
    // Some pages are left to the entries themselves, which may be large.
    const { total, used } = this.#pages;
    const bytesLeft = (total * (1 - DEFER_SHARE) - used) * PAGE_BYTES;
    const isPromised = (batch.count + count) * INDEX_STEP_BYTES <= bytesLeft;
    if (batch.room < count || !isPromised) return false;
    this.#isDeferring = true;
    return true;
  }

  /** Ends that; false when there is no memory left for the index. */
  settle(): boolean {
    if (!this.#isDeferring) return true;
    this.#isDeferring = false;
    return this.#batch.settle();
  }

  // --- limits --------------------------------------------------------------------------------

  get maxBytes(): number {
    return this.#room.maxBytes;
  }

  /** Moves the limit, up to `maxBytesMax`; see Room.limit. */
  limit(maxBytes: number): void {
    this.#room.limit(Math.min(maxBytes, this.maxBytesMax));
  }

  /** Gives up what is used least, as if a write needed room; false when nothing may go. */
  giveWay(evict: Evict): boolean {
    return this.#room.giveWay(evict);
  }

  /** Whether entries may go to make room. */
  get mayEvict(): boolean {
    return this.#room.mayEvict;
  }

  /** Can be allowed only to a table that was made to keep its entries in order of use. */
  set mayEvict(may: boolean) {
    this.#room.mayEvict = may && this.canEvict;
  }

  /** Keys a namespace may hold; 0 is no limit. */
  get capacity(): number {
    return this.#room.capacity;
  }

  /** Puts the limits off until `restrict`: all that the shard has room for may be used. */
  relax(): void {
    this.#room.relax();
  }

  /**
   * Puts the limits in force again: entries go, the least recently used first, until they are met or
   * nothing more may go. Returns the bytes that are used beyond the limit then; Infinity when a
   * namespace holds more keys than it may. `evict` is as in `makeRoom`.
   */
  restrict(evict: Evict): number {
    this.#index.trim();
    this.#incoming.release();
    this.#batch.release();
    return this.#room.restrict(evict);
  }

  // --- in the background ---------------------------------------------------------------------

  /** Gives back up to `slotsMax` entries of cleared namespaces; returns how many it did. */
  reap(slotsMax: number): number {
    const namespace = this.namespaces.firstDying();
    if (namespace === NO_NAMESPACE) return 0;
    const cursor: SlotCursor = { ordinal: 0, page: 0, place: 0 };
    let reaped = 0;
    while (reaped < slotsMax) {
      const slot = this.#slots.next(namespace, cursor, Infinity);
      if (slot === NO_SLOT) break;
      this.#drop(namespace, slot);
      reaped++;
    }
    if (this.namespaces.keys(namespace) === 0) {
      this.#slots.releaseUnused(namespace);
      this.namespaces.bury(namespace);
    }
    return Math.max(1, reaped);
  }

  /**
   * Moves some blocks when that is due, or at once with `force`; for when no writes come that would
   * pay for it. Looks at up to `slotsMax` slots; returns whether there is more to do.
   */
  defragment(slotsMax: number, force = false): boolean {
    this.#defrag.maybeStart(force);
    this.#defrag.step(slotsMax);
    return this.#defrag.active;
  }

  /** Walks the entries of a namespace; see Slots.next. */
  next(namespace: NamespaceId, cursor: SlotCursor, looksMax: number): SlotRef {
    return this.#slots.next(namespace, cursor, looksMax);
  }

  /** The ordinal of a page of slots of the namespace; 0 when the number is of no such page. */
  pageOrdinal(namespace: NamespaceId, page: number): number {
    return this.#slots.pageOrdinal(namespace, page);
  }

  /** Any entry of a namespace that is not past its deadline; see Sampler.pick. */
  random(namespace: NamespaceId, random: () => number): SlotRef {
    return this.#sampler.pick(namespace, random);
  }

  // --- counting ------------------------------------------------------------------------------

  /** What counts against the limit: live blocks, pages of slots, buckets. */
  get usedBytes(): number {
    return this.#room.usedBytes;
  }

  /** Pages given out to the parts, in bytes. */
  get arenaBytes(): number {
    return this.#pages.used * PAGE_BYTES;
  }

  get indexBytes(): number {
    return this.#index.bytes;
  }

  /** Entries, those of cleared namespaces that are not yet given back among them. */
  get entries(): number {
    return this.#index.count;
  }

  // --- private -------------------------------------------------------------------------------

  #isKeyOf(
    slot: SlotRef,
    namespace: NamespaceId,
    hash: number,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): boolean {
    const u32 = this.#u32;
    const slotAt = slotWord(slot);
    if (u32[slotAt + SLOT.hash] !== hash >>> 0) return false;
    if (u32[slotAt + SLOT.versionHighAndNamespace]! >>> 16 !== namespace) return false;
    const block = u32[slotAt]!;
    const head = u32[block]!;
    if (entry.keyLength(head) !== length) return false;
    const u8 = this.#u8;
    const keyAt = entry.keyAt(block, head);
    let i = 0;
    if (bytes === this.scratch && at === 0) {
      const words = this.#scratchWords;
      const keyWord = keyAt >>> 2;
      const whole = length >>> 2;
      for (let w = 0; w < whole; w++) if (u32[keyWord + w] !== words[w]) return false;
      i = whole << 2;
    }
    for (; i < length; i++) if (u8[keyAt + i] !== bytes[at + i]) return false;
    return true;
  }

  /** Copies a key and its value to `to`, which is a whole number of words; so is the block's end. */
  #copyIn(
    to: number,
    key: Uint8Array,
    keyAt: number,
    keyLength: number,
    value: Uint8Array,
    valueAt: number,
    valueLength: number,
  ): void {
    const words = (keyLength + valueLength + 3) >>> 2;
    const isOnePiece =
      key === this.scratch && value === key && keyAt === 0 && valueAt === keyLength;
    if (!isOnePiece || words > LOOP_WORDS_MAX) {
      if (key === value && valueAt === keyAt + keyLength) {
        this.#incoming.copy(to, key, keyAt, keyLength + valueLength);
        return;
      }
      this.#incoming.copy(to, key, keyAt, keyLength);
      this.#incoming.copy(to + keyLength, value, valueAt, valueLength);
      return;
    }
    const u32 = this.#u32;
    const from = this.#scratchWords;
    const toWord = to >>> 2;
    for (let w = 0; w < words; w++) u32[toWord + w] = from[w]!;
  }

  #addSlot(namespace: NamespaceId, hash: number): SlotRef {
    assert(this.#slots.ensureFree(namespace), "a slot was promised");
    const slot = this.#slots.allocate(namespace);
    this.#u32[slotWord(slot) + SLOT.hash] = hash;
    this.namespaces.keyAdded(namespace);
    this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.bytes]! += SLOT_BYTES;
    return slot;
  }

  /** Takes the block of an entry out of all books, and frees it unless it is to be used again. */
  #releaseBlock(namespace: NamespaceId, slot: SlotRef, reused: BlockRef): void {
    const block = this.block(slot);
    if (entry.hasDeadline(this.#u32[block]!)) {
      this.wheel.remove(slot);
      this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.deadlines]!--;
    }
    this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.bytes]! -=
      this.#arena.sizeOf(block);
    if (block !== reused) this.#arena.free(block);
  }

  #drop(namespace: NamespaceId, slot: SlotRef): void {
    this.#index.remove(this.#u32[slotWord(slot) + SLOT.hash]!, slot);
    this.#releaseBlock(namespace, slot, NO_BLOCK);
    this.namespaces.keyRemoved(namespace);
    this.#f64[this.namespaces.double(namespace) + NAMESPACE_TOTAL.bytes]! -= SLOT_BYTES;
    this.#slots.free(namespace, slot);
  }

  /** Slots to look at in a pass with a write of so many bytes. */
  #defragSlots(bytes: number): number {
    if (this.#pages.used > this.#pages.total * (1 - NEED_SHARE)) return DEFRAG_SLOTS_MAX;
    const isInHaste = this.#arena.freeInSpansBytes > this.#arena.spanBytes * HASTE_SHARE;
    const slots = isInHaste ? DEFRAG_SLOTS_IN_HASTE : DEFRAG_SLOTS;
    return Math.min(DEFRAG_SLOTS_MAX, slots + Math.floor(bytes / DEFRAG_BYTES_PER_SLOT));
  }

  #defragment(bytes: number): void {
    if (this.#defrag.active) this.#defrag.step(this.#defragSlots(bytes));
    else if (++this.#writes % DEFRAG_CHECK_WRITES === 0) this.#defrag.maybeStart();
  }
}

/** A native copy of a part needs a view made for it, some 60 ns; up to here a loop is faster. */
const LOOP_WORDS_MAX = 64;
