import { expect, test } from "vitest";
import { createRandom } from "../../base/random.ts";
import { keyChoice, type Distribution } from "./key-choice.ts";

const DRAWS = 60_000;

/** How often each key is drawn. */
function draw(distribution: Distribution, keys: number, seed = 11): number[] {
  const next = keyChoice(distribution, keys, createRandom(seed));
  const counts = new Array<number>(keys).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[next()]!++;
  return counts;
}

/** Pearson's statistic against the expected shares; it has `shares.length - 1` degrees of freedom. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  return counts.reduce((sum, count, i) => {
    const expected = shares[i]! * DRAWS;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** A bound that a right sampler exceeds once in a million: mean + 5 standard deviations. */
function bound(degrees: number): number {
  return degrees + 5 * Math.sqrt(2 * degrees) + 10;
}

function zipfShares(keys: number, exponent: number): number[] {
  const weights = Array.from({ length: keys }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

test("uniform draws all keys alike", () => {
  const counts = draw({ kind: "uniform" }, 50);
  expect(chiSquare(counts, new Array<number>(50).fill(1 / 50))).toBeLessThan(bound(49));
});

for (const exponent of [0.5, 0.99, 1, 1.00001, 1.5, 3]) {
  for (const keys of [1, 2, 10, 100]) {
    test(`zipf with exponent ${exponent} draws ${keys} keys in their shares`, () => {
      const counts = draw({ kind: "zipf", exponent }, keys);
      expect(chiSquare(counts, zipfShares(keys, exponent))).toBeLessThan(bound(keys - 1));
    });
  }
}

test("the statistic tells a wrong exponent", () => {
  const counts = draw({ kind: "zipf", exponent: 0.95 }, 100);
  expect(chiSquare(counts, zipfShares(100, 0.99))).toBeGreaterThan(bound(99));
});

test("zipf over a hundred million keys stays in range and favours the first", () => {
  const keys = 100_000_000;
  const next = keyChoice({ kind: "zipf", exponent: 0.99 }, keys, createRandom(3));
  let first = 0;
  for (let i = 0; i < 20_000; i++) {
    const key = next();
    expect(Number.isInteger(key) && key >= 0 && key < keys).toBe(true);
    if (key === 0) first++;
  }
  // The share of rank 1 is 1 / zeta: about 1 in 20.4.
  expect(first).toBeGreaterThan(800);
  expect(first).toBeLessThan(1200);
});

test("sequential goes round", () => {
  const next = keyChoice({ kind: "sequential" }, 3, createRandom(1));
  expect([next(), next(), next(), next()]).toEqual([0, 1, 2, 0]);
});

test("the same seed draws the same keys", () => {
  for (const kind of ["uniform", "zipf"] as const) {
    const distribution = kind === "zipf" ? { kind, exponent: 0.99 } : { kind };
    expect(draw(distribution, 20, 5)).toEqual(draw(distribution, 20, 5));
    expect(draw(distribution, 20, 5)).not.toEqual(draw(distribution, 20, 6));
  }
});
