/**
 * More keys than a Map of V8 can hold (2^24), in one table; and the largest table there can be, whose
 * addresses pass 2^31. Both in a file of their own, since they take a while and much memory.
 */
import { expect, test } from "vitest";
import { makeTable } from "../../test/support/table-driver.ts";
import type { Table } from "./table.ts";
import { NO_BLOCK } from "./arena.ts";
import type { BlockRef } from "./arena.ts";
import type { NamespaceId } from "./namespaces.ts";
import { SHARD_BYTES_MAX } from "./shard.ts";
import { NO_SLOT } from "./slots.ts";

const KEYS = 17_050_000;
const GIB = 2 ** 30;
const never = (): boolean => false;

/** Numbered keys of 6 bytes, each with its number as the value. */
class Numbered {
  readonly #table: Table;
  readonly #id: NamespaceId;
  readonly #key = Buffer.alloc(8);

  constructor(table: Table) {
    this.#table = table;
    this.#id = table.namespaces.findOrCreate("numbers");
  }

  set(n: number): void {
    const key = this.#key;
    key.writeDoubleLE(n);
    const hash = this.#table.hash(this.#id, key, 2, 6);
    const block = this.#table.makeRoom(this.#id, NO_SLOT, 6, 4, false, never);
    if (block === NO_BLOCK) throw new Error(`no room for key ${n}`);
    this.#table.put(this.#id, hash, NO_SLOT, block, key, 2, 6, key, 4, 4, 2, false, 0, n);
  }

  /** Whether the key is there, with its value and version. */
  has(n: number): boolean {
    const key = this.#key;
    key.writeDoubleLE(n);
    const slot = this.#table.find(this.#id, this.#table.hash(this.#id, key, 2, 6), key, 2, 6);
    if (slot === NO_SLOT) return false;
    const at = this.#table.valueAt(slot);
    const isSame = key.compare(this.#table.shard.u8, at, at + 4, 4, 8) === 0;
    return isSame && this.#table.version(slot) === n;
  }
}

test("more than 17 million keys are held, found, walked and counted", { timeout: 300_000 }, () => {
  const table = makeTable({ maxBytes: 2 * GIB });
  const numbered = new Numbered(table);
  for (let n = 1; n <= KEYS; n++) numbered.set(n);
  expect(table.entries).toBe(KEYS);
  for (let n = 1; n <= KEYS; n += 97) if (!numbered.has(n)) throw new Error(`${n} is gone`);
  expect(numbered.has(KEYS + 1)).toBe(false);
  expect(table.usedBytes / KEYS).toBeLessThan(50);
  const cursor = { ordinal: 0, page: 0, place: 0 };
  const id = table.namespaces.find("numbers");
  let met = 0;
  let versions = 0;
  for (let slot = table.next(id, cursor, Infinity); slot !== NO_SLOT; met++) {
    versions += table.version(slot);
    slot = table.next(id, cursor, Infinity);
  }
  expect(met).toBe(KEYS);
  expect(versions).toBe((KEYS * (KEYS + 1)) / 2);
});

test("the largest table holds entries at its far end, beyond 2^31 and up to 4 GiB", () => {
  const table = makeTable({ maxBytes: 8 * GIB });
  const { shard } = table;
  expect(shard.memory.byteLength).toBe(SHARD_BYTES_MAX);
  expect(table.maxBytes).toBeLessThan(SHARD_BYTES_MAX / 1.25);
  const id = table.namespaces.findOrCreate("far");
  const large: BlockRef[] = [];
  // Blocks that are never written to take up addresses, and no memory.
  for (const bytes of [GIB, GIB, GIB / 2, GIB / 2]) {
    const block = table.makeRoom(id, NO_SLOT, 1, bytes, false, never);
    expect(block).not.toBe(NO_BLOCK);
    large.push(block);
  }
  const text = "the far end, mesuré €";
  const key = Buffer.from("key");
  const value = Buffer.from(text);
  const hash = table.hash(id, key, 0, 3);
  const block = table.makeRoom(id, NO_SLOT, 3, value.length, true, never);
  // prettier-ignore
  const slot = table.put(
    id, hash, NO_SLOT, block, key, 0, 3, value, 0, value.length, 0, false, 2 ** 47, 2 ** 40,
  );
  expect(table.valueAt(slot)).toBeGreaterThan(3 * GIB);
  expect(table.find(id, hash, key, 0, 3)).toBe(slot);
  expect(table.valueText(slot)).toBe(text);
  expect(table.deadline(slot)).toBe(2 ** 47);
  expect(table.version(slot)).toBe(2 ** 40);
  table.namespaces.findOrCreate("another");
  for (const taken of large) table.returnRoom(NO_SLOT, taken);
  table.remove(slot, 1);
  expect(table.usedBytes).toBeLessThan(20_000);
});
