import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { KIND } from "../memory/entry.ts";
import { decodeDump, dumpedLength, encodeDump } from "./dump.ts";
import { BAD_DUMP_DATA, BAD_DUMP_PAYLOAD, STRING_TOO_LONG } from "./errors.ts";

const VALUE_BYTES_MAX = 1024 * 1024;
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

/** Kind, value, and the payload as it always was. */
const GOLDEN = [
  [KIND.text, "hi", "504b5644 01 00 6869 79475a20"],
  [KIND.json, "[]", "504b5644 01 01 5b5d cbbc47f4"],
  [KIND.bytes, "\x00\xff", "504b5644 01 02 00ff c9449697"],
  [KIND.bytes, "", "504b5644 01 02 03e58ffc"],
] as const;

/** What redis-server 7.0 made of strings. */
const REDIS = [
  ["", "00000a005d9b5c400f7fa2da"],
  ["hello", "000568656c6c6f0a006372df766534200a"],
  ["\x00\xff\r\n", "000400ff0d0a0a008d10d19e4216ec65"],
  ["007", "00033030370a007258e27b4c69bad9"],
  ["-5", "00c0fb0a0049c4c6f4d7263f68"],
  ["1234", "00c1d2040a00008708a144825ced"],
  ["-123456789", "00c2eb32a4f80a001b1fb03aba81865b"],
  ["12345678901", "000b31323334353637383930310a00304e52d727176510"],
  ["ab".repeat(40), "00c30a405002616261e042010161620a00949d5f0eb1dea445"],
] as const;

/** A payload with a checksum that fits, as anybody can make one. */
function forged(kind: number, value: Buffer): Buffer {
  return encodeDump(kind, value);
}

describe("a payload of our own", () => {
  for (const [kind, value, payload] of GOLDEN) {
    test(`of ${JSON.stringify(value)} is what it always was, and is read back`, () => {
      const bytes = Buffer.from(value, "latin1");
      expect(encodeDump(kind, bytes).toString("hex")).toBe(hex(payload).toString("hex"));
      expect(decodeDump(hex(payload), VALUE_BYTES_MAX)).toEqual({ kind, bytes });
    });
  }

  test("is refused with any bit of it flipped, or any of its end cut off", () => {
    const payload = encodeDump(KIND.bytes, Buffer.from("some value"));
    for (let bit = 0; bit < payload.length * 8; bit++) {
      const damaged = Buffer.from(payload);
      damaged[bit >>> 3]! ^= 1 << (bit & 7);
      expect(decodeDump(damaged, VALUE_BYTES_MAX), `bit ${bit}`).toBe(BAD_DUMP_PAYLOAD);
    }
    for (let length = 0; length < payload.length; length++) {
      const cut = payload.subarray(0, length);
      expect(decodeDump(cut, VALUE_BYTES_MAX), `${length} bytes`).toBe(BAD_DUMP_PAYLOAD);
    }
  });

  test("of another version is refused, its checksum notwithstanding", () => {
    const payload = encodeDump(KIND.bytes, Buffer.from("v"));
    payload[4] = 2;
    payload.writeUInt32LE(crc32(payload.subarray(0, -4)), payload.length - 4);
    expect(decodeDump(payload, VALUE_BYTES_MAX)).toBe(BAD_DUMP_PAYLOAD);
  });

  test("that says what is not so of its value is refused", () => {
    const bad = [
      forged(KIND.text, Buffer.from([0xff])),
      forged(KIND.json, Buffer.from("{")),
      forged(KIND.json, Buffer.from("")),
      forged(KIND.json, Buffer.from([0x22, 0xff, 0x22])),
      forged(3, Buffer.from("v")),
      forged(255, Buffer.from("v")),
    ];
    for (const payload of bad) expect(decodeDump(payload, VALUE_BYTES_MAX)).toBe(BAD_DUMP_DATA);
  });
});

describe("a payload of Redis", () => {
  for (const [value, payload] of REDIS) {
    test(`of ${JSON.stringify(value)} is read as bytes`, () => {
      const bytes = Buffer.from(value, "latin1");
      expect(decodeDump(hex(payload), VALUE_BYTES_MAX)).toEqual({ kind: KIND.bytes, bytes });
      expect(dumpedLength(hex(payload))).toBeGreaterThanOrEqual(bytes.length);
    });

    test(`of ${JSON.stringify(value)} is refused with any byte of it changed`, () => {
      const whole = hex(payload);
      for (let at = 0; at < whole.length; at++) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= 0x10;
        expect(decodeDump(damaged, VALUE_BYTES_MAX), `byte ${at}`).toBe(BAD_DUMP_PAYLOAD);
      }
    });
  }

  test("of 20,000 equal letters is expanded", () => {
    const payload = hex(LONG);
    const bytes = Buffer.alloc(20_000, "x");
    expect(decodeDump(payload, VALUE_BYTES_MAX)).toEqual({ kind: KIND.bytes, bytes });
    expect(dumpedLength(payload)).toBe(20_000);
  });

  test("of a string that is longer than a value may be is refused before it is expanded", () => {
    expect(decodeDump(hex(LONG), 19_999)).toBe(STRING_TOO_LONG);
  });

  test("of a list is no string", () => {
    const list = hex("1201020a0a0000000100816102ff0a0009b9edf594ded995");
    expect(decodeDump(list, VALUE_BYTES_MAX)).toBe(BAD_DUMP_DATA);
  });
});

const LONG =
  "00c340ea8000004e20017878" + "e0ff00".repeat(75) + "e0bb00017878" + "0a00b8458d98cf7cab3a";
