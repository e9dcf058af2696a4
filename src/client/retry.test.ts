/** The pauses between attempts. */
import { expect, test } from "vitest";
import { delayAfter, retryOptions } from "./retry.ts";

const OPTIONS = { attempts: 9, baseDelayMs: 50, delayMsMax: 1000 };

const DELAYS: [attempt: number, retryAfterMs: number | null, random: number, delayMs: number][] = [
  [1, null, 0, 0],
  [1, null, 0.5, 25],
  [2, null, 0.5, 50],
  [3, null, 0.5, 100],
  [5, null, 0.5, 400],
  [6, null, 0.5, 500],
  [60, null, 0.5, 500],
  [2000, null, 0.5, 500],
  [1, 5000, 0, 5000],
  [1, 5000, 0.5, 5025],
];

for (const [attempt, retryAfterMs, random, delayMs] of DELAYS) {
  const asked = retryAfterMs === null ? "" : `, asked for ${retryAfterMs} ms,`;
  test(`after attempt ${attempt}${asked} with ${random} on the dice: ${delayMs} ms`, () => {
    expect(delayAfter(attempt, OPTIONS, retryAfterMs, random)).toBe(delayMs);
  });
}

test("options are completed, and false is one attempt", () => {
  expect(retryOptions(undefined)).toEqual({ attempts: 4, baseDelayMs: 50, delayMsMax: 2000 });
  expect(retryOptions({ attempts: 2 })).toEqual({ attempts: 2, baseDelayMs: 50, delayMsMax: 2000 });
  expect(retryOptions({ attempts: undefined as unknown as number }).attempts).toBe(4);
  expect(retryOptions(false).attempts).toBe(1);
});

for (const wrong of [
  ...[{ attempts: 0 }, { attempts: 1.5 }, { attempts: NaN }, { attempts: Infinity }],
  ...[{ baseDelayMs: -1 }, { delayMsMax: NaN }],
]) {
  const [[name, value]] = Object.entries(wrong) as [[string, number]];
  test(`retry.${name} of ${value} is refused`, () => {
    expect(() => retryOptions(wrong)).toThrow(new RegExp(`retry.${name}`));
  });
}
