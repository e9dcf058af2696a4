import { expect, test } from "vitest";
import type { Aim } from "./benchmark.ts";
import { median, percentile, rowOf } from "./statistics.ts";

const MEDIANS: [number[], number][] = [
  [[3], 3],
  [[3, 1], 2],
  [[10, 9, 2], 9],
  [[4, 1, 3, 2], 2.5],
];

for (const [values, expected] of MEDIANS) {
  test(`the median of ${values.join(", ")} is ${expected}`, () => {
    expect(median(values)).toBe(expected);
  });
}

const PERCENTILES: [number, number][] = [
  [0, 1],
  [0.5, 5],
  [0.51, 6],
  [0.99, 10],
  [1, 10],
];

for (const [fraction, expected] of PERCENTILES) {
  test(`of 1 to 10, the share ${fraction} does not exceed ${expected}`, () => {
    const sorted = Float64Array.from({ length: 10 }, (_, i) => i + 1);
    expect(percentile(sorted, fraction)).toBe(expected);
  });
}

test("the ratio is the median of the rounds' own ratios", () => {
  const row = rowOf("x", "/s", [10, 30, 8], { name: "peer", rounds: [10, 10, 4] }, null);
  expect([row.median, row.peer?.median, row.ratio]).toEqual([10, 10, 2]);
});

test("a peer's figure that is cited once stands for every round", () => {
  const row = rowOf("x", "B", [80, 100, 120], { name: "cited", rounds: [200] }, null);
  expect(row.ratio).toBe(0.5);
});

// aim, figure, ratio's peer, met
const AIMS: [Aim, number, number, boolean][] = [
  [{ of: "value", atMost: 10 }, 10, 1, true],
  [{ of: "value", atMost: 10 }, 10.1, 1, false],
  [{ of: "value", atLeast: 10 }, 10, 1, true],
  [{ of: "value", atLeast: 10 }, 9.9, 1, false],
  [{ of: "ratio", atLeast: 0.85 }, 85, 100, true],
  [{ of: "ratio", atLeast: 0.85 }, 84, 100, false],
  [{ of: "ratio", atMost: 2 }, 200, 100, true],
];

for (const [aim, value, peer, met] of AIMS) {
  test(`${value} against ${peer} ${met ? "meets" : "misses"} ${JSON.stringify(aim)}`, () => {
    expect(rowOf("x", "", [value], { name: "peer", rounds: [peer] }, aim).met).toBe(met);
  });
}
