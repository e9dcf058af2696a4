import { expect, test } from "vitest";
import { Performance } from "./performance.ts";

function makePerformance(): { performance: Performance; advance: (ms: number) => void } {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  return { performance: new Performance(clock), advance: (ms) => (nowMs += ms) };
}

test("counts, failures and rates are those of what was recorded", () => {
  const { performance, advance } = makePerformance();
  for (let i = 0; i < 30; i++) performance.record("get", 2, false);
  for (let i = 0; i < 10; i++) performance.record("set", 4, i === 0);
  advance(10_000);
  const { sinceStart } = performance.report();
  expect(sinceStart.total).toBe(40);
  expect(sinceStart.operationsPerSecond).toBe(4);
  expect(sinceStart.errorRate).toBe(1 / 40);
  expect(sinceStart.avgMs).toBe(2.5);
  expect(sinceStart.perOperation.set.errorRate).toBe(0.1);
  expect(sinceStart.perOperation.get.total).toBe(30);
  expect(sinceStart.perOperation.delete.total).toBe(0);
});

test("percentiles tell the slow requests from the many", () => {
  const { performance } = makePerformance();
  for (let i = 0; i < 990; i++) performance.record("get", 1, false);
  for (let i = 0; i < 10; i++) performance.record("get", 100, false);
  const { get } = performance.report().sinceStart.perOperation;
  expect(get.p50Ms).toBeGreaterThan(0.93);
  expect(get.p50Ms).toBeLessThan(1.07);
  expect(get.p999Ms).toBeGreaterThan(93);
  expect(get.p999Ms).toBeLessThan(107);
});

test("the last minute forgets, the totals do not", () => {
  const { performance, advance } = makePerformance();
  performance.record("get", 1, false);
  advance(30_000);
  performance.record("get", 1, true);
  expect(performance.report().lastMinute.total).toBe(2);
  advance(31_000);
  expect(performance.report().lastMinute.total).toBe(1);
  advance(3_600_000);
  expect(performance.report().lastMinute.total).toBe(0);
  performance.record("get", 1, false);
  expect(performance.report().lastMinute.perOperation.get.total).toBe(1);
  expect(performance.report().lastMinute.errors).toBe(0);
  expect(performance.report().sinceStart.total).toBe(3);
});

test("a fresh recorder reports zeros, not NaN", () => {
  const { performance } = makePerformance();
  const { sinceStart, lastMinute } = performance.report();
  for (const window of [sinceStart, lastMinute]) {
    expect(window).toMatchObject({ total: 0, operationsPerSecond: 0, errorRate: 0, avgMs: 0 });
  }
});
