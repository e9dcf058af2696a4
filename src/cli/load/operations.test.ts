import { expect, test } from "vitest";
import { createRandom } from "../../base/random.ts";
import { UsageError } from "../exit.ts";
import { completeRatios, DEFAULT_RATIOS, operationMix, type Operation } from "./operations.ts";

test("without any ratio the usual ones hold", () => {
  expect(completeRatios({})).toEqual(DEFAULT_RATIOS);
});

const RIGHT: [Partial<Record<Operation, number>>, Record<Operation, number>][] = [
  [{ get: 1 }, { get: 1, set: 0, delete: 0 }],
  [
    { set: 0.2, get: 0.8 },
    { get: 0.8, set: 0.2, delete: 0 },
  ],
  [
    { set: 0.1, get: 0.7, delete: 0.2 },
    { get: 0.7, set: 0.1, delete: 0.2 },
  ],
  [
    { set: 1 / 3, get: 1 / 3, delete: 1 / 3 },
    { get: 1 / 3, set: 1 / 3, delete: 1 / 3 },
  ],
];
for (const [given, complete] of RIGHT) {
  test(`${JSON.stringify(given)} adds up to 1`, () => {
    expect(completeRatios(given)).toEqual(complete);
  });
}

const WRONG: [Partial<Record<Operation, number>>, RegExp][] = [
  [{ set: 0.5 }, /--set-ratio 0\.5, --get-ratio 0 \(not given\).* add up to 0\.5$/],
  [{ set: 0.2, get: 0.9 }, /add up to 1\.1$/],
  [{ set: 0.2, get: 0.7, delete: 0.2 }, /--delete-ratio 0\.2 add up to 1\.1$/],
  [{ get: 0 }, /add up to 0$/],
  [{ get: 0.99999 }, /add up to 0\.99999$/],
];
for (const [given, message] of WRONG) {
  test(`${JSON.stringify(given)} is refused with what it adds up to`, () => {
    expect(() => completeRatios(given)).toThrow(UsageError);
    expect(() => completeRatios(given)).toThrow(message);
  });
}

test("operations are drawn in their shares", () => {
  const next = operationMix({ get: 0.7, set: 0.2, delete: 0.1 }, createRandom(7));
  const counts = { get: 0, set: 0, delete: 0 };
  const draws = 100_000;
  for (let i = 0; i < draws; i++) counts[next()]++;
  // Five standard deviations of the largest variance: sqrt(n * 0.7 * 0.3) * 5.
  expect(Math.abs(counts.get - 0.7 * draws)).toBeLessThan(725);
  expect(Math.abs(counts.set - 0.2 * draws)).toBeLessThan(725);
  expect(Math.abs(counts.delete - 0.1 * draws)).toBeLessThan(725);
});

for (const only of ["get", "set", "delete"] as const) {
  test(`a share of 1 draws ${only} alone, whatever the random number`, () => {
    const ratios = { get: 0, set: 0, delete: 0, [only]: 1 };
    for (const drawn of [0, 0.5, 1 - 2 ** -32]) {
      expect(operationMix(ratios, () => drawn)()).toBe(only);
    }
  });
}

test("what rounding leaves over never becomes an operation whose share is 0", () => {
  const drawn = 1 - 2 ** -32;
  expect(operationMix({ get: 0.5, set: 0.4999999, delete: 0 }, () => drawn)()).toBe("set");
  expect(operationMix({ get: 0.9999999, set: 0, delete: 0 }, () => drawn)()).toBe("get");
});
