import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { instantFlag } from "./instants.ts";

const NOW_MS = Date.UTC(2027, 0, 31, 12);
const read = instantFlag(() => NOW_MS);

const GOOD: [string, ReturnType<typeof read>][] = [
  ["0", { seq: 0 }],
  ["1234", { seq: 1234 }],
  ["now", { timeMs: NOW_MS }],
  ["10m", { timeMs: NOW_MS - 600_000 }],
  ["1.5h ago", { timeMs: NOW_MS - 5_400_000 }],
  ["2d", { timeMs: NOW_MS - 2 * 86_400_000 }],
  ["2027-01-31T11:00:00Z", { timeMs: NOW_MS - 3_600_000 }],
  ["2027-01-31T12:00:00.250+01:00", { timeMs: NOW_MS - 3_599_750 }],
  ["2027-01-31", { timeMs: NOW_MS - 12 * 3_600_000 }],
];
for (const [text, instant] of GOOD) {
  test(`${text} is ${JSON.stringify(instant)}`, () => expect(read(text)).toEqual(instant));
}

for (const text of ["", "yesterday", "-5", "10x", "2027-13-45", "12:00", "1e3"]) {
  test(`${JSON.stringify(text)} is no instant`, () => {
    expect(() => read(text)).toThrow(InvalidArgumentError);
  });
}
