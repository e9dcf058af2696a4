/**
 * What BITFIELD and BITFIELD_RO ask for: integers of 1 to 64 bits at any bit of a string.
 *
 * All operations are parsed before the first is done, so a mistake changes nothing. Fields are bigint:
 * a sum is exact first, and then wraps, saturates or fails where it leaves the field's range.
 */
import type { Args } from "../../args.ts";
import { bitOffset } from "../../bits.ts";
import { BIT_OFFSET_ERROR, NOT_AN_INTEGER, SYNTAX_ERROR } from "../../errors.ts";
import { parseSafeInteger } from "../../numbers.ts";

const BAD_TYPE =
  "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";
const BAD_OVERFLOW = "ERR Invalid OVERFLOW type specified";
const SIGNED_BITS_MAX = 64;
const UNSIGNED_BITS_MAX = 63;
const SIGNED = 0x69;
const UNSIGNED = 0x75;
const HASH = 0x23;
const OVERFLOWS = ["WRAP", "SAT", "FAIL"] as const;

type Overflow = (typeof OVERFLOWS)[number];

export interface FieldOperation {
  readonly name: "GET" | "SET" | "INCRBY";
  readonly isSigned: boolean;
  readonly bits: number;
  /** Of its first bit. */
  readonly offset: number;
  /** Of a SET the new value, of an INCRBY what is added. */
  readonly value: bigint;
  readonly overflow: Overflow;
}

/** The operations from argument 2 on, or the error that the command is refused with. */
export function parseFields(args: Args, valueBytesMax: number): FieldOperation[] | string {
  const operations: FieldOperation[] = [];
  let overflow: Overflow = "WRAP";
  for (let i = 2; i < args.count;) {
    const behind = args.count - i - 1;
    if (args.is(i, "OVERFLOW") && behind >= 1) {
      const found = OVERFLOWS.find((each) => args.is(i + 1, each));
      if (found === undefined) return BAD_OVERFLOW;
      overflow = found;
      i += 2;
      continue;
    }
    const name = nameAt(args, i, behind);
    if (name === null) return SYNTAX_ERROR;
    const operation = parseField(args, i, name, overflow, valueBytesMax);
    if (typeof operation === "string") return operation;
    operations.push(operation);
    i += name === "GET" ? 3 : 4;
  }
  return operations;
}

/** The length in bytes that a string must have for all writes among the operations; 0 for none. */
export function extentOf(operations: readonly FieldOperation[]): number {
  let bytes = 0;
  for (const { name, offset, bits } of operations) {
    if (name !== "GET") bytes = Math.max(bytes, Math.ceil((offset + bits) / 8));
  }
  return bytes;
}

/** The field's value; bits behind the end of the string are 0. */
export function getField(
  { offset, bits, isSigned }: FieldOperation,
  bytes: Uint8Array,
  at: number,
  length: number,
): bigint {
  const end = offset + bits;
  const last = Math.ceil(end / 8) - 1;
  let field = 0n;
  for (let i = Math.floor(offset / 8); i <= last; i++) {
    field = (field << 8n) | BigInt(i < length ? bytes[at + i]! : 0);
  }
  field >>= BigInt((last + 1) * 8 - end);
  return isSigned ? BigInt.asIntN(bits, field) : BigInt.asUintN(bits, field);
}

/** Writes the field, of which only the low bits count; the string must be long enough. */
export function putField({ offset, bits }: FieldOperation, bytes: Uint8Array, value: bigint): void {
  const end = offset + bits;
  const last = Math.ceil(end / 8) - 1;
  const shift = BigInt((last + 1) * 8 - end);
  let mask = ((1n << BigInt(bits)) - 1n) << shift;
  let field = BigInt.asUintN(bits, value) << shift;
  for (let i = last; i >= Math.floor(offset / 8); i--) {
    bytes[i] = (bytes[i]! & ~Number(mask & 0xffn)) | Number(field & 0xffn);
    mask >>= 8n;
    field >>= 8n;
  }
}

/** What the field becomes when it is now `old`; null when that is out of range and must fail. */
export function changed(operation: FieldOperation, old: bigint): bigint | null {
  const { name, isSigned, bits, value, overflow } = operation;
  // As in Redis a negative value for an unsigned field is a huge one, and saturates as such.
  const given = isSigned ? value : BigInt.asUintN(64, value);
  const wanted = name === "SET" ? given : old + value;
  const wrapped = isSigned ? BigInt.asIntN(bits, wanted) : BigInt.asUintN(bits, wanted);
  if (wrapped === wanted || overflow === "WRAP") return wrapped;
  if (overflow === "FAIL") return null;
  const highest = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  // Redis takes the distance to the highest in 64 bits, where that of the lowest values is negative.
  const isAbove =
    name === "SET" && isSigned ? BigInt.asIntN(64, highest - wanted) < 0n : wanted > highest;
  if (isAbove) return highest;
  return isSigned ? -highest - 1n : 0n;
}

function nameAt(args: Args, i: number, behind: number): FieldOperation["name"] | null {
  if (args.is(i, "GET") && behind >= 2) return "GET";
  if (args.is(i, "SET") && behind >= 3) return "SET";
  return args.is(i, "INCRBY") && behind >= 3 ? "INCRBY" : null;
}

function parseField(
  args: Args,
  i: number,
  name: FieldOperation["name"],
  overflow: Overflow,
  valueBytesMax: number,
): FieldOperation | string {
  const bits = parseBits(args, i + 1);
  if (bits === 0) return BAD_TYPE;
  const offset = parseOffset(args, i + 2, bits, valueBytesMax);
  if (Number.isNaN(offset)) return BIT_OFFSET_ERROR;
  const value = name === "GET" ? 0n : args.integer(i + 3);
  if (value === null) return NOT_AN_INTEGER;
  const isSigned = args.buffer[args.at[i + 1]!] === SIGNED;
  return { name, isSigned, bits, offset, value, overflow };
}

/** Bits of a type such as i16 or u8, 0 for anything else. */
function parseBits(args: Args, i: number): number {
  const length = args.length[i]!;
  const sign = length > 0 ? args.buffer[args.at[i]!]! : 0;
  if (sign !== SIGNED && sign !== UNSIGNED) return 0;
  const bits = parseSafeInteger(args.buffer, args.at[i]! + 1, length - 1);
  return bits >= 1 && bits <= (sign === SIGNED ? SIGNED_BITS_MAX : UNSIGNED_BITS_MAX) ? bits : 0;
}

/** An offset in bits, or behind a # in fields of this type. NaN when there is no such bit. */
function parseOffset(args: Args, i: number, bits: number, valueBytesMax: number): number {
  const at = args.at[i]!;
  const length = args.length[i]!;
  if (length === 0 || args.buffer[at] !== HASH) return bitOffset(args, i, valueBytesMax);
  const offset = parseSafeInteger(args.buffer, at + 1, length - 1) * bits;
  return offset >= 0 && offset < valueBytesMax * 8 ? offset : NaN;
}
