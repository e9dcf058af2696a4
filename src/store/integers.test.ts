import { expect, test } from "vitest";
import { PyKVError } from "../base/errors.ts";
import { IntegerOverflow, addInteger } from "./integers.ts";

const MAX = 2n ** 63n - 1n;

function add(text: string, by: number | bigint): number | bigint {
  const bytes = Buffer.from(`<${text}>`);
  return addInteger(bytes, 1, bytes.length - 2, by);
}

for (const [text, by, sum] of [
  ["0", 1, 1],
  ["-5", 5, 0],
  ["9007199254740990", 1, 9_007_199_254_740_991],
  ["9007199254740991", 1, 9_007_199_254_740_992n],
  ["9007199254740993", -2, 9_007_199_254_740_991n],
  ["9007199254740991", 9_007_199_254_740_991, 18_014_398_509_481_982n],
  ["1", 1n, 2n],
  ["-9223372036854775808", MAX, -1n],
] as const) {
  test(`${text} plus ${by}, a ${typeof by}, is ${sum}`, () => expect(add(text, by)).toBe(sum));
}

for (const [text, by] of [
  ["9223372036854775807", 1],
  ["-9223372036854775808", -1],
  ["1", MAX],
] as const) {
  test(`${text} plus ${by} overflows`, () => expect(() => add(text, by)).toThrow(IntegerOverflow));
}

for (const text of ["", "-", "x", "01", "-0", "1.0", " 1", "9223372036854775808"]) {
  test(`${JSON.stringify(text)} is no integer`, () => {
    expect(() => add(text, 1)).toThrow(PyKVError);
    expect(() => add(text, 1)).not.toThrow(IntegerOverflow);
  });
}
