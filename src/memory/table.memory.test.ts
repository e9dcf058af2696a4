/**
 * What the table promises of memory, by count: however sizes change, the pages given out stay within
 * a quarter of what the entries need; and what goes comes back.
 */
import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { MIB, StillClock, TableDriver, randomFrom } from "../../test/support/table-driver.ts";
import { entryBytes } from "./entry.ts";
import { NO_SLOT } from "./slots.ts";

const RATIO_MAX = 1.25;
/** What an entry costs beside key and value: head, slot, place in the index. */
const OVERHEAD_BYTES = entryBytes(0, 0, false) + 4096 / 170 + 64 / 7.5;
/** One span for each of the 161 sizes may stay when all else has gone. */
const EMPTY_BYTES_MAX = 20 * MIB;
const VALUE = Buffer.alloc(MIB, "v");

/** A table with numbered keys, and the worst that was seen of its memory. */
class Filled {
  readonly driver = new TableDriver({ maxBytes: 1024 * MIB });
  readonly sizes: Int32Array;
  #needed = 0;
  #writes = 0;
  worstRatio = 0;

  constructor(keys: number) {
    this.sizes = new Int32Array(keys).fill(-1);
  }

  write(key: number, valueBytes: number): void {
    const name = nameOf(key);
    if (!this.driver.set(name, VALUE.subarray(0, valueBytes))) throw new Error("no room");
    if (this.sizes[key]! < 0) this.#needed += name.length + OVERHEAD_BYTES;
    this.#needed += valueBytes - Math.max(0, this.sizes[key]!);
    this.sizes[key] = valueBytes;
    if (++this.#writes < this.sizes.length || this.#writes % 5000 > 0) return;
    this.worstRatio = Math.max(this.worstRatio, this.driver.table.arenaBytes / this.#needed);
  }
}

function nameOf(key: number): string {
  return `key:${String(key).padStart(12, "0")}`;
}

/** Writes every key once, and then goes on as the case says. */
const WORKLOADS: Record<string, (filled: Filled, random: () => number) => void> = {
  "all keys five times with sizes drawn anew from 10 to 1000": (filled, random) => {
    for (let round = 0; round <= 5; round++) {
      filled.sizes.forEach((_, key) => filled.write(key, 10 + (random() % 991)));
    }
  },
  "keys in random order with sizes from 10 to 1000": (filled, random) => {
    filled.sizes.forEach((_, key) => filled.write(key, 10 + (random() % 991)));
    for (let i = 0; i < 300_000; i++) {
      filled.write(random() % filled.sizes.length, 10 + (random() % 991));
    }
  },
  "seventy per cent of the keys, each time with another size": (filled, random) => {
    for (const size of [100, 120, 140, 160, 200, 90, 60, 260, 300, 40, 500]) {
      filled.sizes.forEach((before, key) => {
        if (before < 0 || random() % 10 < 7) filled.write(key, size);
      });
    }
  },
  "keys in random order with a size that grows by a tenth": (filled, random) => {
    filled.sizes.forEach((_, key) => filled.write(key, 100));
    for (let size = 110; size < 500; size = Math.ceil(size * 1.1)) {
      for (let i = 0; i < 40_000; i++) filled.write(random() % filled.sizes.length, size);
    }
  },
  "a tenth of the keys with values of kilobytes, beside small ones": (filled, random) => {
    filled.sizes.forEach((_, key) => filled.write(key, 60));
    for (let i = 0; i < 150_000; i++) {
      filled.write(
        random() % 10_000,
        [3000, 5000, 9000][Math.floor(i / 50_000)]! + (random() % 999),
      );
    }
  },
};

for (const [name, work] of Object.entries(WORKLOADS)) {
  test(`writing ${name} keeps memory within ${RATIO_MAX} of what is needed`, () => {
    const filled = new Filled(100_000);
    work(filled, randomFrom(7));
    expect(filled.worstRatio).toBeGreaterThan(1);
    expect(filled.worstRatio).toBeLessThan(RATIO_MAX);
    checkTable(filled.driver.table);
  });
}

test("a pass without writes brings memory down when most keys were deleted", () => {
  const filled = new Filled(100_000);
  const { table } = filled.driver;
  for (let key = 0; key < 100_000; key++) filled.write(key, 500);
  for (let key = 0; key < 100_000; key++) if (key % 10 > 0) filled.driver.delete(nameOf(key));
  const before = table.arenaBytes;
  while (table.defragment(1000));
  expect(table.arenaBytes).toBeLessThan(before / 4);
  checkTable(table);
});

const ENDINGS: Record<string, (driver: TableDriver, clock: StillClock) => void> = {
  "deleted in the order of writing": (driver) => {
    for (let key = 0; key < KEYS; key++) driver.delete(nameOf(key));
  },
  "deleted in another order": (driver) => {
    for (let key = 0; key < KEYS; key++) driver.delete(nameOf((key * 7919) % KEYS));
  },
  expired: ({ table }, clock) => {
    for (clock.now += 2000; !table.wheel.caughtUp(clock.now);) {
      const slot = table.wheel.due(clock.now, 1000);
      if (slot !== NO_SLOT) table.remove(slot, 1);
    }
  },
  cleared: (driver) => {
    driver.table.clear(driver.id(), 1);
    while (driver.table.reap(1000) > 0);
  },
};
const KEYS = 50_000;

for (const [name, end] of Object.entries(ENDINGS)) {
  test(`all memory is back when all keys are ${name}`, () => {
    const clock = new StillClock();
    const driver = new TableDriver({ maxBytes: 256 * MIB, clock });
    const start = driver.table.usedBytes;
    const random = randomFrom(3);
    for (let key = 0; key < KEYS; key++) {
      const deadlineMs = clock.now + 1 + (random() % 1000);
      driver.set(nameOf(key), VALUE.subarray(0, 10 + (random() % 991)), { deadlineMs });
    }
    expect(driver.table.usedBytes).toBeGreaterThan(KEYS * 500);
    end(driver, clock);
    expect(driver.table.entries).toBe(0);
    expect(driver.table.usedBytes - start).toBeLessThanOrEqual(64);
    expect(driver.table.arenaBytes).toBeLessThan(EMPTY_BYTES_MAX);
    checkTable(driver.table);
  });
}
