/**
 * A table and a plain model of it, driven by the same random calls and compared at each.
 *
 * The model is a Map a namespace whose order is the order of use: what was used longest ago comes
 * first. Everything that the table may decide by itself is checked against it: who is evicted must
 * be first in the Map of its namespace, and only when there was no room; what comes due must have
 * reached its deadline, and after a sweep nothing that has may be left; a walk must meet every entry
 * that is there all the time once.
 */
import { latin1Slice } from "../../src/base/bytes.ts";
import { NO_BLOCK, blockBytes } from "../../src/memory/arena.ts";
import type { BlockRef } from "../../src/memory/arena.ts";
import { entryBytes } from "../../src/memory/entry.ts";
import { TICK_MS } from "../../src/memory/expiry.ts";
import type { NamespaceId } from "../../src/memory/namespaces.ts";
import { NO_SLOT } from "../../src/memory/slots.ts";
import type { SlotCursor, SlotRef } from "../../src/memory/slots.ts";
import type { Table } from "../../src/memory/table.ts";
import { checkTable } from "./check-table.ts";
import { StillClock, makeTable, randomFrom } from "./table-driver.ts";
import { expect } from "./table-survey.ts";

export interface ModelConfig {
  readonly seed: number;
  readonly maxBytes: number;
  readonly capacity: number;
  readonly eviction: "lru" | "none";
  readonly namespaces: number;
  readonly namespacesMax: number;
  /** Different keys in each namespace. */
  readonly keys: number;
  /** Longest value, in bytes. */
  readonly valueBytesMax: number;
}

interface ModelEntry {
  value: Buffer;
  kind: number;
  deadlineMs: number;
  version: number;
}

interface Walk {
  readonly name: string;
  readonly cursor: SlotCursor;
  readonly missing: Set<ModelEntry>;
  readonly met: Set<ModelEntry>;
}

const POOL = Buffer.from(
  Uint8Array.from({ length: 2 ** 18 }, (_, i) => (i * 131 + (i >> 8)) & 255),
);
const DAY_MS = 86_400_000;

export class TableModel {
  readonly table: Table;
  readonly #clock = new StillClock();
  readonly #config: ModelConfig;
  readonly #random: () => number;
  readonly #keys: Buffer[];
  readonly #model = new Map<string, Map<number, ModelEntry>>();
  readonly #keyNumbers = new Map<string, number>();
  #walk: Walk | null = null;
  #seq = 0;
  /** Calls by kind, to show that a run did what it was to do. */
  readonly counts = { writes: 0, refusals: 0, evictions: 0, expiries: 0, clears: 0, walks: 0 };

