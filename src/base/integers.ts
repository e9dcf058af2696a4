/**
 * Integers in text, read from bytes and written to bytes without making a string. They are read as
 * strictly as Redis reads them: an optional minus and digits, no leading zero, no minus zero, no
 * space, within 64 bits.
 */
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** Digits that always fit into a double without loss. */
const SAFE_DIGITS = 15;
/** A minus and nineteen digits. */
const DIGITS_MAX = 20;

export const INTEGER_MIN = -(2n ** 63n);
export const INTEGER_MAX = 2n ** 63n - 1n;

/** The integer, exact; NaN when the bytes are no integer or one beyond 2^53 - 1. */
export function parseSafeInteger(bytes: Uint8Array, at: number, length: number): number {
  if (length <= SAFE_DIGITS) return parseShort(bytes, at, length);
  const wide = parseInteger(bytes, at, length);
  if (wide === null) return NaN;
  const value = Number(wide);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** A signed 64-bit integer, or null. */
export function parseInteger(bytes: Uint8Array, at: number, length: number): bigint | null {
  if (length <= SAFE_DIGITS) {
    const value = parseShort(bytes, at, length);
    return Number.isNaN(value) ? null : BigInt(value);
  }
  if (length > DIGITS_MAX) return null;
  const digitsAt = bytes[at] === MINUS ? at + 1 : at;
  const first = bytes[digitsAt]!;
  if (first <= ZERO || first > NINE) return null;
  let text = digitsAt > at ? "-" : "";
  for (let i = digitsAt; i < at + length; i++) {
    const byte = bytes[i]!;
    if (byte < ZERO || byte > NINE) return null;
    text += String.fromCharCode(byte);
  }
  const value = BigInt(text);
  return value < INTEGER_MIN || value > INTEGER_MAX ? null : value;
}

function parseShort(bytes: Uint8Array, at: number, length: number): number {
  if (length === 0) return NaN;
  const end = at + length;
  const isNegative = bytes[at] === MINUS;
  let i = isNegative ? at + 1 : at;
  if (i === end) return NaN;
  const first = bytes[i]!;
  if (first === ZERO) return length === 1 ? 0 : NaN;
  let value = 0;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

/** Writes the digits to `target`, at most 20 bytes; returns how many. */
export function writeInteger(target: Buffer, at: number, value: number | bigint): number {
  if (typeof value === "bigint") return target.write(value.toString(), at, "latin1");
  let rest = Math.abs(value);
  let digits = 1;
  for (let limit = 10; rest >= limit; limit *= 10) digits++;
  const digitsAt = value < 0 ? at + 1 : at;
  if (value < 0) target[at] = MINUS;
  for (let i = digitsAt + digits - 1; i >= digitsAt; i--) {
    const next = Math.floor(rest / 10);
    // In brackets, since the sum of the first two may be beyond what is exact.
    target[i] = ZERO + (rest - next * 10);
    rest = next;
  }
  return digitsAt + digits - at;
}
