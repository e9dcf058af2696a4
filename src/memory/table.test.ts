import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { MIB, StillClock, TableDriver, randomFrom } from "../../test/support/table-driver.ts";
import { NO_BLOCK } from "./arena.ts";
import { entryBytes } from "./entry.ts";
import { COUNTER, PAGE_BYTES } from "./shard.ts";
import { NO_SLOT } from "./slots.ts";

const LENGTHS = [
  0, 1, 2, 64, 191, 192, 193, 2046, 2047, 2048, 2049, 32_740, 32_768, 40_000, 1_000_000,
];

for (const length of LENGTHS) {
  test(`a value of ${length} bytes is read as written, overwritten from and to every other length`, () => {
    const driver = new TableDriver();
    const value = Buffer.from(Uint8Array.from({ length }, (_, i) => i * 7));
    for (const other of LENGTHS) {
      driver.set("key", Buffer.alloc(other, 1));
      driver.set("key", value);
      expect(driver.get("key")?.equals(value)).toBe(true);
    }
    expect(driver.table.entries).toBe(1);
    checkTable(driver.table);
  });
}

for (const length of [1, 2, 255, 256, 65_535]) {
  test(`a key of ${length} bytes is found, and no other that begins or ends like it`, () => {
    const driver = new TableDriver();
    const key = Buffer.alloc(length, "k");
    driver.set(key, "value");
    expect(driver.get(key)?.toString()).toBe("value");
    expect(driver.get(Buffer.concat([key, key]).subarray(0, length + 1))).toBe(null);
    if (length > 1) expect(driver.get(key.subarray(1))).toBe(null);
    expect(driver.get(key, "another")).toBe(null);
    checkTable(driver.table);
  });
}

/**
 * Giving an entry a deadline or taking it away rewrites the entry from its own bytes, which may stay
 * in the same block, some words further on or back.
 */
for (let length = 0; length < 700; length += 3) {
  test(`a value of ${length} bytes survives getting a deadline and losing it`, () => {
    const driver = new TableDriver();
    const { table } = driver;
    const value = Buffer.from(Uint8Array.from({ length }, (_, i) => 1 + (i % 251)));
    driver.set("some key", value);
    for (const deadlineMs of [2 ** 45, 0, 2 ** 46, 0]) {
      const slot = driver.find("some key");
      const id = driver.id();
      const block = table.makeRoom(id, slot, 8, length, deadlineMs > 0, () => false);
      expect(block).not.toBe(NO_BLOCK);
      const { u8 } = table.shard;
      const at = table.keyAt(slot);
      // prettier-ignore
      table.put(
        id, driver.hash("some key", id), slot, block, u8, at, 8, u8, at + 8, length,
        table.kind(slot), false, deadlineMs, 1,
      );
      expect(table.deadline(driver.find("some key"))).toBe(deadlineMs);
      expect(driver.get("some key")?.equals(value)).toBe(true);
      checkTable(table);
    }
  });
}

test("a key is live up to its deadline and expired from then on", () => {
  const clock = new StillClock(5000);
  const driver = new TableDriver({ clock });
  driver.set("key", "value", { deadlineMs: 6000 });
  driver.set("forever", "value");
  const expired = [5999, 6000, 6001].map((now) => {
    clock.now = now;
    return driver.table.isExpired(driver.find("key"));
  });
  expect(expired).toEqual([false, true, true]);
  expect(driver.table.isExpired(driver.find("forever"))).toBe(false);
});