  constructor(config: ModelConfig) {
    this.#config = config;
    this.#random = randomFrom(config.seed);
    const { maxBytes, capacity, eviction, namespacesMax } = config;
    this.table = makeTable({ maxBytes, capacity, eviction, namespacesMax, clock: this.#clock });
    this.#keys = Array.from({ length: config.keys }, (_, i) => makeKey(i));
    this.#keys.forEach((key, i) => this.#keyNumbers.set(key.toString("latin1"), i));
    for (let n = 0; n < config.namespaces; n++) this.#model.set(`ns${n}`, new Map());
  }

  run(steps: number, checkEvery: number): void {
    for (let step = 1; step <= steps; step++) {
      this.#step(this.#below(1000));
      if (step % checkEvery === 0) this.check();
    }
    this.check();
  }

  check(): void {
    checkTable(this.table);
    for (const name of this.#model.keys()) this.#compare(name);
  }

  #step(dice: number): void {
    if (dice < 480) this.#set();
    else if (dice < 730) this.#get();
    else if (dice < 830) this.#delete();
    else if (dice < 880) this.#changeDeadline();
    else if (dice < 900) this.#batch();
    else if (dice < 940) this.#sweep();
    else if (dice < 970) this.#stepWalk();
    else if (dice < 985) this.table.defragment(1 + this.#below(500), true);
    else if (dice < 999) this.table.reap(1 + this.#below(300));
    else this.#clear();
  }

  // --- calls ---------------------------------------------------------------------------------

  #set(): void {
    const name = this.#anyName();
    const id = this.#idOf(name);
    if (id === 0) return;
    const key = this.#below(this.#keys.length);
    const value = this.#anyValue();
    const deadlineMs = this.#below(4) === 0 ? this.#anyDeadline() : 0;
    const slot = this.#find(name, id, key);
    const keyLength = this.#keys[key]!.length;
    const bytes = entryBytes(keyLength, value.length, deadlineMs > 0);
    const block = this.#makeRoom(name, id, key, slot, bytes, (evict) =>
      this.table.makeRoom(id, slot, keyLength, value.length, deadlineMs > 0, evict),
    );
    if (block === NO_BLOCK) return;
    if (this.#below(50) === 0) this.table.returnRoom(slot, block);
    else this.#put(name, id, key, slot, block, value, deadlineMs);
  }

  #makeRoom(
    name: string,
    id: NamespaceId,
    key: number,
    slot: SlotRef,
    bytes: number,
    find: (evict: (victim: SlotRef) => boolean) => BlockRef,
  ): BlockRef {
    const { table } = this;
    const before = table.usedBytes;
    const block = find((victim) => {
      this.#checkNeed(name, bytes, slot === NO_SLOT);
      return this.#evict(victim, name, key);
    });
    if (block !== NO_BLOCK) return block;
    this.counts.refusals++;
    const isFull = before + blockBytes(bytes) + 4096 + 192 > table.maxBytes;
    const hasKeys = table.namespaces.keys(id) >= this.#config.capacity;
    const isAtCapacity = slot === NO_SLOT && this.#config.capacity > 0 && hasKeys;
    const isTooLarge = blockBytes(bytes) + 4096 * 3 > table.maxBytes;
    if (this.#config.eviction === "lru") expect(isTooLarge, "lru refuses only what never fits");
    else expect(isFull || isAtCapacity || table.namespaces.dying > 0, "a refusal has a reason");
    if (table.namespaces.dying === 0) expect(table.usedBytes <= before, "a refusal takes nothing");
    return block;
  }

  /** An eviction must be needed. */
  #checkNeed(name: string, bytes: number, isNew: boolean): void {
    const { table } = this;
    const { capacity } = this.#config;
    const isFull = table.usedBytes + blockBytes(bytes) + 4096 + 192 > table.maxBytes;
    const isAtCapacity = isNew && capacity > 0 && this.#model.get(name)!.size >= capacity;
    expect(isFull || isAtCapacity, "nothing is evicted while there is room");
  }

  #evict(victim: SlotRef, writing: string | null, except: number): boolean {
    const { table } = this;
    const name = table.namespaces.name(table.namespaceOf(victim));
    const entries = this.#model.get(name)!;
    const order = entries.keys();
    let first = order.next().value;
    if (name === writing && first === except) first = order.next().value;
    expect(this.#keyNumber(victim) === first, "the victim is the one used longest ago");
    this.#forget(name, first!);
    table.remove(victim, ++this.#seq);
    this.counts.evictions++;
    return true;
  }

  #put(
    name: string,
    id: NamespaceId,
    key: number,
    slot: SlotRef,
    block: BlockRef,
    value: Buffer,
    deadlineMs: number,
  ): void {
    const bytes = this.#keys[key]!;
    const hash = this.table.hash(id, bytes, 0, bytes.length);
    const kind = this.#below(3);
    const { scratch } = this.table;
    const isInScratch = this.#below(2) === 0 && bytes.length + value.length <= scratch.length;
    if (isInScratch) {
      scratch.set(bytes);
      scratch.set(value, bytes.length);
    }
    const from = isInScratch ? scratch : bytes;
    // prettier-ignore
    const put = this.table.put(
      id, hash, slot, block, from, 0, bytes.length,
      isInScratch ? scratch : value, isInScratch ? bytes.length : 0, value.length,
      kind, false, deadlineMs, ++this.#seq,
    );
    expect(slot === NO_SLOT || put === slot, "an entry that is overwritten keeps its slot");
    const entries = this.#model.get(name)!;
    // An entry that is overwritten stays the same one for walks.
    const entry = entries.get(key) ?? { value, kind, deadlineMs, version: 0 };
    Object.assign(entry, { value, kind, deadlineMs, version: this.#seq });
    entries.delete(key);
    entries.set(key, entry);
    this.counts.writes++;
  }

  #get(): void {
    const name = this.#anyName();
    const id = this.table.namespaces.find(name);
    const key = this.#below(this.#keys.length);
    const slot = this.#find(name, id, key);
    if (slot === NO_SLOT) return;
    const entries = this.#model.get(name)!;
    const entry = entries.get(key)!;
    this.#compareEntry(slot, entry);
    this.table.touch(id, slot);
    entries.delete(key);
    entries.set(key, entry);
  }

  #delete(): void {
    const name = this.#anyName();
    const key = this.#below(this.#keys.length);
    const slot = this.#find(name, this.table.namespaces.find(name), key);
    if (slot === NO_SLOT) return;
    this.#forget(name, key);
    this.table.remove(slot, ++this.#seq);
  }

  /** As the store does it: in place where there is one, else by writing the entry anew. */
  #changeDeadline(): void {
    const { table } = this;
    const name = this.#anyName();
    const id = table.namespaces.find(name);
    const key = this.#below(this.#keys.length);
    const slot = this.#find(name, id, key);
    if (slot === NO_SLOT) return;
    const entry = this.#model.get(name)!.get(key)!;
    const deadlineMs = this.#below(3) === 0 ? 0 : this.#anyDeadline();
    if (deadlineMs > 0 && entry.deadlineMs > 0) {
      table.moveDeadline(slot, deadlineMs, ++this.#seq);
      Object.assign(entry, { deadlineMs, version: this.#seq });
      return;
    }
    const length = table.keyLength(slot);
    const bytes = entryBytes(length, entry.value.length, deadlineMs > 0);
    const block = this.#makeRoom(name, id, key, slot, bytes, (evict) =>
      table.makeRoom(id, slot, length, entry.value.length, deadlineMs > 0, evict),
    );
    if (block === NO_BLOCK) return;
    const { u8 } = table.shard;
    const at = table.keyAt(slot);
    // prettier-ignore
    table.put(
      id, this.table.hash(id, u8, at, length), slot, block, u8, at, length,
      u8, at + length, entry.value.length, entry.kind, false, deadlineMs, ++this.#seq,
    );
    Object.assign(entry, { deadlineMs, version: this.#seq });
    this.#model.get(name)!.delete(key);
    this.#model.get(name)!.set(key, entry);
  }

  #batch(): void {
    const { table } = this;
    const keys = new Set<number>();
    const count = 1 + this.#below(this.#below(10) === 0 ? 400 : 8);
    for (let i = 0; i < count; i++) keys.add(this.#below(this.#keys.length));
    const name = this.#anyName();
    const id = this.#idOf(name);
    if (id === 0) return;
    const fresh = [...keys].filter((key) => this.#find(name, id, key) === NO_SLOT).map(() => id);
    const values = [...keys].map(() => this.#anyValue());
    const sizes = [...keys].map((k, i) =>
      entryBytes(this.#keys[k]!.length, values[i]!.length, true),
    );
    const blocks = table.makeRoomForAll(fresh, sizes, (v) => this.#evict(v, null, -1));
    if (blocks === null) return;
    [...keys].forEach((key, i) => {
      const slot = this.#find(name, id, key);
      this.#put(name, id, key, slot, blocks[i]!, values[i]!, this.#anyDeadline());
    });
  }

  #sweep(): void {
    const { table } = this;
    const dice = this.#below(100);
    const now = (this.#clock.now +=
      dice < 90 ? this.#below(200) : this.#below(3 * DAY_MS) >> (dice % 8));
    const stepsMax = 1 + this.#below(1000);
    const isNewTick = !table.wheel.caughtUp(now);
    for (let calls = 0; ; calls++) {
      expect(calls < 1e6, "a sweep comes to an end");
      const slot = table.wheel.due(now, stepsMax);
      if (slot === NO_SLOT && table.wheel.caughtUp(now)) break;
      if (slot === NO_SLOT) continue;
      if (table.namespaces.isDying(table.namespaceOf(slot))) {
        table.remove(slot, ++this.#seq);
        continue;
      }
      const name = table.namespaces.name(table.namespaceOf(slot));
      const key = this.#keyNumber(slot);
      expect(this.#model.get(name)!.get(key)!.deadlineMs <= now, "what comes due is past");
      expect(table.isExpired(slot), "what comes due has expired");
      this.#forget(name, key);
      table.remove(slot, ++this.#seq);
      this.counts.expiries++;
    }
    // What is past already when it is added comes due with the next tick.
    if (!isNewTick || dice % 8 > 0) return;
    const swept = Math.floor(now / TICK_MS) * TICK_MS;
    for (const entries of this.#model.values()) {
      for (const { deadlineMs } of entries.values()) {
        expect(deadlineMs === 0 || deadlineMs > swept, "a sweep leaves nothing that is past");
      }
    }
  }

  #clear(): void {
    const name = this.#anyName();
    const id = this.table.namespaces.find(name);
    if (id === 0) return;
    const keys = this.table.clear(id, ++this.#seq);
    if (keys < 0) {
      expect(this.table.namespaces.top === this.#config.namespacesMax, "the directory is full");
      return;
    }
    expect(keys === this.#model.get(name)!.size, "clear tells how many keys there were");
    this.#model.get(name)!.clear();
    if (this.#walk?.name === name) this.#walk = null;
    this.counts.clears++;
  }

  #stepWalk(): void {
    const { table } = this;
    const name = this.#walk?.name ?? this.#anyName();
    const id = table.namespaces.find(name);
    const entries = this.#model.get(name)!;
    this.#walk ??= {
      name,
      cursor: { ordinal: 0, page: 0, place: 0 },
      missing: new Set(entries.values()),
      met: new Set(),
    };
    const { cursor, missing, met } = this.#walk;
    for (let looks = this.#below(40); looks >= 0; looks--) {
      const slot = table.next(id, cursor, 1 + this.#below(10));
      if (slot === NO_SLOT && cursor.page === 0) {
        expect(missing.size === 0, "a walk meets every entry that stays");
        this.#walk = null;
        this.counts.walks++;
        return;
      }
      if (slot === NO_SLOT) continue;
      const entry = entries.get(this.#keyNumber(slot))!;
      expect(!met.has(entry), "a walk meets an entry once");
      met.add(entry);
      missing.delete(entry);
    }
  }

  // --- the model -----------------------------------------------------------------------------

  #forget(name: string, key: number): void {
    const entries = this.#model.get(name)!;
    this.#walk?.missing.delete(entries.get(key)!);
    entries.delete(key);
  }

  #find(name: string, id: NamespaceId, key: number): SlotRef {
    const { length } = this.#keys[key]!;
    let bytes = this.#keys[key]!;
    if (key % 2 === 0) {
      this.table.scratch.set(bytes);
      bytes = this.table.scratch;
    }
    const hash = this.table.hash(id, bytes, 0, length);
    const slot = this.table.find(id, hash, bytes, 0, length);
    const isThere = this.#model.get(name)!.has(key);
    expect((slot !== NO_SLOT) === isThere, "a key is found when it is there and only then");
    return slot;
  }

  #compareEntry(slot: SlotRef, entry: ModelEntry): void {
    const { table } = this;
    const at = table.valueAt(slot);
    const length = table.valueLength(slot);
    expect(length === entry.value.length, "a value has its length");
    const isSame = entry.value.compare(table.shard.u8, at, at + length) === 0;
    expect(isSame, "a value has its bytes");
    expect(table.kind(slot) === entry.kind, "a value has its kind");
    expect(table.version(slot) === entry.version, "an entry has its version");
    expect(table.deadline(slot) === entry.deadlineMs, "an entry has its deadline");
    const isPast = entry.deadlineMs > 0 && entry.deadlineMs <= this.#clock.now;
    expect(table.isExpired(slot) === isPast, "an entry has expired when its deadline is past");
  }

  #compare(name: string): void {
    const id = this.table.namespaces.find(name);
    const entries = this.#model.get(name)!;
    expect(entries.size === (id === 0 ? 0 : this.table.namespaces.keys(id)), "keys are counted");
    for (const [key, entry] of entries) this.#compareEntry(this.#find(name, id, key), entry);
  }

  #keyNumber(slot: SlotRef): number {
    const at = this.table.keyAt(slot);
    const { bytes } = this.table.shard;
    return this.#keyNumbers.get(latin1Slice(bytes, at, at + this.table.keyLength(slot)))!;
  }

  // --- drawing -------------------------------------------------------------------------------

  #below(bound: number): number {
    return this.#random() % bound;
  }

  #anyName(): string {
    return `ns${Math.min(this.#below(this.#config.namespaces), this.#below(8))}`;
  }

  #idOf(name: string): NamespaceId {
    return this.table.namespaces.findOrCreate(name);
  }

  #anyValue(): Buffer {
    const { valueBytesMax } = this.#config;
    const dice = this.#below(100);
    let length = this.#below(300);
    if (dice < 10) length = EDGES[this.#below(EDGES.length)]!;
    else if (dice < 14) length = this.#below(valueBytesMax + 1);
    length = Math.min(length, valueBytesMax);
    const from = this.#below(POOL.length - length);
    return POOL.subarray(from, from + length);
  }

  /** In the past, within a moment, a day, a year, or as far away as can be. */
  #anyDeadline(): number {
    const { now } = this.#clock;
    const dice = this.#below(100);
    if (dice < 10) return Math.max(1, now - this.#below(10_000));
    if (dice < 60) return now + this.#below(3000);
    if (dice < 80) return now + this.#below(DAY_MS);
    if (dice < 95) return now + this.#below(365) * DAY_MS;
    return 2 ** 47 + this.#below(1000);
  }
}

/** Value lengths around every change of layout or of the kind of block. */
const EDGES = [0, 1, 3, 4, 127, 128, 255, 256, 2046, 2047, 2048, 2049, 4096, 32_747, 32_768, 32_769]
  .flatMap((n) => [n, n + 1])
  .concat([40_000, 65_536, 100_000]);

function makeKey(i: number): Buffer {
  const length = i % 97 === 13 ? 1000 : i % 7 === 0 ? 40 : 8;
  return Buffer.from(`k${i}-`.padEnd(length, "abcdefgh"));
}
