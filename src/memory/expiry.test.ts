import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { StillClock, TableDriver, randomFrom } from "../../test/support/table-driver.ts";
import { TICK_MS } from "./expiry.ts";
import { NO_SLOT } from "./slots.ts";

const START_MS = 1_700_000_000_000;
const DAY_MS = 86_400_000;

class Expiring extends TableDriver {
  readonly clock: StillClock;

  constructor(startMs: number = START_MS) {
    const clock = new StillClock(startMs);
    super({ clock });
    this.clock = clock;
  }

  /** Goes to a time and removes what is due; the keys, and the calls it took. */
  sweep(nowMs: number, stepsMax = 1000): { keys: string[]; calls: number } {
    this.clock.now = nowMs;
    const keys: string[] = [];
    let calls = 0;
    for (; ; calls++) {
      const slot = this.table.wheel.due(nowMs, stepsMax);
      if (slot === NO_SLOT && this.table.wheel.caughtUp(nowMs)) return { keys, calls };
      if (slot === NO_SLOT) continue;
      keys.push(this.keyOf(slot));
      this.table.remove(slot, 1);
    }
  }
}

/** Deadlines just before, at and behind the place where each level of the wheel begins. */
const AHEAD_MS = Array.from({ length: 7 }, (_, level) => 64 ** (level + 1) * TICK_MS)
  .flatMap((ms) => [ms - TICK_MS - 1, ms - TICK_MS, ms - 1, ms, ms + 1, ms + TICK_MS])
  .concat([1, 2, 15, 16, 17, 31, 32, 1000])
  .filter((ms) => START_MS + ms < 2 ** 48);

for (const startMs of [START_MS, START_MS + 5, 0, 16 * 64 ** 4 - 1, 16 * 64 ** 5]) {
  test(`from ${startMs} on a key is due at its deadline or within a tick, and not before`, () => {
    for (const ahead of AHEAD_MS) {
      const deadlineMs = startMs + ahead;
      if (deadlineMs >= 2 ** 48) continue;
      const driver = new Expiring(startMs);
      driver.set("key", "value", { deadlineMs });
      checkTable(driver.table);
      expect(driver.sweep(deadlineMs - 1).keys).toEqual([]);
      expect(driver.table.isExpired(driver.find("key"))).toBe(false);
      driver.clock.now = deadlineMs;
      expect(driver.table.isExpired(driver.find("key"))).toBe(true);
      checkTable(driver.table);
      expect(driver.sweep(deadlineMs + TICK_MS - 1).keys).toEqual(["key"]);
    }
  });
}

for (const stepMs of [1, 7, 16, 250, 1024, 70_000, DAY_MS]) {
  test(`swept every ${stepMs} ms, each key goes in the first sweep that it can`, () => {
    const driver = new Expiring();
    const random = randomFrom(stepMs);
    const deadlines = new Map<string, number>();
    for (let i = 0; i < 3000; i++) {
      const deadlineMs = START_MS + 1 + (random() % (stepMs * 100));
      deadlines.set(`key${i}`, deadlineMs);
      driver.set(`key${i}`, "value", { deadlineMs });
    }
    for (let now = START_MS; driver.table.entries > 0; now += stepMs) {
      for (const key of driver.sweep(now, 1 + (random() % 50)).keys) {
        const tickMs = Math.ceil(deadlines.get(key)! / TICK_MS) * TICK_MS;
        expect(tickMs).toBeLessThanOrEqual(now);
        expect(tickMs).toBeGreaterThan(now - stepMs - TICK_MS);
      }
      checkTable(driver.table);
    }
  });
}

test("deadlines in the past, at once and as far away as can be have their places", () => {
  const driver = new Expiring();
  driver.sweep(START_MS);
  const past = { long: 1, ago: START_MS - DAY_MS, now: START_MS };
  for (const [key, deadlineMs] of Object.entries(past)) driver.set(key, "v", { deadlineMs });
  for (const deadlineMs of [2 ** 47, 2 ** 48 - 1]) driver.set(`${deadlineMs}`, "v", { deadlineMs });
  checkTable(driver.table);
  expect(driver.sweep(START_MS + TICK_MS).keys.sort()).toEqual(["ago", "long", "now"]);
  expect(driver.sweep(2 ** 47 - 1).keys).toEqual([]);
  checkTable(driver.table);
  expect(driver.sweep(2 ** 47).keys).toEqual([`${2 ** 47}`]);
  expect(driver.sweep(2 ** 48 - 1 + TICK_MS).keys).toEqual([`${2 ** 48 - 1}`]);
});