test("values come back as text, fast when they are ASCII, and as U+FFFD where they are not UTF-8", () => {
  const driver = new TableDriver();
  const { table } = driver;
  const put = (value: Buffer, ascii: boolean): string => {
    const id = driver.id();
    const slot = driver.find("key");
    const block = table.makeRoom(id, slot, 3, value.length, false, () => false);
    const key = Buffer.from("key");
    return table.valueText(
      table.put(
        id, driver.hash("key", id), slot, block, key, 0, 3, value, 0, value.length, 0, ascii, 0, 1,
      ), // prettier-ignore
    );
  };
  expect(put(Buffer.from("plain"), true)).toBe("plain");
  expect(put(Buffer.from("plain"), false)).toBe("plain");
  expect(put(Buffer.from("größer 😀"), false)).toBe("größer 😀");
  expect(put(Buffer.from([0x61, 0xff]), false)).toBe("a\ufffd");
  expect(put(Buffer.alloc(0), true)).toBe("");
});

// --- several at once ---------------------------------------------------------------------------

for (const count of [1, 2, 169, 170, 171, 2000]) {
  test(`room for ${count} new entries is had at once, and is enough to put them all`, () => {
    const driver = new TableDriver();
    const { table } = driver;
    const id = driver.id();
    const sizes = Array.from({ length: count }, (_, i) => entryBytes(8, i % 500, false));
    for (let round = 0; round < 3; round++) {
      const ids = sizes.map(() => id);
      const blocks = table.makeRoomForAll(ids, sizes, () => false)!;
      blocks.forEach((block, i) => {
        const key = Buffer.from(`k${round}-${String(i).padStart(5)}`);
        const value = Buffer.alloc(i % 500, i);
        // prettier-ignore
        table.put(
          id, driver.hash(key, id), NO_SLOT, block, key, 0, 8, value, 0, value.length, 0, false, 0, 1,
        );
      });
    }
    expect(table.entries).toBe(3 * count);
    // Slots that were promised and not used up are used before others are added.
    expect(table.shard.u32[COUNTER.slotPages]).toBe(Math.ceil((3 * count) / 170));
    checkTable(table);
  });
}

test("room for several is had for all or for none", () => {
  const driver = new TableDriver({ maxBytes: MIB, eviction: "none" });
  const id = driver.id();
  const before = driver.table.usedBytes;
  expect(driver.table.makeRoomForAll([id, id], [600_000, 600_000], () => false)).toBe(null);
  expect(driver.table.usedBytes).toBe(before);
  const blocks = driver.table.makeRoomForAll([id, id], [400_000, 400_000], () => false)!;
  for (const block of blocks) driver.table.returnRoom(NO_SLOT, block);
  checkTable(driver.table);
});

test("several entries more than a namespace may hold evict nothing", () => {
  const driver = new TableDriver({ capacity: 3 });
  for (const key of "abc") driver.set(key, "v");
  const id = driver.id();
  expect(driver.table.makeRoomForAll([id, id, id, id], [8, 8, 8, 8], never)).toBe(null);
  expect(driver.keys()).toEqual(["a", "b", "c"]);
});

function never(): boolean {
  throw new Error("nothing is to be evicted");
}

// --- when no page is left ----------------------------------------------------------------------

/** A table of which all pages are taken, most of them by spans with little in them. */
function riddled(eviction: "lru" | "none"): TableDriver {
  const driver = new TableDriver({ maxBytes: 128 * MIB, eviction });
  for (let i = 0; i < 110_000; i++) driver.set(`key${i}`, VALUE);
  for (let i = 0; i < 110_000; i++) if (i % 8 > 0) driver.delete(`key${i}`);
  const { shard } = driver.table;
  const untouched = (shard.endPage - shard.u32[COUNTER.pagesTop]!) * PAGE_BYTES;
  expect(driver.set("rest", Buffer.alloc(untouched - 64))).toBe(true);
  expect(shard.u32[COUNTER.pagesTop]).toBe(shard.endPage);
  return driver;
}

function checkKept(driver: TableDriver): void {
  for (let i = 0; i < 110_000; i += 8) {
    if (driver.get(`key${i}`)?.equals(VALUE) !== true) throw new Error(`key${i} is not as it was`);
  }
  checkTable(driver.table);
}

