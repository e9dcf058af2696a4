import { expect, test } from "vitest";
import { createRandom } from "../../test/support/random.ts";
import { StillClock, TableDriver } from "../../test/support/table-driver.ts";
import { NO_SLOT } from "./slots.ts";

/** How often each key is picked, in so many picks. */
function counts(driver: TableDriver, name: string, picks: number): Map<string, number> {
  const random = createRandom(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < picks; i++) {
    const slot = driver.table.random(driver.id(name), random);
    const key = driver.keyOf(slot);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return seen;
}

for (const others of [0, 300, 30_000]) {
  test(`picks each of 300 keys about as often, with ${others} keys elsewhere`, () => {
    const driver = new TableDriver();
    for (let i = 0; i < 300; i++) driver.set(`k${i}`, "v", { name: "mine" });
    for (let i = 0; i < others; i++) driver.set(`k${i}`, "v", { name: "others" });
    const seen = counts(driver, "mine", 30_000);
    expect(seen.size).toBe(300);
    // 100 times each on average; a bucket with few others is favoured, but not without measure.
    expect(Math.max(...seen.values())).toBeLessThan(1000);
    expect(Math.min(...seen.values())).toBeGreaterThan(10);
  });
}

test("finds nothing in a namespace that is empty, or was emptied and is not given back yet", () => {
  const driver = new TableDriver();
  expect(driver.table.random(driver.id("mine"), Math.random)).toBe(NO_SLOT);
  for (let i = 0; i < 100; i++) driver.set(`k${i}`, "v", { name: "mine" });
  driver.table.clear(driver.id("mine"), 1000);
  expect(driver.table.random(driver.id("mine"), Math.random)).toBe(NO_SLOT);
  driver.set("fresh", "v", { name: "mine" });
  expect(driver.keyOf(driver.table.random(driver.id("mine"), Math.random))).toBe("fresh");
});

for (const others of [0, 50_000]) {
  test(`finds the one key that is not past its deadline, with ${others} keys elsewhere`, () => {
    const clock = new StillClock();
    const driver = new TableDriver({ clock });
    for (let i = 0; i < 500; i++) {
      driver.set(`k${i}`, "v", { name: "mine", deadlineMs: clock.now + (i === 77 ? 100 : 10) });
    }
    for (let i = 0; i < others; i++) driver.set(`k${i}`, "v", { name: "others" });
    clock.now += 50;
    expect(counts(driver, "mine", 50)).toEqual(new Map([["k77", 50]]));
    clock.now += 50;
    expect(driver.table.random(driver.id("mine"), Math.random)).toBe(NO_SLOT);
  });
}
