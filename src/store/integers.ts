/**
 * Integers kept as text: what INCR reads and writes.
 *
 * An integer is 64 bits, in decimal, in the only form in which it is written: no sign for plus, no
 * leading zero, no minus zero. So an increment never changes how a value looks beyond its digits.
 * Nearly all integers are small: as long as value, summand and sum are numbers that a double holds
 * exactly, no BigInt is made.
 */
import { PyKVError } from "../base/errors.ts";
import { INTEGER_MAX, INTEGER_MIN, parseInteger, parseSafeInteger } from "../base/integers.ts";

/** Both were integers, but the sum is none of 64 bits: Redis has words of its own for it. */
export class IntegerOverflow extends PyKVError {
  constructor() {
    super("NOT_AN_INTEGER", "the result would not fit in 64 bits");
  }
}

/**
 * The value plus `by`; throws NOT_AN_INTEGER when the value is not what it should be, and
 * IntegerOverflow.
 *
 * @param by a bigint, or a number up to 2^53 - 1 in magnitude; then the sum is a number if it can be
 */
export function addInteger(
  bytes: Uint8Array,
  at: number,
  length: number,
  by: number | bigint,
): number | bigint {
  if (typeof by === "number") {
    const sum = parseSafeInteger(bytes, at, length) + by;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const value = parseInteger(bytes, at, length);
  if (value === null) {
    throw new PyKVError("NOT_AN_INTEGER", "the value is not an integer in plain decimal form");
  }
  const sum = value + BigInt(by);
  if (sum < INTEGER_MIN || sum > INTEGER_MAX) throw new IntegerOverflow();
  return sum;
}
