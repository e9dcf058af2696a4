/**
 * Little-endian integers and short copies, as plain functions over bytes.
 *
 * Node's own `writeUInt32LE` and friends check types and ranges on every call; these do not, because
 * their callers have checked already. A u64 is written as two u32 and holds at most 2^53 - 1, so that
 * every number in a file is exact as a JavaScript number.
 */
const TWO_POW_32 = 2 ** 32;

/**
 * Up to this many bytes a plain loop beats `set(subarray())`, which pays about 50 ns for the new view
 * whatever its length. Keys and namespaces are mostly shorter than this, values mostly longer.
 */
const LOOP_COPY_BYTES_MAX = 48;

export function putU16(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
}

export function putU32(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

/** `value` is a whole number from 0 to 2^53 - 1. */
export function putU64(target: Uint8Array, at: number, value: number): void {
  putU32(target, at, value >>> 0);
  putU32(target, at + 4, (value / TWO_POW_32) >>> 0);
}

export function getU16(source: Uint8Array, at: number): number {
  return source[at]! | (source[at + 1]! << 8);
}

export function getU32(source: Uint8Array, at: number): number {
  const high = source[at + 3]! << 24;
  return (source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | high) >>> 0;
}

/** May exceed 2^53 - 1 when the bytes are damaged: the caller checks with `Number.isSafeInteger`. */
export function getU64(source: Uint8Array, at: number): number {
  return getU32(source, at + 4) * TWO_POW_32 + getU32(source, at);
}

/** Copies `length` bytes; the ranges must lie inside both arrays and must not overlap. */
export function copyBytes(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  sourceAt: number,
  length: number,
): void {
  if (length > LOOP_COPY_BYTES_MAX) {
    target.set(source.subarray(sourceAt, sourceAt + length), at);
    return;
  }
  for (let i = 0; i < length; i += 1) target[at + i] = source[sourceAt + i]!;
}

/** Rounds up to a multiple of 8; exact up to 2^53. */
export function alignUp8(value: number): number {
  return Math.ceil(value / 8) * 8;
}