test("a clock that jumps by days or years is caught up with in few steps", () => {
  for (const days of [1, 30, 3650, 36_500]) {
    const driver = new Expiring();
    for (let key = 1; key <= 20; key++) {
      driver.set(`${key}`, "v", { deadlineMs: START_MS + Math.floor((key * days * DAY_MS) / 10) });
    }
    const { keys, calls } = driver.sweep(START_MS + days * DAY_MS, 100);
    expect(keys.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(calls).toBeLessThan(40);
    checkTable(driver.table);
  }
});

test("a clock that steps back delays what it must, and loses nothing", () => {
  const driver = new Expiring();
  driver.set("a", "v", { deadlineMs: START_MS + 10_000 });
  driver.sweep(START_MS + 5000);
  driver.clock.now = START_MS;
  driver.set("b", "v", { deadlineMs: START_MS + 1000 });
  expect(driver.sweep(START_MS + 1000).keys).toEqual([]);
  checkTable(driver.table);
  expect(driver.sweep(START_MS + 5000 + 2 * TICK_MS).keys).toEqual(["b"]);
  expect(driver.sweep(START_MS + 10_000 + TICK_MS).keys).toEqual(["a"]);
});

test("due looks at no more than it may, and says when there is more", () => {
  const driver = new Expiring();
  // All in one list of a higher level, which is dealt out entry by entry.
  for (let i = 0; i < 500; i++) {
    driver.set(`key${i}`, "v", { deadlineMs: START_MS + 10 * DAY_MS + (i % 50) * TICK_MS });
  }
  const { wheel } = driver.table;
  const nowMs = START_MS + 11 * DAY_MS;
  let calls = 0;
  let slot = wheel.due(nowMs, 10);
  for (; slot === NO_SLOT; slot = wheel.due(nowMs, 10)) {
    expect(wheel.caughtUp(nowMs)).toBe(false);
    checkTable(driver.table);
    calls++;
  }
  expect(calls).toBeGreaterThan(50);
  expect(driver.sweep(nowMs, 10).keys).toHaveLength(500);
});

test("what is dealt ahead of its time is due in time all the same", () => {
  const driver = new Expiring();
  const { wheel } = driver.table;
  const random = randomFrom(3);
  const spanMs = 3 * 64 * 64 * TICK_MS;
  const deadlines = new Map<string, number>();
  for (let i = 0; i < 2000; i++) {
    const deadlineMs = START_MS + 1 + (random() % spanMs);
    deadlines.set(`key${i}`, deadlineMs);
    driver.set(`key${i}`, "v", { deadlineMs });
  }
  let swept = 0;
  for (let now = START_MS; driver.table.entries > 0; now += 500) {
    for (const key of driver.sweep(now).keys) {
      const tickMs = Math.ceil(deadlines.get(key)! / TICK_MS) * TICK_MS;
      expect(tickMs).toBeLessThanOrEqual(now);
      expect(tickMs).toBeGreaterThan(now - 500 - TICK_MS);
      swept++;
    }
    while (wheel.dealAhead(1 + (random() % 20)));
    checkTable(driver.table);
  }
  expect(swept).toBe(2000);
});

test("a key set for the next turn goes beside those that were dealt ahead", () => {
  const driver = new Expiring();
  const turnMs = 64 * TICK_MS;
  const at = (Math.floor(START_MS / turnMs) + 3) * turnMs;
  for (let i = 0; i < 300; i++) driver.set(`far${i}`, "v", { deadlineMs: at + (i % turnMs) });
  driver.sweep(at - turnMs);
  const { wheel } = driver.table;
  expect(wheel.dealAhead(299)).toBe(true);
  wheel.dealAhead(1);
  expect(wheel.dealAhead(1)).toBe(false);
  driver.set("near", "v", { deadlineMs: at });
  checkTable(driver.table);
  // One step for each tick and none to deal: the first key is found within the first turn's ticks.
  expect(wheel.due(at, 64 + 1)).not.toBe(NO_SLOT);
  expect(driver.sweep(at + turnMs).keys).toHaveLength(301);
});

test("a deadline that is moved, cleared or overwritten counts as it is last", () => {
  const driver = new Expiring();
  const at = START_MS + 1000;
  for (const key of ["moved", "overwritten", "cleared", "deleted", "kept"]) {
    driver.set(key, "v", { deadlineMs: at });
  }
  driver.table.moveDeadline(driver.find("moved"), at + 5000, 9);
  expect(driver.table.version(driver.find("moved"))).toBe(9);
  driver.set("overwritten", "v", { deadlineMs: at + 5000 });
  driver.set("cleared", "v");
  driver.delete("deleted");
  expect(driver.table.wheel.count).toBe(3);
  expect(driver.sweep(at + TICK_MS).keys).toEqual(["kept"]);
  expect(driver.sweep(at + 5000 + TICK_MS).keys.sort()).toEqual(["moved", "overwritten"]);
  expect(driver.table.wheel.count).toBe(0);
  expect(driver.get("cleared")?.toString()).toBe("v");
});

test("entries of a cleared namespace come due like any, and can be removed beside reaping", () => {
  const driver = new Expiring();
  for (let i = 0; i < 600; i++) driver.set(`key${i}`, "v", { deadlineMs: START_MS + 1000 + i });
  // In an order of use that is not that of the slots, so that neighbours go at different times.
  const random = randomFrom(8);
  for (let i = 0; i < 2000; i++)
    driver.table.touch(driver.id(), driver.find(`key${random() % 600}`));
  driver.table.clear(driver.id(), 1);
  for (let i = 0; i < 5; i++) driver.set(`key${i}`, "new");
  const now = START_MS + 5000;
  while (driver.table.wheel.count > 0) {
    driver.table.reap(3);
    const slot = driver.table.wheel.due(now, 10_000);
    if (slot === NO_SLOT) continue;
    expect(driver.table.namespaces.isDying(driver.table.namespaceOf(slot))).toBe(true);
    driver.table.remove(slot, 0);
    checkTable(driver.table);
  }
  while (driver.table.reap(10) > 0);
  expect(driver.keys()).toHaveLength(5);
  checkTable(driver.table);
});
