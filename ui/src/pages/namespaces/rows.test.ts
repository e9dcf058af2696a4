import { expect, test } from "vitest";
import { rowsOf, sorted } from "./rows.ts";

const stats = (keys: number, hits: number, misses: number) => ({
  ...{ total_keys: keys, bytes: keys * 10, evictions: 0 },
  ...{ cache_hits: hits, cache_misses: misses },
});

const ROWS = rowsOf({ b: stats(1, 3, 1), a: stats(5, 0, 0), c: stats(1, 0, 4) });
const names = (rows: typeof ROWS) => rows.map(({ name }) => name).join("");

test("the hit ratio is of what was read, and there is none without reads", () => {
  expect(ROWS.map(({ hitRatio }) => hitRatio)).toEqual([0.75, null, 0]);
});

test("rows are sorted either way, and equal ones by name", () => {
  expect(names(sorted(ROWS, { by: "keys", isDescending: true }))).toBe("abc");
  expect(names(sorted(ROWS, { by: "keys", isDescending: false }))).toBe("bca");
  expect(names(sorted(ROWS, { by: "name", isDescending: true }))).toBe("cba");
});

test("rows without a value come last, whichever way", () => {
  expect(names(sorted(ROWS, { by: "hitRatio", isDescending: true }))).toBe("bca");
  expect(names(sorted(ROWS, { by: "hitRatio", isDescending: false }))).toBe("cba");
});

test("a namespace may be called like a member of every object", () => {
  const parsed = JSON.parse(
    '{"__proto__":{"total_keys":1,"cache_hits":0,"cache_misses":0,"evictions":0,"bytes":2}}',
  ) as Parameters<typeof rowsOf>[0];
  expect(rowsOf(parsed)).toMatchObject([{ name: "__proto__", keys: 1 }]);
});
