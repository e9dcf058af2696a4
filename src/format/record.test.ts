/**
 * Records and entries at the boundaries of their fields, and bytes that are neither.
 */
import { describe, expect, test } from "vitest";
import {
  KEY_BYTES_MAX,
  NS_BYTES_MAX,
  OP,
  createRecordView,
  decodeRecord,
  encodeRecord,
  recordBytes,
} from "./record.ts";
import { createEntryView, decodeEntry, encodeEntry, entryBytes } from "./snapshot-entry.ts";

const SIZES = [
  [0, 0, 0, 0],
  [1, 1, 1, 1],
  [2, 48, 48, Number.MAX_SAFE_INTEGER],
  [2, 49, 49, 2 ** 32 - 1],
  [2, 255, 256, 2 ** 32],
  [NS_BYTES_MAX, KEY_BYTES_MAX, 70_000, 1_700_000_000_000],
] as const;

function filled(length: number, from: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (from + i) & 0xff));
}

describe("a record", () => {
  for (const [nsLen, keyLen, valueLen, deadlineMs] of SIZES) {
    test(`of ${nsLen}, ${keyLen} and ${valueLen} bytes, deadline ${deadlineMs}, comes back`, () => {
      const [ns, key, value] = [filled(nsLen, 1), filled(keyLen + 3, 2), filled(valueLen + 5, 3)];
      const bytes = recordBytes(deadlineMs, nsLen, keyLen, valueLen);
      const target = Buffer.alloc(bytes + 20, 0xaa);
      const end = encodeRecord(
        target,
        10,
        OP.SET,
        2,
        deadlineMs,
        ns,
        key,
        3,
        keyLen,
        value,
        5,
        valueLen,
      );
      expect(end).toBe(10 + bytes);
      expect([target[9], target[end]]).toEqual([0xaa, 0xaa]);
      const view = createRecordView();
      expect(decodeRecord(target, 10, end, view)).toBe(true);
      expect(view).toMatchObject({ op: OP.SET, flags: 2, deadlineMs, nsLen, keyLen, valueLen });
      expect(view.next).toBe(end);
      expect(target.subarray(view.nsAt, view.nsAt + nsLen)).toEqual(ns);
      expect(target.subarray(view.keyAt, view.keyAt + keyLen)).toEqual(key.subarray(3));
      expect(target.subarray(view.valueAt, end)).toEqual(value.subarray(5));
    });
  }

  test("cut short anywhere is no record", () => {
    const [ns, key, value] = [Buffer.from("ns"), Buffer.from("key"), Buffer.from("value")];
    const target = Buffer.alloc(64);
    const end = encodeRecord(target, 0, OP.SET, 1, 99, ns, key, 0, 3, value, 0, 5);
    const view = createRecordView();
    for (let cut = 0; cut < end; cut += 1) expect(decodeRecord(target, 0, cut, view)).toBe(false);
    expect(decodeRecord(target, 0, end, view)).toBe(true);
  });

  test("with an op, flags or a deadline that nobody writes is no record", () => {
    const sound = Buffer.alloc(32);
    const none = Buffer.alloc(0);
    const end = encodeRecord(sound, 0, OP.EXPIRE, 0, 1, none, none, 0, 0, none, 0, 0);
    const cases = [
      [0, 0],
      [0, 6],
      [0, 255],
      [1, 3],
      [1, 8],
      [1, 0x84],
      [15, 0xff],
      [16, 0x20],
    ] as const;
    for (const [at, byte] of cases) {
      const bytes = Buffer.from(sound);
      bytes[at] = byte;
      expect(decodeRecord(bytes, 0, end, createRecordView()), `${at}: ${byte}`).toBe(false);
    }
    const zeroDeadline = Buffer.from(sound);
    zeroDeadline[9] = 0;
    expect(decodeRecord(zeroDeadline, 0, end, createRecordView())).toBe(false);
  });
});

describe("an entry", () => {
  for (const [nsLen, keyLen, valueLen, deadlineMs] of SIZES) {
    test(`of ${nsLen}, ${keyLen} and ${valueLen} bytes, deadline ${deadlineMs}, comes back`, () => {
      const [ns, key, value] = [filled(nsLen, 1), filled(keyLen, 2), filled(valueLen, 3)];
      const bytes = entryBytes(deadlineMs, nsLen, keyLen, valueLen);
      const target = Buffer.alloc(bytes);
      const version = Number.MAX_SAFE_INTEGER;
      const end = encodeEntry(
        target,
        0,
        1,
        version,
        deadlineMs,
        ns,
        key,
        0,
        keyLen,
        value,
        0,
        valueLen,
      );
      expect(end).toBe(bytes);
      const view = createEntryView();
      for (const cut of [0, 1, 15, end - 1]) {
        expect(decodeEntry(target, 0, Math.min(cut, end - 1), view)).toBe(false);
      }
      expect(decodeEntry(target, 0, end, view)).toBe(true);
      expect(view).toMatchObject({ kind: 1, version, deadlineMs, nsLen, keyLen, valueLen });
      expect(target.subarray(view.valueAt, view.next)).toEqual(value);
    });
  }
});
