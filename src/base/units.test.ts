import { expect, test } from "vitest";
import { formatBytes, formatDurationMs, parseBytes, parseDurationMs } from "./units.ts";

const SIZES: [string, number | null][] = [
  ["0", 0],
  ["4096", 4096],
  ["1b", 1],
  ["1k", 1024],
  ["1kb", 1024],
  ["1KiB", 1024],
  ["64mb", 67108864],
  ["64 MB", 67108864],
  [" 1.5GiB ", 1610612736],
  ["0.5k", 512],
  ["0.3k", 307],
  ["9007199254740991", 9007199254740991],
  ["9007199254740992", null],
  ["9000000000gb", null],
  ["", null],
  ["mb", null],
  ["-1mb", null],
  ["1e3", null],
  ["1.mb", null],
  ["1tb", null],
  ["1 m b", null],
];

for (const [text, bytes] of SIZES) {
  test(`the size ${JSON.stringify(text)} is ${bytes ?? "refused"}`, () => {
    expect(parseBytes(text)).toBe(bytes);
  });
}

const DURATIONS: [string, "ms" | "s", number | null][] = [
  ["0", "ms", 0],
  ["250", "ms", 250],
  ["250", "s", 250_000],
  ["250ms", "s", 250],
  ["1.5s", "ms", 1500],
  ["5m", "ms", 300_000],
  ["2H", "ms", 7_200_000],
  ["1d", "ms", 86_400_000],
  ["1.5ms", "ms", 1],
  ["5 minutes", "ms", null],
  ["-5s", "ms", null],
  ["", "ms", null],
];

for (const [text, plain, durationMs] of DURATIONS) {
  test(`the duration ${JSON.stringify(text)} counted in ${plain} is ${durationMs ?? "refused"}`, () => {
    expect(parseDurationMs(text, plain)).toBe(durationMs);
  });
}

test("a size is written in the largest unit that divides it, and reads back the same", () => {
  const written = [0, 1, 1023, 1024, 1536, 2 ** 20, 3 * 2 ** 30].map(formatBytes);
  expect(written).toEqual(["0", "1", "1023", "1kb", "1536", "1mb", "3gb"]);
  for (const bytes of [0, 7, 1024, 5000, 2 ** 32]) {
    expect(parseBytes(formatBytes(bytes))).toBe(bytes);
  }
});

test("a duration is written in the largest unit that divides it, and reads back the same", () => {
  const written = [0, 1, 999, 1000, 90_000, 300_000, 7_200_000, 86_400_000].map(formatDurationMs);
  expect(written).toEqual(["0", "1ms", "999ms", "1s", "90s", "5m", "2h", "1d"]);
  for (const durationMs of [0, 7, 1500, 60_000]) {
    expect(parseDurationMs(formatDurationMs(durationMs), "s")).toBe(durationMs);
  }
});
