import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryStore } from "../../test/support/store-harness.ts";
import { Maintenance } from "./maintenance.ts";
import { MemoryLimit } from "./memory-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Background work every 10 ms, over a store on a clock that goes with the timers. */
async function harness(intervalMs = 10) {
  const { store, clock } = await memoryStore();
  const { engine } = store;
  let wakes = 0;
  const maintenance = new Maintenance({
    engine,
    memoryLimit: new MemoryLimit(engine),
    clock,
    intervalMs,
    onWake: () => {
      wakes++;
    },
  });
  maintenance.start();
  /** Lets time go by; says how often it woke. */
  const pass = (ms: number): number => {
    const before = wakes;
    for (let i = 0; i < ms; i++) {
      clock.advance(1);
      vi.advanceTimersByTime(1);
    }
    return wakes - before;
  };
  const put = (key: string, ttlMs: number): void => {
    const deadlineMs = ttlMs === 0 ? 0 : clock.nowMs() + ttlMs;
    void store.put("default", key, "v", "text", deadlineMs, null);
  };
  return { store, maintenance, pass, put };
}

test("it wakes rarely while no key has a deadline, or only far ones", async () => {
  const { pass, put } = await harness();
  pass(100);
  expect(pass(1000)).toBe(10);
  put("forever", 0);
  put("far", 3_600_000);
  expect(pass(1000)).toBe(10);
});

test("a key about to expire makes it wake at its interval, at once, until it is gone", async () => {
  const { store, pass, put } = await harness();
  pass(150);
  put("soon", 20);
  expect(pass(20)).toBe(2);
  pass(16 + 10);
  expect(store.engine.table.entries).toBe(0);
  pass(100);
  expect(pass(1000)).toBe(10);
});

test("keys go within a tick and an interval of their deadlines, near and far", async () => {
  const { store, pass, put } = await harness();
  const ttls = [1, 90, 500, 1100, 2500, 5000];
  for (const ttl of ttls) put(`k${ttl}`, ttl);
  let passed = 0;
  ttls.forEach((ttl, i) => {
    pass(ttl - 1 - passed);
    expect(store.engine.table.entries).toBe(ttls.length - i);
    pass(1 + 16 + 10);
    passed = ttl + 26;
    expect(store.engine.table.entries).toBeLessThan(ttls.length - i);
  });
});

test("a long interval is kept, and so is the silence after the end", async () => {
  const { maintenance, pass, put } = await harness(1000);
  put("soon", 20);
  expect(pass(10_000)).toBe(10);
  maintenance.stop();
  put("sooner", 5);
  expect(pass(10_000)).toBe(0);
});
