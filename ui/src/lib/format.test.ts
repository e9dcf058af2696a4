import { expect, test } from "vitest";
import {
  countOf,
  formatAgo,
  formatBytes,
  formatDuration,
  formatLatency,
  formatShare,
  formatShort,
} from "./format.ts";

const table = (
  name: string,
  format: (value: never) => string,
  cases: readonly (readonly [number | null, string])[],
) => {
  for (const [value, expected] of cases) {
    test(`${name}(${value}) is "${expected}"`, () => expect(format(value as never)).toBe(expected));
  }
};

table("formatBytes", formatBytes, [
  [0, "0 B"],
  [1023, "1,023 B"],
  [1024, "1 KB"],
  [1536, "1.5 KB"],
  [1024 ** 2 * 20.25, "20.3 MB"],
  [1024 ** 3 * 3.125, "3.13 GB"],
  [1024 ** 5, "1,024 TB"],
]);

table("formatShort", formatShort, [
  [0, "0"],
  [0.04, "0.0"],
  [5, "5"],
  [5.26, "5.3"],
  [1234.4, "1,234"],
  [12_345, "12.3K"],
  [1_250_000, "1.3M"],
]);

table("formatShare", formatShare, [
  [null, "–"],
  [0, "0 %"],
  [1, "100 %"],
  [0.5, "50.0 %"],
  [0.9994, "99.9 %"],
]);

table("formatLatency", formatLatency, [
  [null, "–"],
  [0.042, "42 µs"],
  [0.0425, "42.5 µs"],
  [1.25, "1.25 ms"],
  [250.4, "250 ms"],
  [2500, "2.5 s"],
]);

table("formatDuration", formatDuration, [
  [0, "0 s"],
  [75, "1 min 15 s"],
  [3600, "1 h"],
  [93_784, "1 d 2 h"],
]);

test("the past is told by its largest unit", () => {
  expect(formatAgo(0, 3000)).toBe("just now");
  expect(formatAgo(0, 75_000)).toBe("1 min ago");
  expect(formatAgo(0, 2 * 86_400_000 + 7_200_000)).toBe("2 d ago");
  expect(formatAgo(5000, 0)).toBe("just now");
});

test("one is singular", () => {
  expect(countOf(1, "key")).toBe("1 key");
  expect(countOf(1234, "key")).toBe("1,234 keys");
});
