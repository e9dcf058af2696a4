import { expect, test } from "vitest";
import { binsOf } from "./bins.ts";

const bucket = (from_ms: number, to_ms: number, count: number) => ({ from_ms, to_ms, count });

test("no buckets make no bins", () => expect(binsOf([])).toEqual([]));

test("a bucket within one bin counts there", () => {
  const bins = binsOf([bucket(1.01, 1.05, 7)]);
  expect(bins).toHaveLength(1);
  expect(bins[0]!.count).toBeCloseTo(7);
  expect(bins[0]!.fromMs).toBeCloseTo(1);
  expect(bins[0]!.toMs).toBeCloseTo(10 ** 0.1);
});

test("a bucket that spans bins is shared out, and nothing is lost", () => {
  const bins = binsOf([bucket(1, 10, 100)]);
  expect(bins).toHaveLength(10);
  for (const { count } of bins) expect(count).toBeCloseTo(10);
});

test("empty bins between others are there", () => {
  const bins = binsOf([bucket(0.1, 0.11, 1), bucket(100, 101, 1)]);
  expect(bins).toHaveLength(31);
  expect(bins.filter(({ count }) => count === 0)).toHaveLength(29);
});

test("a duration of nothing is in the first bin", () => {
  const [first] = binsOf([bucket(0, 0.0001, 3)]);
  expect(first!.count).toBe(3);
});
