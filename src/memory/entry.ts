/**
 * The block of an entry: what varies in size.
 *
 *   Block    := head:u32 | Deadline? | valueLen:u32? | key | value
 *   head     := kind:2 | ascii:1 | hasDeadline:1 | isLong:1 | keyLen:16 | valueLen:11
 *   Deadline := low:u32 | high:16, wheelList:16 | prev:u32 | next:u32
 *
 * A value of 2048 bytes and more has its length in a word of its own (isLong), a key without a
 * deadline has none of the words for it: a key of 16 bytes and a value of 64 take 84 bytes. The
 * links of a deadline chain slots, like all links.
 */
import { WORD_BYTES } from "./shard.ts";

/** How the value's bytes are to be read; numbers that the disk formats share. */
export const KIND = { text: 0, json: 1, bytes: 2 } as const;

const KIND_MASK = 3;
const ASCII_FLAG = 4;
const DEADLINE_FLAG = 8;
const LONG_FLAG = 16;
const KEY_LENGTH_SHIFT = 5;
const KEY_LENGTH_MASK = 0xffff;
const VALUE_LENGTH_SHIFT = 21;
const SHORT_VALUE_BYTES_MAX = 2047;

export const KEY_BYTES_MAX = 65_535;

/** Words of the deadline part, from the start of the block. */
export const DEADLINE = { low: 1, highAndList: 2, prev: 3, next: 4 } as const;
const DEADLINE_BYTES = 16;

/** Bytes of a block for such an entry. */
export function entryBytes(keyLength: number, valueLength: number, hasDeadline: boolean): number {
  const long = valueLength > SHORT_VALUE_BYTES_MAX ? WORD_BYTES : 0;
  return WORD_BYTES + (hasDeadline ? DEADLINE_BYTES : 0) + long + keyLength + valueLength;
}

/** Byte at which the key of such an entry goes, with the value right behind. */
export function keyAtIn(block: number, valueLength: number, hasDeadline: boolean): number {
  return ((block << 2) >>> 0) + entryBytes(0, valueLength, hasDeadline) - valueLength;
}

/** Writes head and lengths, which lie before the key. */
export function writeHead(
  u32: Uint32Array,
  block: number,
  kind: number,
  ascii: boolean,
  hasDeadline: boolean,
  keyLength: number,
  valueLength: number,
): void {
  let head = kind | (keyLength << KEY_LENGTH_SHIFT);
  if (ascii) head |= ASCII_FLAG;
  let word = block + 1;
  if (hasDeadline) {
    head |= DEADLINE_FLAG;
    word += DEADLINE_BYTES / WORD_BYTES;
  }
  if (valueLength > SHORT_VALUE_BYTES_MAX) {
    head |= LONG_FLAG;
    u32[word] = valueLength;
  } else head |= valueLength << VALUE_LENGTH_SHIFT;
  u32[block] = head;
}

export function kindOf(head: number): number {
  return head & KIND_MASK;
}

export function isAscii(head: number): boolean {
  return (head & ASCII_FLAG) !== 0;
}

export function hasDeadline(head: number): boolean {
  return (head & DEADLINE_FLAG) !== 0;
}

export function keyLength(head: number): number {
  return (head >>> KEY_LENGTH_SHIFT) & KEY_LENGTH_MASK;
}

/** Byte at which the key starts. */
export function keyAt(block: number, head: number): number {
  const words = 1 + ((head & DEADLINE_FLAG) >>> 1) + ((head & LONG_FLAG) >>> 4);
  return ((block + words) << 2) >>> 0;
}

export function valueLength(u32: Uint32Array, block: number, head: number): number {
  if ((head & LONG_FLAG) === 0) return head >>> VALUE_LENGTH_SHIFT;
  return u32[block + 1 + ((head & DEADLINE_FLAG) >>> 1)]!;
}

/** Milliseconds since 1970, of a block that has a deadline. */
export function deadlineMs(u32: Uint32Array, block: number): number {
  return (u32[block + DEADLINE.highAndList]! & 0xffff) * 2 ** 32 + u32[block + DEADLINE.low]!;
}

export function setDeadlineMs(u32: Uint32Array, block: number, ms: number): void {
  u32[block + DEADLINE.low] = ms;
  const list = u32[block + DEADLINE.highAndList]! & 0xffff0000;
  u32[block + DEADLINE.highAndList] = list | Math.floor(ms / 2 ** 32);
}
