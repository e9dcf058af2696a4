import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { MIB, TableDriver } from "../../test/support/table-driver.ts";
import { NO_BLOCK } from "./arena.ts";
import { noEviction } from "./eviction.ts";
import { NAMESPACE } from "./namespaces.ts";
import { RICHEST_LOOKS } from "./richest.ts";
import { NO_SLOT, SLOT, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

/** Keys from the most recently used to the next victim. */
function order(driver: TableDriver): string {
  const { u32 } = driver.table.shard;
  const keys: string[] = [];
  let slot = u32[driver.table.namespaces.word(driver.id()) + NAMESPACE.lruHead]! as SlotRef;
  for (; slot !== NO_SLOT; slot = u32[slotWord(slot) + SLOT.next]! as SlotRef) {
    keys.push(driver.keyOf(slot));
  }
  return keys.join("");
}

const touch = (driver: TableDriver, key: string): void =>
  driver.table.touch(driver.id(), driver.find(key));

const STEPS: readonly (readonly [string, (driver: TableDriver) => unknown, string])[] = [
  ["touching the head", (d) => touch(d, "d"), "dcba"],
  ["touching the middle", (d) => touch(d, "b"), "bdca"],
  ["touching the tail", (d) => touch(d, "a"), "adcb"],
  ["overwriting the tail", (d) => d.set("a", "x"), "adcb"],
  ["overwriting with another size", (d) => d.set("b", "x".repeat(5000)), "bdca"],
  ["removing the head", (d) => d.delete("d"), "cba"],
  ["removing the middle", (d) => d.delete("c"), "dba"],
  ["removing the tail", (d) => d.delete("a"), "dcb"],
  ["a new key at capacity", (d) => d.set("e", "x"), "edcb"],
  ["a new key after the tail was read", (d) => (touch(d, "a"), d.set("e", "x")), "eadc"],
];
for (const [name, step, expected] of STEPS) {
  test(`${name} makes dcba ${expected}`, () => {
    const driver = new TableDriver({ capacity: 4 });
    for (const key of "abcd") driver.set(key, "value");
    step(driver);
    expect(order(driver)).toBe(expected);
    checkTable(driver.table);
  });
}

test("removing all, from either end, leaves a list that works", () => {
  for (const keys of ["abcd", "dcba"]) {
    const driver = new TableDriver();
    for (const key of "abcd") driver.set(key, "value");
    for (const key of keys) driver.delete(key);
    expect(order(driver)).toBe("");
    driver.set("e", "x");
    expect(order(driver)).toBe("e");
  }
});

test("the capacity is each namespace's own", () => {
  const driver = new TableDriver({ capacity: 2 });
  for (const key of "abc") driver.set(key, "v", { name: "one" });
  for (const key of "ab") driver.set(key, "v", { name: "two" });
  expect(driver.evicted).toEqual(["one/a"]);
});

for (const limit of [{ capacity: 2 }, { maxBytes: 20_000 }]) {
  test(`without eviction a write beyond ${JSON.stringify(limit)} is refused and nothing changes`, () => {
    const driver = new TableDriver({ ...limit, eviction: "none" });
    const value = "x".repeat(3000);
    let written = 0;
    while (driver.set(`key${written}`, value)) written++;
    const before = driver.table.usedBytes;
    expect(written).toBeGreaterThan(1);
    for (let i = 0; i < 100; i++) expect(driver.set("one more", value)).toBe(false);
    expect(driver.set("key0", "y".repeat(3000))).toBe(true);
    expect(driver.evicted).toEqual([]);
    expect(driver.table.usedBytes).toBe(before);
    driver.delete("key1");
    expect(driver.set("one more", value)).toBe(true);
    checkTable(driver.table);
  });
}

test("what can never fit evicts nothing", () => {
  const driver = new TableDriver({ maxBytes: MIB });
  for (let i = 0; i < 100; i++) driver.set(`key${i}`, "x".repeat(5000));
  expect(driver.set("large", Buffer.alloc(MIB))).toBe(false);
  expect(driver.set("key1", Buffer.alloc(MIB))).toBe(false);
  expect(driver.evicted).toEqual([]);
  expect(driver.set("large", Buffer.alloc(MIB - 65_536))).toBe(true);
  expect(driver.table.entries).toBeLessThan(12);
  checkTable(driver.table);
});

test("an evictor that stops leaves the write refused and the rest in place", () => {
  const driver = new TableDriver({ maxBytes: MIB });
  for (let i = 0; driver.evicted.length === 0; i++) driver.set(`key${i}`, "x".repeat(5000));
  const { entries } = driver.table;
  const block = driver.table.makeRoom(driver.id(), NO_SLOT, 3, 50_000, false, () => false);
  expect(block).toBe(NO_BLOCK);
  expect(driver.table.entries).toBe(entries);
});

test("the namespace that holds the most gives way, so one tenant can't push out the others", () => {
  const driver = new TableDriver({ maxBytes: 2 * MIB });
  for (const name of ["poor", "modest"]) {
    for (let i = 0; i < 20; i++) driver.set(`key${i}`, "x".repeat(1000), { name });
  }
  for (let i = 0; i < 5000; i++) driver.set(`key${i}`, "x".repeat(1000), { name: "rich" });
  for (let i = 0; i < 100; i++) driver.set(`more${i}`, "x".repeat(1000), { name: "poor" });
  expect(driver.evicted.length).toBeGreaterThan(3000);
  expect(driver.evicted.filter((key) => !key.startsWith("rich/"))).toEqual([]);
});

test("the only namespace with keys is found among many without", () => {
  for (const at of [0, RICHEST_LOOKS - 1, RICHEST_LOOKS, 299]) {
    const driver = new TableDriver({ maxBytes: MIB, namespacesMax: 400 });
    for (let n = 0; n < 300; n++) driver.id(`n${n}`);
    for (let i = 0; i < 300; i++) driver.set(`key${i}`, "x".repeat(5000), { name: `n${at}` });
    driver.table.clear(driver.id(`n${at}`), 1);
    for (let i = 0; i < 300; i++) {
      expect(driver.set(`key${i}`, "x".repeat(5000), { name: `n${299 - at}` })).toBe(true);
    }
    checkTable(driver.table);
  }
});

test("where the richest holds nothing but the entry that is overwritten, another gives way", () => {
  const driver = new TableDriver({ maxBytes: MIB });
  for (let i = 0; i < 50; i++) driver.set(`key${i}`, "x".repeat(5000), { name: "small" });
  driver.set("large", Buffer.alloc(600_000), { name: "large" });
  expect(driver.set("large", Buffer.alloc(900_000), { name: "large" })).toBe(true);
  expect(new Set(driver.evicted.map((key) => key.split("/")[0]))).toEqual(new Set(["small"]));
  checkTable(driver.table);
});

test("the strategy that keeps no order names no victim", () => {
  expect(noEviction.victim(1 as never, NO_SLOT)).toBe(NO_SLOT);
});
