import { expect, test } from "vitest";
import { HEAD_BYTES_MAX, Values } from "./values.ts";

test("a value has the length asked for, whatever that is", () => {
  for (const bytes of [1, 5, 20, 21, 64, 8191, 8192, 100_000]) {
    const values = new Values({ min: bytes, max: bytes });
    for (let seq = 0; seq < 50; seq++) expect(values.of(7, seq)).toHaveLength(bytes);
  }
});

test("lengths of a range all come up, and none outside of it", () => {
  const values = new Values({ min: 30, max: 39 });
  const lengths = new Set(Array.from({ length: 1000 }, (_, seq) => values.of(1, seq).length));
  expect([...lengths].sort()).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
});

test("values are plain ASCII, and different for each write", () => {
  const values = new Values({ min: 40, max: 60 });
  const made = Array.from({ length: 1000 }, (_, i) => values.of(i % 10, i));
  expect(new Set(made).size).toBe(1000);
  for (const value of made) expect(value).toMatch(/^[\w.]+$/);
});

test("a value tells its write", () => {
  const values = new Values({ min: 30, max: 2000 });
  for (const [key, seq] of [
    [0, 0],
    [41, 7],
    [9_999_999, 2 ** 40],
  ] as const) {
    expect(values.seqOf(key, values.of(key, seq))).toBe(seq);
  }
  const longest = `k${(9_999_999).toString(36)}.${Number.MAX_SAFE_INTEGER.toString(36)}.`;
  expect(longest.length).toBeLessThanOrEqual(HEAD_BYTES_MAX);
});

test("a value that is cut, longer, altered, or of another key tells none", () => {
  const values = new Values({ min: 50, max: 50 });
  const value = values.of(3, 9);
  expect(values.seqOf(4, value)).toBeNull();
  expect(values.seqOf(3, value.slice(0, -1))).toBeNull();
  expect(values.seqOf(3, `${value}x`)).toBeNull();
  expect(values.seqOf(3, "")).toBeNull();
  for (let i = 0; i < value.length; i++) {
    const altered = `${value.slice(0, i)}${value[i] === "_" ? "-" : "_"}${value.slice(i + 1)}`;
    expect(values.seqOf(3, altered), altered).toBeNull();
  }
});
