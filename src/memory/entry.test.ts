import { expect, test } from "vitest";
import * as entry from "./entry.ts";

const KEY_LENGTHS = [1, 2, 255, 256, 65_534, 65_535];
const VALUE_LENGTHS = [0, 1, 2046, 2047, 2048, 2049, 65_535, 2 ** 24, 2 ** 31];

for (const keyLength of KEY_LENGTHS) {
  for (const valueLength of VALUE_LENGTHS) {
    test(`a key of ${keyLength} and a value of ${valueLength} bytes are read as written`, () => {
      for (const hasDeadline of [false, true]) {
        for (const kind of Object.values(entry.KIND)) {
          for (const ascii of [false, true]) {
            const u32 = new Uint32Array(16).fill(0xffffffff);
            entry.writeHead(u32, 3, kind, ascii, hasDeadline, keyLength, valueLength);
            const head = u32[3]!;
            expect(entry.kindOf(head)).toBe(kind);
            expect(entry.isAscii(head)).toBe(ascii);
            expect(entry.hasDeadline(head)).toBe(hasDeadline);
            expect(entry.keyLength(head)).toBe(keyLength);
            expect(entry.valueLength(u32, 3, head)).toBe(valueLength);
            const keyAt = entry.keyAt(3, head);
            expect(entry.keyAtIn(3, valueLength, hasDeadline)).toBe(keyAt);
            const end = keyAt + keyLength + valueLength;
            expect(end - 12).toBe(entry.entryBytes(keyLength, valueLength, hasDeadline));
          }
        }
      }
    });
  }
}

const SIZES: readonly (readonly [number, number, boolean, number])[] = [
  [16, 64, false, 84],
  [16, 64, true, 100],
  [1, 2047, false, 2052],
  [1, 2048, false, 2057],
  [1, 2048, true, 2073],
];
for (const [key, value, hasDeadline, bytes] of SIZES) {
  test(`key ${key}, value ${value}, deadline ${hasDeadline}: a block of ${bytes} bytes`, () => {
    expect(entry.entryBytes(key, value, hasDeadline)).toBe(bytes);
  });
}

test("a deadline may be any of 48 bits, and leaves the list beside it alone", () => {
  const u32 = new Uint32Array(8);
  u32[1 + entry.DEADLINE.highAndList] = 511 << 16;
  for (const ms of [1, 2 ** 32 - 1, 2 ** 32, 1_700_000_000_000, 2 ** 47, 2 ** 48 - 1]) {
    entry.setDeadlineMs(u32, 1, ms);
    expect(entry.deadlineMs(u32, 1)).toBe(ms);
    expect(u32[1 + entry.DEADLINE.highAndList]! >>> 16).toBe(511);
  }
});

test("a block at the end of the largest shard has its key above 2^31", () => {
  expect(entry.keyAt(2 ** 30 - 2, 0)).toBe(2 ** 32 - 4);
  expect(entry.keyAtIn(2 ** 30 - 2, 0, false)).toBe(2 ** 32 - 4);
});
