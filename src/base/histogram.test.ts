import fc from "fast-check";
import { expect, test } from "vitest";
import { BUCKET_COUNT, Histogram, bucketOf, bucketStartMs } from "./histogram.ts";

test("buckets join without gap or overlap, from 0 to the last", () => {
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    expect(bucketOf(bucketStartMs(bucket))).toBe(bucket);
    expect(bucketStartMs(bucket + 1)).toBeGreaterThan(bucketStartMs(bucket));
  }
});

for (const [name, durationMs, bucket] of [
  ["zero", 0, 0],
  ["a clock that stepped back", -5, 0],
  ["the last single-step bucket", 0.0015, 15],
  ["the first split power of two", 0.0016, 16],
  ["more than the range", 1e9, BUCKET_COUNT - 1],
  ["infinity", Infinity, BUCKET_COUNT - 1],
] as const) {
  test(`${name} goes to bucket ${bucket}`, () => expect(bucketOf(durationMs)).toBe(bucket));
}

test("a percentile is within 6.25 % and one step of the exact one", () => {
  const durations = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, fraction) => {
      const histogram = new Histogram();
      for (const sample of samples) histogram.record(sample);
      const sorted = [...samples].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(fraction * sorted.length) - 1]!;
      const error = Math.abs(histogram.percentileMs(fraction) - exact);
      expect(error).toBeLessThanOrEqual(exact * 0.0625 + 0.0002);
    }),
  );
});

test("an empty histogram answers 0 everywhere", () => {
  const histogram = new Histogram();
  expect([histogram.count, histogram.meanMs, histogram.percentileMs(0.99)]).toEqual([0, 0, 0]);
});

test("adding, resetting and the mean agree with the samples", () => {
  const one = new Histogram();
  const two = new Histogram();
  for (const sample of [1, 2, 3]) one.record(sample);
  two.record(6);
  two.add(one);
  expect([two.count, two.sumMs, two.meanMs]).toEqual([4, 12, 3]);
  expect(two.countUpTo(2.5)).toBe(2);
  two.reset();
  expect([two.count, two.sumMs, two.percentileMs(1)]).toEqual([0, 0, 0]);
});
