import { expect, test } from "vitest";
import { randomFrom } from "../../test/support/table-driver.ts";
import { Arena } from "./arena.ts";
import { HashIndex, OVERFLOW, SLOT_MASK } from "./hash-index.ts";
import { Namespaces } from "./namespaces.ts";
import { Pages } from "./pages.ts";
import { COUNTER, Shard } from "./shard.ts";
import { SLOT, Slots, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

const MIB = 1024 * 1024;

/** An index over slots that have a hash and nothing else. */
class Bare {
  readonly shard: Shard;
  readonly arena: Arena;
  readonly index: HashIndex;
  readonly #slots: Slots;
  readonly #namespace;

  constructor(pageBytes = 64 * MIB) {
    this.shard = new Shard({ pageBytes, namespacesMax: 1 });
    const pages = new Pages(this.shard);
    this.arena = new Arena(this.shard, pages);
    const namespaces = new Namespaces(this.shard);
    this.#namespace = namespaces.findOrCreate("n");
    this.#slots = new Slots(this.shard, pages, namespaces);
    this.index = new HashIndex(this.shard, pages, this.arena);
  }

  insert(hash: number): SlotRef {
    expect(this.#slots.ensureFree(this.#namespace)).toBe(true);
    const slot = this.#slots.allocate(this.#namespace);
    this.shard.u32[slotWord(slot) + SLOT.hash] = hash;
    if (!this.index.ensureRoom()) throw new Error("no room");
    this.index.insert(hash, slot);
    return slot;
  }

  /** Whether the bucket of the hash leads to the slot; and the buckets looked at. */
  find(hash: number, slot: SlotRef): number {
    const { u32 } = this.shard;
    let looked = 0;
    for (let b = this.index.bucketOf(hash); b !== 0; b = u32[b + OVERFLOW]!) {
      looked++;
      for (let i = 0; i < OVERFLOW; i++) if ((u32[b + i]! & SLOT_MASK) === slot) return looked;
    }
    return 0;
  }

  get level(): number {
    return this.shard.u32[COUNTER.indexLevel]!;
  }

  get overflowBuckets(): number {
    return this.shard.u32[COUNTER.overflowBuckets]!;
  }
}

test("the index grows by a bucket at a time through all levels, and shrinks back to where it began", () => {
  const bare = new Bare();
  const random = randomFrom(1);
  const entries: (readonly [number, SlotRef])[] = [];
  const before = bare.index.bytes;
  const steps = new Set<number>();
  let buckets = bare.index.buckets;
  const watch = (): void => {
    steps.add(bare.index.buckets - buckets);
    ({ buckets } = bare.index);
  };
  for (let i = 0; i < 60_000; i++) {
    const hash = random();
    entries.push([hash, bare.insert(hash)]);
    watch();
  }
  expect(steps).toEqual(new Set([0, 1]));
  expect(bare.level).toBe(12);
  expect(bare.index.buckets).toBe(60_000 / 7.5);
  let looked = 0;
  for (const [hash, slot] of entries) looked += bare.find(hash, slot);
  expect(looked / entries.length).toBeLessThan(1.2);
  steps.clear();
  for (const [hash, slot] of entries) {
    bare.index.remove(hash, slot);
    watch();
  }
  expect(steps).toEqual(new Set([0, -1]));
  expect(bare.index.count).toBe(0);
  expect(bare.index.bytes).toBe(before);
  expect(bare.overflowBuckets).toBe(0);
});

test("an entry that is removed in the middle of growth or shrinking leaves the others", () => {
  const bare = new Bare();
  const random = randomFrom(2);
  const live = new Map<SlotRef, number>();
  for (let round = 0; round < 12; round++) {
    const target = round % 2 === 0 ? 9000 : 100;
    while (live.size < target) {
      const hash = random();
      live.set(bare.insert(hash), hash);
    }
    for (const [slot, hash] of live) {
      if (live.size <= target) break;
      bare.index.remove(hash, slot);
      live.delete(slot);
    }
    const seen = new Map<SlotRef, number>();
    bare.index.forEach((slot, hash) => seen.set(slot, hash));
    expect(seen.size).toBe(live.size);
    for (const [slot, hash] of live) expect(bare.find(hash, slot)).toBeGreaterThan(0);
    for (const [slot, hash] of seen) if (live.get(slot) !== hash) throw new Error("not there");
  }
});

for (const count of [15, 16, 30, 31, 500]) {
  test(`${count} entries with one hash fill ${Math.ceil(count / 15)} buckets, and no more when they go`, () => {
    const bare = new Bare();
    const slots = Array.from({ length: count }, () => bare.insert(0xabcdef12));
    // A slot's entries differ by their slot alone, however many buckets the table has.
    for (const slot of slots) expect(bare.find(0xabcdef12, slot)).toBeGreaterThan(0);
    expect(bare.overflowBuckets).toBe(Math.ceil(count / 15) - 1);
    slots.forEach((slot, i) => {
      bare.index.remove(0xabcdef12, slot);
      expect(bare.overflowBuckets).toBe(Math.max(0, Math.ceil((count - i - 1) / 15) - 1));
    });
    expect(bare.index.count).toBe(0);
  });
}

test("one insert moves no more than the entries of the bucket it divides", () => {
  const bare = new Bare();
  const random = randomFrom(3);
  const { u32 } = bare.shard;
  const chainOf = (bucket: number): number => {
    let entries = 0;
    for (let b = bucket; b !== 0; b = u32[b + OVERFLOW]!) {
      for (let i = 0; i < OVERFLOW; i++) if (u32[b + i] !== 0) entries++;
    }
    return entries;
  };
  let most = 0;
  for (let i = 0; i < 200_000; i++) {
    // The bucket at the split pointer is that of a hash with just its number.
    most = Math.max(most, chainOf(bare.index.bucketOf(u32[COUNTER.indexSplit]!)));
    bare.insert(random());
  }
  expect(most).toBeGreaterThan(8);
  expect(most).toBeLessThan(64);
});

test("without a page for a new bucket the chains grow longer, and nothing is lost", () => {
  const bare = new Bare(3 * MIB);
  // Room for one overflow bucket after another, none for a segment.
  const random = randomFrom(4);
  const entries: (readonly [number, SlotRef])[] = [];
  for (let i = 0; i < 3000; i++) {
    const hash = random();
    entries.push([hash, bare.insert(hash)]);
  }
  while (bare.arena.allocate(32_768) !== 0);
  while (bare.arena.allocate(4096) !== 0);
  for (let i = 0; i < 100; i++) {
    const hash = random();
    entries.push([hash, bare.insert(hash)]);
  }
  for (const [hash, slot] of entries) expect(bare.find(hash, slot)).toBeGreaterThan(0);
  for (const [hash, slot] of entries) bare.index.remove(hash, slot);
  expect(bare.index.count).toBe(0);
});

for (const entries of [0, 480, 481, 10_000, 123_456]) {
  test(`a table sized for ${entries} entries before they come holds them, and shrinks as they go`, () => {
    const bare = new Bare();
    bare.index.presize(entries);
    const { buckets } = bare.index;
    expect(buckets).toBe(Math.max(64, Math.ceil(entries / 7.5)));
    const random = randomFrom(6);
    const live: (readonly [number, SlotRef])[] = [];
    for (let i = 0; i < entries; i++) {
      const hash = random();
      live.push([hash, bare.insert(hash)]);
    }
    expect(bare.index.buckets).toBe(buckets);
    for (const [hash, slot] of live) expect(bare.find(hash, slot)).toBeGreaterThan(0);
    for (const [hash, slot] of live) bare.index.remove(hash, slot);
    expect(bare.index.buckets).toBe(64);
    bare.index.presize(entries);
    expect(bare.index.buckets).toBe(buckets);
  });
}

test("room for many inserts can be had at once", () => {
  const bare = new Bare();
  expect(bare.index.ensureRoomFor(1000)).toBe(true);
  while (bare.arena.allocatePinned() !== 0);
  expect(bare.index.ensureRoomFor(1000)).toBe(false);
});

for (const [sized, came] of [
  [10_000, 0],
  [10_000, 1],
  [123_456, 480],
  [123_456, 50_000],
  [10_000, 10_000],
  [100, 20_000],
] as const) {
  test(`an index sized for ${sized} entries is trimmed to the ${came} that came, and they are found`, () => {
    const bare = new Bare();
    bare.index.presize(sized);
    const random = randomFrom(7);
    const live: (readonly [number, SlotRef])[] = [];
    for (let i = 0; i < came; i++) {
      const hash = random();
      live.push([hash, bare.insert(hash)]);
    }
    bare.index.trim();
    expect(bare.index.buckets).toBe(Math.max(64, Math.ceil(came / 7.5)));
    for (const [hash, slot] of live) expect(bare.find(hash, slot)).toBeGreaterThan(0);
    const hash = random();
    expect(bare.find(hash, bare.insert(hash))).toBeGreaterThan(0);
  });
}

test("an index that can't give back its buckets is left as it is", () => {
  const bare = new Bare();
  bare.index.presize(10_000);
  const { buckets } = bare.index;
  while (bare.arena.allocate(32_768) !== 0);
  while (bare.arena.allocatePinned() !== 0);
  bare.index.trim();
  expect(bare.index.buckets).toBe(buckets);
});

test("fetching changes nothing, whether the hashes are there or not", () => {
  const bare = new Bare();
  const random = randomFrom(8);
  const hashes = Int32Array.from({ length: 32 }, () => random());
  const slots = [...hashes.subarray(0, 16)].map((hash) => bare.insert(hash));
  const before = Buffer.from(bare.shard.u8);
  for (const count of [0, 1, 16, 32]) {
    bare.index.fetch(hashes, count);
    bare.index.fetchSlots(hashes, count);
  }
  expect(Buffer.from(bare.shard.u8).equals(before)).toBe(true);
  slots.forEach((slot, i) => expect(bare.find(hashes[i]!, slot)).toBeGreaterThan(0));
});
