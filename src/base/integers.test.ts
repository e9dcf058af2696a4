import { expect, test } from "vitest";
import { writeInteger } from "./integers.ts";

for (const value of [
  0,
  7,
  -7,
  10,
  -10,
  99,
  100,
  999_999_999_999_999,
  1_000_000_000_000_000,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2n ** 63n - 1n,
  -(2n ** 63n),
]) {
  test(`writes the digits of ${value}, at the place it is told and no further`, () => {
    const target = Buffer.alloc(24, "x");
    const length = writeInteger(target, 2, value);
    expect(target.toString("latin1", 2, 2 + length)).toBe(value.toString());
    expect(target.toString("latin1", 2 + length)).toMatch(/^x*$/);
    expect(target.toString("latin1", 0, 2)).toBe("xx");
  });
}

test("a zero with a sign has none", () => {
  const target = Buffer.alloc(4);
  expect(target.toString("latin1", 0, writeInteger(target, 0, -0))).toBe("0");
});
