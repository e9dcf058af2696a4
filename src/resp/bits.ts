/**
 * Bits within values: counted and searched for where they lie in the table, by words where that pays.
 *
 * Bit 0 is the highest of the first byte, as in Redis. A value may start at any byte of the shard, so
 * a walk takes single bytes up to the next whole word, words from there, and the bytes that are left.
 * One step over a word looks at 32 bits; values are not copied.
 */
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Args } from "./args.ts";
import type { Client } from "./client.ts";

/** The bytes that the table lies in, twice: the same memory by bytes and by words. */
interface Memory {
  readonly u8: Uint8Array;
  readonly u32: Uint32Array;
}

/** Argument `i` as the offset of a bit; NaN unless a value may be long enough to have it. */
export function bitOffset(args: Args, i: number, valueBytesMax: number): number {
  const offset = args.safeInteger(i);
  return offset >= 0 && offset < valueBytesMax * 8 ? offset : NaN;
}

/**
 * Argument `i` as one end of a range: any 64-bit integer, those that a double can't hold cut to the
 * nearest that it can, which is beyond all values anyway. NaN when it is no integer.
 */
export function rangeEnd(args: Args, i: number): number {
  const exact = args.safeInteger(i);
  if (!Number.isNaN(exact)) return exact;
  const wide = args.integer(i);
  if (wide === null) return NaN;
  return wide < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

/** The value of an entry (of NO_SLOT: none), copied, with zeros behind it up to `bytesMin`. */
export function grownValue({ table }: Client, slot: SlotRef, bytesMin: number): Buffer {
  const length = slot === NO_SLOT ? 0 : table.valueLength(slot);
  const value = Buffer.allocUnsafe(Math.max(length, bytesMin));
  if (length > 0)
    table.shard.bytes.copy(value, 0, table.valueAt(slot), table.valueAt(slot) + length);
  return value.fill(0, length);
}

/** How many bits are set from bit `from` to bit `to`, both included, of the bytes from `at` on. */
export function countBits(memory: Memory, at: number, from: number, to: number): number {
  const first = at + Math.floor(from / 8);
  const last = at + Math.floor(to / 8);
  const before = memory.u8[first]! >>> (8 - (from & 7));
  const behind = memory.u8[last]! & (0x7f >>> (to & 7));
  return countBytes(memory, first, last + 1) - bitsOf(before) - bitsOf(behind);
}

/** The first bit that is `bit`, from `from` to `to`, both included; -1 when there is none. */
export function findBit(memory: Memory, at: number, bit: number, from: number, to: number): number {
  const { u8 } = memory;
  const none = bit === 1 ? 0 : 0xff;
  const end = at + Math.floor(to / 8) + 1;
  let i = at + Math.floor(from / 8);
  let found = (u8[i]! ^ none) & (0xff >>> (from & 7));
  if (found === 0) {
    i = skipBytes(memory, i + 1, end, none);
    if (i === end) return -1;
    found = u8[i]! ^ none;
  }
  const position = (i - at) * 8 + Math.clz32(found) - 24;
  return position <= to ? position : -1;
}

function countBytes({ u8, u32 }: Memory, from: number, end: number): number {
  let count = 0;
  let i = from;
  for (; i < end && i % 4 !== 0; i++) count += bitsOf(u8[i]!);
  for (; i + 4 <= end; i += 4) count += bitsOf(u32[i / 4]!);
  for (; i < end; i++) count += bitsOf(u8[i]!);
  return count;
}

/** The first byte that is not `none` (0 or 255), or `end`. */
function skipBytes({ u8, u32 }: Memory, from: number, end: number, none: number): number {
  const noneOfWord = none === 0 ? 0 : 0xffff_ffff;
  let i = from;
  while (i < end && i % 4 !== 0 && u8[i] === none) i++;
  if (i % 4 === 0) while (i + 4 <= end && u32[i / 4] === noneOfWord) i += 4;
  while (i < end && u8[i] === none) i++;
  return i;
}

/** Bits set in a word: pairs, fours and eights are added up side by side (Warren, Hacker's Delight). */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
