/**
 * Strings as Redis dumps them.
 *
 *   Payload := type:u8 | String | rdbVersion:u16 | crc:u64                            little-endian
 *   String  := Length | bytes[length]  or  Integer  or  Compressed
 *   Length  := 00 and 6 bits, 01 and 14 bits, 0x80 and 32 bits, 0x81 and 64 bits         big-endian
 *   Integer := 0xc0 | i8  or  0xc1 | i16  or  0xc2 | i32: the string is its decimal text
 *   Compressed := 0xc3 | Length, compressed | Length, not so | LZF[compressed]
 *
 * The checksum is CRC-64 with the polynomial of Jones, as in Redis. JavaScript has no integers of 64
 * bits that are fast, so it is computed in two halves by tables: about 200 MB/s.
 *
 * LZF (Lehmann) is runs of literals and references to what was written before, up to 264 bytes for
 * three of the input; a length that claims more is refused before memory is taken for it.
 */
import { BAD_DUMP_DATA, BAD_DUMP_PAYLOAD, STRING_TOO_LONG } from "./errors.ts";

const STRING_TYPE = 0;
const VERSION_MAX = 12;
const CRC_BYTES = 8;
const FOOTER_BYTES = 2 + CRC_BYTES;
const LZF_RATIO_MAX = 264;
const TAG = {
  length32: 0x80,
  length64: 0x81,
  int8: 0xc0,
  int16: 0xc1,
  int32: 0xc2,
  lzf: 0xc3,
} as const;

/** Where reading has come to. */
interface Cursor {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;
}

/** The string in a payload, of its own bytes where it can be; else the error for it. */
export function readRdbString(payload: Buffer, valueBytesMax: number): Buffer | string {
  const end = payload.length - FOOTER_BYTES;
  if (end < 1 || payload.readUInt16LE(end) > VERSION_MAX || !hasRightCrc(payload)) {
    return BAD_DUMP_PAYLOAD;
  }
  if (payload[0] !== STRING_TYPE) return BAD_DUMP_DATA;
  const cursor = { bytes: payload, end, at: 1 };
  const string = readString(cursor, valueBytesMax);
  return string === null || cursor.at !== end ? BAD_DUMP_DATA : string;
}

/** The length of the string that a payload claims to hold, at most; nothing is verified. */
export function rdbStringLength(payload: Buffer): number {
  const end = Math.max(0, payload.length - FOOTER_BYTES);
  if (end < 2 || payload[1] !== TAG.lzf) return payload.length;
  const cursor = { bytes: payload, end, at: 2 };
  readLength(cursor);
  return Math.min(Math.max(0, readLength(cursor)), end * LZF_RATIO_MAX);
}

function readString(cursor: Cursor, valueBytesMax: number): Buffer | string | null {
  const { bytes, end, at } = cursor;
  const tag = at < end ? bytes[at]! : -1;
  if (tag === TAG.lzf) return readCompressed(cursor, valueBytesMax);
  if (tag >= TAG.int8 && tag < TAG.lzf) return readInteger(cursor, tag);
  const length = readLength(cursor);
  if (length < 0 || cursor.at + length > end) return null;
  cursor.at += length;
  return bytes.subarray(cursor.at - length, cursor.at);
}

/** -1 when there is none; up to 2^53, beyond which it is no exact number and too long anyway. */
function readLength(cursor: Cursor): number {
  const { bytes, end, at } = cursor;
  const first = at < end ? bytes[at]! : 0xff;
  const size = first < 0x40 ? 1 : first < 0x80 ? 2 : first === TAG.length32 ? 5 : 9;
  if (first > TAG.length64 || at + size > end) return -1;
  cursor.at += size;
  if (size === 1) return first;
  if (size === 2) return ((first & 0x3f) << 8) | bytes[at + 1]!;
  if (size === 5) return bytes.readUInt32BE(at + 1);
  return bytes.readUInt32BE(at + 1) * 2 ** 32 + bytes.readUInt32BE(at + 5);
}

function readInteger(cursor: Cursor, tag: number): Buffer | null {
  const size = tag === TAG.int8 ? 1 : tag === TAG.int16 ? 2 : 4;
  const from = cursor.at + 1;
  if (from + size > cursor.end) return null;
  cursor.at = from + size;
  return Buffer.from(String(cursor.bytes.readIntLE(from, size)), "latin1");
}

function readCompressed(cursor: Cursor, valueBytesMax: number): Buffer | string | null {
  cursor.at++;
  const compressed = readLength(cursor);
  const length = readLength(cursor);
  const from = cursor.at;
  if (compressed < 0 || length < 0 || from + compressed > cursor.end) return null;
  if (length > compressed * LZF_RATIO_MAX) return null;
  cursor.at += compressed;
  if (length > valueBytesMax) return STRING_TOO_LONG;
  const target = Buffer.allocUnsafe(length);
  return expand(cursor.bytes, from, cursor.at, target) ? target : null;
}

/** Whether the input makes just as many bytes as there is room for. */
function expand(source: Buffer, from: number, end: number, target: Buffer): boolean {
  let to = 0;
  let at = from;
  while (at < end) {
    const control = source[at++]!;
    if (control < 32) {
      const count = control + 1;
      if (at + count > end || to + count > target.length) return false;
      source.copy(target, to, at, at + count);
      at += count;
      to += count;
      continue;
    }
    let count = control >>> 5;
    if (count === 7) count += at < end ? source[at++]! : 0;
    count += 2;
    if (at >= end) return false;
    let back = to - ((control & 0x1f) << 8) - source[at++]! - 1;
    if (back < 0 || to + count > target.length) return false;
    // What is copied may be what the copy has just written.
    for (let i = 0; i < count; i++) target[to++] = target[back++]!;
  }
  return to === target.length;
}

function hasRightCrc(payload: Buffer): boolean {
  const crcAt = payload.length - CRC_BYTES;
  let low = 0;
  let high = 0;
  for (let i = 0; i < crcAt; i++) {
    const entry = (low ^ payload[i]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ LOW[entry]!;
    high = (high >>> 8) ^ HIGH[entry]!;
  }
  return (
    payload.readUInt32LE(crcAt) === low >>> 0 && payload.readUInt32LE(crcAt + 4) === high >>> 0
  );
}

/** The polynomial 0xad93d23594c935a9, lowest bit first. */
const POLYNOMIAL = { low: 0xac4bc9b5, high: 0x95ac9329 } as const;
const LOW = new Uint32Array(256);
const HIGH = new Uint32Array(256);

for (let i = 0; i < 256; i++) {
  let low = i;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) === 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      low ^= POLYNOMIAL.low;
      high ^= POLYNOMIAL.high;
    }
  }
  LOW[i] = low;
  HIGH[i] = high;
}
