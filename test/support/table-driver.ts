/**
 * A table with a clock that stands still, and the calls of a test on it: keys and values as strings
 * or bytes, every write by `makeRoom` and `put` as the store does it.
 */
import type { Clock } from "../../src/base/clock.ts";
import { NO_BLOCK } from "../../src/memory/arena.ts";
import type { NamespaceId } from "../../src/memory/namespaces.ts";
import { NO_SLOT } from "../../src/memory/slots.ts";
import type { SlotCursor, SlotRef } from "../../src/memory/slots.ts";
import { Table } from "../../src/memory/table.ts";
import type { TableOptions } from "../../src/memory/table.ts";

export class StillClock implements Clock {
  now: number;

  constructor(now = 1_700_000_000_000) {
    this.now = now;
  }

  nowMs(): number {
    return this.now;
  }

  monotonicMs(): number {
    return this.now;
  }
}

export const MIB = 1024 * 1024;

export function makeTable(options: Partial<TableOptions> = {}): Table {
  return new Table({
    maxBytes: 64 * MIB,
    capacity: 0,
    eviction: "lru",
    namespacesMax: 64,
    clock: new StillClock(),
    seed: [0x01234567, 0x89abcdef],
    ...options,
  });
}

export class TableDriver {
  readonly table: Table;
  /** Version of the last write; the next has one more. */
  seq = 0;
  /** Keys evicted so far, with the names of their namespaces. */
  readonly evicted: string[] = [];

  constructor(options: Partial<TableOptions> = {}) {
    this.table = makeTable(options);
  }

  id(name = "default"): NamespaceId {
    return this.table.namespaces.findOrCreate(name);
  }

  find(key: string | Uint8Array, name = "default"): SlotRef {
    const bytes = bytesOf(key);
    const id = this.id(name);
    return this.table.find(id, this.hash(key, id), bytes, 0, bytes.length);
  }

  hash(key: string | Uint8Array, id: NamespaceId): number {
    const bytes = bytesOf(key);
    return this.table.hash(id, bytes, 0, bytes.length);
  }

  /** False when there was no room. */
  set(
    key: string | Uint8Array,
    value: string | Uint8Array,
    options: { name?: string; deadlineMs?: number } = {},
  ): boolean {
    const { name = "default", deadlineMs = 0 } = options;
    const { table } = this;
    const id = this.id(name);
    const bytes = bytesOf(key);
    const data = bytesOf(value);
    const hash = this.hash(key, id);
    const slot = table.find(id, hash, bytes, 0, bytes.length);
    // prettier-ignore
    const block = table.makeRoom(
      id, slot, bytes.length, data.length, deadlineMs > 0, this.#evict,
    );
    if (block === NO_BLOCK) return false;
    // prettier-ignore
    table.put(
      id, hash, slot, block, bytes, 0, bytes.length, data, 0, data.length,
      0, false, deadlineMs, ++this.seq,
    );
    return true;
  }

  /** The value; null when there is none. */
  get(key: string | Uint8Array, name = "default"): Buffer | null {
    const slot = this.find(key, name);
    if (slot === NO_SLOT) return null;
    const at = this.table.valueAt(slot);
    return Buffer.from(this.table.shard.u8.slice(at, at + this.table.valueLength(slot)));
  }

  delete(key: string | Uint8Array, name = "default"): boolean {
    const slot = this.find(key, name);
    if (slot === NO_SLOT) return false;
    this.table.remove(slot, ++this.seq);
    return true;
  }

  /** The keys of a namespace in the order of a walk that looks at `looksMax` slots a call. */
  keys(name = "default", looksMax = Infinity): string[] {
    const cursor: SlotCursor = { ordinal: 0, page: 0, place: 0 };
    const found: string[] = [];
    do {
      const slot = this.table.next(this.id(name), cursor, looksMax);
      if (slot !== NO_SLOT) found.push(this.keyOf(slot));
    } while (cursor.page !== 0);
    return found;
  }

  keyOf(slot: SlotRef): string {
    const at = this.table.keyAt(slot);
    return this.table.shard.bytes.toString("latin1", at, at + this.table.keyLength(slot));
  }

  readonly #evict = (victim: SlotRef): boolean => {
    const name = this.table.namespaces.name(this.table.namespaceOf(victim));
    this.evicted.push(`${name}/${this.keyOf(victim)}`);
    this.table.remove(victim, ++this.seq);
    return true;
  };
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? Buffer.from(data) : data;
}

/** A generator of numbers below 2^32 that a seed determines (xorshift, Marsaglia). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0 || 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
