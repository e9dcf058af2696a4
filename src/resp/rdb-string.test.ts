import { expect, test } from "vitest";
import { BAD_DUMP_DATA, BAD_DUMP_PAYLOAD } from "./errors.ts";
import { rdbStringLength, readRdbString } from "./rdb-string.ts";

const VALUE_BYTES_MAX = 1024 * 1024;
const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

/** The slow way, bit by bit; of "123456789" it is what the catalogues of checksums say. */
function crc64(bytes: Buffer): bigint {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? POLYNOMIAL : 0n);
  }
  return crc;
}

/** A payload of these bytes, with version and checksum as they should be. */
function payloadOf(body: string, version = 12): Buffer {
  const bytes = Buffer.from(body, "hex");
  const footed = Buffer.concat([bytes, Buffer.from([version & 0xff, version >>> 8])]);
  const crc = Buffer.alloc(8);
  crc.writeBigUInt64LE(crc64(footed));
  return Buffer.concat([footed, crc]);
}

function read(body: string): string {
  const string = readRdbString(payloadOf(body), VALUE_BYTES_MAX);
  return typeof string === "string" ? string : string.toString("latin1");
}

test("the checksum is that of the catalogues", () => {
  expect(crc64(Buffer.from("123456789"))).toBe(0xe9c6d914c4b8d9can);
});

const STRINGS = [
  ["a length of 6 bits", "0003616263", "abc"],
  ["a length of 14 bits", "004003616263", "abc"],
  ["a length of 32 bits", "008000000003616263", "abc"],
  ["a length of 64 bits", "00810000000000000003616263", "abc"],
  ["the lowest integer of 8 bits", "00c080", "-128"],
  ["the highest integer of 16 bits", "00c1ff7f", "32767"],
  ["the lowest integer of 32 bits", "00c200000080", "-2147483648"],
  ["literals in LZF", "00c3040302616263", "abc"],
  ["a reference in LZF that overlaps itself", "00c305050161622001", "ababa"],
  ["nothing in LZF", "00c30000", ""],
] as const;

for (const [what, body, string] of STRINGS) {
  test(`${what} is read`, () => {
    expect(read(body)).toBe(string);
    expect(rdbStringLength(payloadOf(body))).toBeGreaterThanOrEqual(string.length);
  });
}

const BROKEN = [
  ["no string", "00"],
  ["a string that is cut short", "00036162"],
  ["a string with something behind it", "000161ff"],
  ["a length of 14 bits that is cut short", "0040"],
  ["a length of 32 bits that is cut short", "0080000000"],
  ["a length beyond 2^53", "0081ffffffffffffffff61"],
  ["an integer that is cut short", "00c1ff"],
  ["an unknown encoding", "00c4"],
  ["an unknown length", "008200"],
  ["LZF that is cut short", "00c30503026162"],
  ["LZF without lengths", "00c3"],
  ["LZF whose length is an integer", "00c3c00103026162"],
  ["LZF that makes less than it says", "00c3040402616263"],
  ["LZF that makes more than it says", "00c3040202616263"],
  ["LZF that refers to before its start", "00c305050161622002"],
  ["LZF whose reference is cut short", "00c3040501616220"],
  ["LZF whose long reference is cut short", "00c30409016162e0"],
  ["LZF that claims too much", "00c30480ffffffff02616263"],
  ["another type", "010161"],
] as const;

for (const [what, body] of BROKEN) {
  test(`${what} is bad data`, () => expect(read(body)).toBe(BAD_DUMP_DATA));
}

test("a version of the future is refused, and what is too short for a footer", () => {
  expect(readRdbString(payloadOf("000161", 13), VALUE_BYTES_MAX)).toBe(BAD_DUMP_PAYLOAD);
  expect(readRdbString(payloadOf("000161", 256), VALUE_BYTES_MAX)).toBe(BAD_DUMP_PAYLOAD);
  expect(readRdbString(payloadOf(""), VALUE_BYTES_MAX)).toBe(BAD_DUMP_PAYLOAD);
  expect(readRdbString(Buffer.alloc(0), VALUE_BYTES_MAX)).toBe(BAD_DUMP_PAYLOAD);
});
