import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { makeTable } from "../../test/support/table-driver.ts";
import { KIND } from "./entry.ts";
import { NO_SLOT } from "./slots.ts";
import type { Table } from "./table.ts";

const MiB = 1024 * 1024;

/** Adds keys from..to-1 to a table, as a load does. */
function add(table: Table, from: number, to: number): void {
  const id = table.namespaces.findOrCreate("ns");
  for (let i = from; i < to; i++) {
    const key = Buffer.from(`key:${i}`);
    const hash = table.hash(id, key, 0, key.length);
    const block = table.makeRoom(id, NO_SLOT, key.length, 0, false, () => false);
    // prettier-ignore
    table.put(
      id, hash, NO_SLOT, block, key, 0, key.length, key, 0, 0, KIND.bytes, false, 0, i + 1,
    );
  }
}

function count(table: Table, from: number, to: number): number {
  const id = table.namespaces.findOrCreate("ns");
  let found = 0;
  for (let i = from; i < to; i++) {
    const key = Buffer.from(`key:${i}`);
    const slot = table.find(id, table.hash(id, key, 0, key.length), key, 0, key.length);
    if (slot !== NO_SLOT && table.version(slot) === i + 1) found++;
  }
  return found;
}

// Few enough to be inserted as they came, and enough to be sorted; into an index that fits, and one
// that has to grow under them.
for (const keys of [1, 31, 33, 4095, 4096, 20_000]) {
  for (const expected of [0, keys]) {
    test(`${keys} keys are found once they are settled, in an index made for ${expected}`, () => {
      const table = makeTable({ maxBytes: 64 * MiB });
      table.expect(expected);
      expect(table.defer(keys)).toBe(true);
      add(table, 0, keys);
      expect(count(table, 0, keys)).toBe(0);
      expect(table.settle()).toBe(true);
      expect(count(table, 0, keys)).toBe(keys);
      checkTable(table);
    });
  }
}

test("what is added after that is found at once, and batches follow one another", () => {
  const table = makeTable({ maxBytes: 64 * MiB });
  for (let from = 0; from < 30_000; from += 10_000) {
    table.defer(9999);
    add(table, from, from + 9999);
    expect(table.settle()).toBe(true);
    add(table, from + 9999, from + 10_000);
    expect(count(table, from + 9999, from + 10_000)).toBe(1);
  }
  expect(count(table, 0, 30_000)).toBe(30_000);
  checkTable(table);
});

test("no more is put off than a batch holds, or than the pages that are left can take up", () => {
  const table = makeTable({ maxBytes: 512 * MiB });
  expect(table.defer(2 ** 19)).toBe(true);
  expect(table.defer(2 ** 19 + 1)).toBe(false);
  add(table, 0, 10);
  expect(table.defer(2 ** 19)).toBe(false);
  expect(table.defer(2 ** 19 - 10)).toBe(true);
  expect(table.settle()).toBe(true);
  expect(table.defer(2 ** 19)).toBe(true);
  const small = makeTable({ maxBytes: 4 * MiB });
  expect(small.defer(1000)).toBe(true);
  expect(small.defer(400_000)).toBe(false);
});
