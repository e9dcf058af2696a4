import { expect, test } from "vitest";
import { INTEGER_MAX, INTEGER_MIN, parseInteger, parseSafeInteger } from "./numbers.ts";

// text, what it is worth; null when it is no integer of 64 bits
const TEXTS: [string, bigint | null][] = [
  ["0", 0n],
  ["1", 1n],
  ["-1", -1n],
  ["9", 9n],
  ["10", 10n],
  ["123456789012345", 123456789012345n],
  ["-12345678901234", -12345678901234n],
  ["-123456789012345", -123456789012345n],
  ["1234567890123456", 1234567890123456n],
  ["9007199254740991", 9007199254740991n],
  ["-9007199254740991", -9007199254740991n],
  ["9007199254740992", 9007199254740992n],
  ["9223372036854775807", INTEGER_MAX],
  ["-9223372036854775808", INTEGER_MIN],
  ["9223372036854775808", null],
  ["-9223372036854775809", null],
  ["99999999999999999999", null],
  ["123456789012345678901", null],
  ["", null],
  ["-", null],
  ["--1", null],
  ["-0", null],
  ["00", null],
  ["01", null],
  ["-01", null],
  ["0000000000000000001", null],
  ["+1", null],
  [" 1", null],
  ["1 ", null],
  ["1.0", null],
  ["1e3", null],
  ["0x1", null],
  ["1a", null],
  ["12345678901234567a", null],
  ["1234567890-123456", null],
  ["\u0660", null],
];

for (const [text, value] of TEXTS) {
  const shown = JSON.stringify(text);
  test(`reads ${shown} as ${value ?? "no integer"}`, () => {
    // Digits all around, so that a step too far shows.
    const bytes = Buffer.from(`77${text}77`);
    expect(parseInteger(bytes, 2, bytes.length - 4)).toBe(value);
  });
  const safe = value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : NaN;
  test(`reads ${shown} as the double ${safe}`, () => {
    const bytes = Buffer.from(`77${text}77`);
    expect(parseSafeInteger(bytes, 2, bytes.length - 4)).toBe(safe);
  });
}
