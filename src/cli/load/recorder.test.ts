import { expect, test } from "vitest";
import { Latencies } from "./latencies.ts";
import { Recorder } from "./recorder.ts";
import { Timeline } from "./timeline.ts";

test("percentiles are within the width of a bucket, the ends exact", () => {
  const latencies = new Latencies();
  for (let i = 1; i <= 10_000; i++) latencies.record(i / 100);
  const { minMs, p50Ms, p90Ms, p99Ms, p999Ms, maxMs, meanMs, count } = latencies.summary();
  expect({ minMs, maxMs, count }).toEqual({ minMs: 0.01, maxMs: 100, count: 10_000 });
  expect(meanMs).toBeCloseTo(50.005, 3);
  for (const [found, right] of [
    [p50Ms, 50],
    [p90Ms, 90],
    [p99Ms, 99],
    [p999Ms, 99.9],
  ] as const) {
    expect(Math.abs(found - right) / right).toBeLessThan(0.0625);
  }
});

test("no percentile is above the largest latency, or below the least", () => {
  const latencies = new Latencies();
  latencies.record(7.01);
  expect(latencies.summary()).toMatchObject({ p50Ms: 7.01, p999Ms: 7.01, maxMs: 7.01 });
  expect(new Latencies().summary()).toMatchObject({ count: 0, minMs: 0, p99Ms: 0, maxMs: 0 });
});

test("the bins of a distribution hold every latency, and grow", () => {
  const latencies = new Latencies();
  for (let i = 0; i < 1000; i++) latencies.record(0.0003 * 1.02 ** i);
  const bins = latencies.bins(8);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  for (const [i, { fromMs, toMs }] of bins.entries()) {
    expect(toMs / fromMs).toBeCloseTo(10 ** (1 / 8), 6);
    if (i > 0) expect(fromMs).toBeCloseTo(bins[i - 1]!.toMs, 9);
  }
  expect(new Latencies().bins(8)).toEqual([]);
});

test("a timeline never has more than 240 slices, and loses nothing", () => {
  const timeline = new Timeline(1000);
  let nowMs = 1000;
  for (let i = 0; i < 5000; i++) {
    nowMs += 100;
    timeline.success(i % 10, nowMs);
    if (i % 50 === 0) timeline.failure(nowMs);
    if (i % 500 === 0) expect(timeline.points(nowMs).length).toBeLessThanOrEqual(240);
  }
  const points = timeline.points(nowMs);
  expect(points.length).toBeGreaterThan(120);
  expect(points.reduce((sum, { operations }) => sum + operations, 0)).toBe(5000);
  expect(points.reduce((sum, { errors }) => sum + errors, 0)).toBe(100);
  const last = points.at(-1)!;
  expect(last.atSeconds + last.seconds).toBeCloseTo(500, 2);
  expect(points[5]).toMatchObject({ seconds: 4, p50Ms: expect.closeTo(4.5, 0) as number });
});

test("a jump far ahead makes slices longer, not more", () => {
  const timeline = new Timeline(0);
  timeline.success(1, 10);
  timeline.success(1, 30 * 86_400_000);
  const points = timeline.points(30 * 86_400_000);
  expect(points.length).toBeLessThanOrEqual(240);
  expect(points[0]!.operations).toBe(1);
  expect(points.at(-1)!.operations).toBe(1);
});

test("figures tell operations apart, and latency from service time", () => {
  const recorder = new Recorder(0);
  recorder.success("get", { dueMs: 0, sentMs: 90, endMs: 100 }, true);
  recorder.success("get", { dueMs: 100, sentMs: 100, endMs: 110 }, false);
  recorder.success("set", { dueMs: 100, sentMs: 180, endMs: 200 }, true);
  recorder.failure("timed out", 500);
  recorder.failure("timed out", 600);
  recorder.failure("HTTP 503", 700);
  const figures = recorder.figures(1000, 4);
  expect(figures).toMatchObject({
    operations: 3,
    perSecond: 3,
    errors: 3,
    unsent: 4,
    errorKinds: [
      { kind: "timed out", count: 2 },
      { kind: "HTTP 503", count: 1 },
    ],
    latency: { minMs: 10, maxMs: 100 },
    service: { minMs: 10, maxMs: 20 },
    perOperation: { get: { found: 1, latency: { count: 2 } }, set: { latency: { count: 1 } } },
  });
  expect(figures.perOperation.delete).toBeUndefined();
});

test("kinds of errors are bounded, their number is not lost", () => {
  const recorder = new Recorder(0);
  for (let i = 0; i < 1000; i++) recorder.failure(`kind ${i}`, 1);
  const { errorKinds, errors } = recorder.figures(10, 0);
  expect(errors).toBe(1000);
  expect(errorKinds).toHaveLength(41);
  expect(errorKinds[0]).toEqual({ kind: "other errors", count: 960 });
});

test("a glance is of what happened since the last", () => {
  const recorder = new Recorder(0);
  for (let i = 0; i < 10; i++) recorder.success("get", { dueMs: 0, sentMs: 0, endMs: 2 }, true);
  recorder.failure("timed out", 3);
  expect(recorder.glance(500)).toMatchObject({
    operations: 10,
    errors: 1,
    perSecond: 20,
    p50Ms: 2,
  });
  expect(recorder.glance(1000)).toMatchObject({
    operations: 10,
    errors: 0,
    perSecond: 0,
    p50Ms: 0,
  });
});
