import { expect, test } from "vitest";
import { argsOf } from "./args.ts";
import { deadlineError, parseDeadline, readDeadline } from "./deadlines.ts";
import { Output } from "./output.ts";

const NOW_MS = 1_700_000_000_000;
const NOT_AN_INTEGER = "ERR value is not an integer or out of range";
const INVALID = "ERR invalid expire time in 'expire' command";

for (const [text, unitMs, baseMs, expected, error] of [
  ["10", 1000, NOW_MS, NOW_MS + 10_000, null],
  ["10", 1, NOW_MS, NOW_MS + 10, null],
  ["10", 1000, 0, 10_000, null],
  ["-10", 1000, NOW_MS, NOW_MS - 10_000, null],
  ["-10", 1, 0, -10, null],
  ["281474976710655", 1, 0, 2 ** 48 - 1, null],
  ["281474976710656", 1, 0, Infinity, INVALID],
  ["9223372036854775807", 1, NOW_MS, Infinity, INVALID],
  ["-9223372036854775808", 1, 0, -(2 ** 63), null],
  ["-9223372036854775", 1000, 0, -9_223_372_036_854_775_000, null],
  ["-9223372036854776", 1000, 0, Infinity, INVALID],
  ["9223372036854775808", 1, 0, NaN, NOT_AN_INTEGER],
  ["1.5", 1, 0, NaN, NOT_AN_INTEGER],
  ["", 1, 0, NaN, NOT_AN_INTEGER],
] as const) {
  test(`${JSON.stringify(text)} times ${unitMs} ms after ${baseMs} is ${expected}`, () => {
    const deadlineMs = parseDeadline(argsOf([text]), 0, unitMs, baseMs);
    expect(deadlineMs).toBe(expected);
    expect(deadlineError(deadlineMs, "expire")).toBe(error);
  });
}

for (const [text, baseMs, expected, written] of [
  ["1", NOW_MS, NOW_MS + 1, ""],
  ["1", 0, 1, ""],
  ["0", NOW_MS, 0, `-${INVALID}\r\n`],
  ["0", 0, 0, `-${INVALID}\r\n`],
  ["-1", NOW_MS, 0, `-${INVALID}\r\n`],
  ["-9223372036854775808", 0, 0, `-${INVALID}\r\n`],
  ["9223372036854775807", 0, 0, `-${INVALID}\r\n`],
  ["x", NOW_MS, 0, `-${NOT_AN_INTEGER}\r\n`],
] as const) {
  test(`for a new key, ${text} ms after ${baseMs} is ${expected}`, () => {
    const out = new Output();
    expect(readDeadline(out, argsOf([text]), 0, 1, baseMs, "expire")).toBe(expected);
    expect(out.text()).toBe(written);
  });
}