for (const eviction of ["lru", "none"] as const) {
  test(`what is free in spans of one size goes to another when no page is left, eviction ${eviction}`, () => {
    const driver = riddled(eviction);
    for (let i = 0; i < 10_000; i++) expect(driver.set(`other${i}`, "x".repeat(3000))).toBe(true);
    expect(driver.evicted).toEqual([]);
    checkKept(driver);
  });
}

test("a value that no run of pages is long enough for evicts few, and is refused", () => {
  const driver = riddled("lru");
  driver.table.touch(driver.id(), driver.find("rest"));
  for (let i = 0; i < 110_000; i += 8) driver.table.touch(driver.id(), driver.find(`key${i}`));
  for (let i = 0; i < 100; i++) driver.set(`old${i}`, VALUE);
  for (let i = 0; i < 110_000; i += 8) driver.table.touch(driver.id(), driver.find(`key${i}`));
  driver.table.touch(driver.id(), driver.find("rest"));
  expect(driver.set("large", Buffer.alloc(30 * MIB))).toBe(false);
  expect(driver.evicted.length).toBeLessThanOrEqual(65);
  checkKept(driver);
});

const VALUE = Buffer.alloc(1000, "v");

// --- bounded work ------------------------------------------------------------------------------

test("a pass of moving blocks looks at no more slots than it may, and moves each at most once", () => {
  const driver = new TableDriver();
  for (let i = 0; i < 5000; i++) driver.set(`key${i}`, VALUE);
  for (let i = 0; i < 5000; i++) if (i % 4 > 0) driver.delete(`key${i}`);
  const blocksOf = (): number[] =>
    Array.from({ length: 1250 }, (_, i) => driver.table.block(driver.find(`key${i * 4}`)));
  const first = blocksOf();
  let before = first;
  let calls = 0;
  for (let more = true; more; calls++) {
    more = driver.table.defragment(10, true) && calls < 10_000;
    const now = blocksOf();
    const moved = now.filter((block, i) => block !== before[i]).length;
    expect(moved).toBeLessThanOrEqual(10);
    before = now;
  }
  expect(calls).toBeGreaterThan(125);
  expect(before.filter((block, i) => block !== first[i]).length).toBeGreaterThan(600);
  for (let i = 0; i < 5000; i += 4) expect(driver.get(`key${i}`)?.equals(VALUE)).toBe(true);
  checkTable(driver.table);
});

for (const limit of [1, 7, 170, 1000]) {
  test(`reaping ${limit} at a time gives back just so many`, () => {
    const driver = new TableDriver();
    for (let i = 0; i < 2500; i++) driver.set(`key${i}`, "v");
    driver.table.clear(driver.id(), 1);
    for (let left = 2500; left > 0; left -= limit) {
      expect(driver.table.entries).toBe(left);
      expect(driver.table.reap(limit)).toBe(Math.min(left, limit));
    }
    expect(driver.table.reap(limit)).toBe(0);
    checkTable(driver.table);
  });
}

test("a write that needs room takes it from cleared namespaces before it evicts", () => {
  const driver = new TableDriver({ maxBytes: 4 * MIB });
  const random = randomFrom(4);
  for (let i = 0; i < 3000; i++)
    driver.set(`key${i}`, "x".repeat(random() % 1000), { name: "old" });
  driver.table.clear(driver.id("old"), 1);
  for (let i = 0; i < 2500; i++)
    driver.set(`key${i}`, "x".repeat(random() % 1000), { name: "new" });
  expect(driver.evicted).toEqual([]);
  expect(driver.keys("new")).toHaveLength(2500);
  checkTable(driver.table);
});

test("keys that went are removed from memory by whoever removes them, once", () => {
  const driver = new TableDriver();
  expect(driver.delete("key")).toBe(false);
  driver.set("key", "value");
  expect(driver.table.namespaces.removalSeq(driver.id())).toBe(0);
  expect(driver.delete("key")).toBe(true);
  expect(driver.table.namespaces.removalSeq(driver.id())).toBe(2);
  expect(driver.delete("key")).toBe(false);
});
