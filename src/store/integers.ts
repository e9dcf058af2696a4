/**
 * Integers kept as text: what INCR reads and writes.
 *
 * An integer is 64 bits, in decimal, in the only form in which it is written: no sign for plus, no
 * leading zero, no minus zero. So an increment never changes how a value looks beyond its digits.
 */
import { PyKVError } from "../base/errors.ts";

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const DIGITS_MAX = 20;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** The value plus `by`; throws NOT_AN_INTEGER when either is not what it should be. */
export function addInteger(text: string, by: bigint): bigint {
  if (text.length > DIGITS_MAX || !INTEGER.test(text)) {
    throw new PyKVError("NOT_AN_INTEGER", "the value is not an integer in plain decimal form");
  }
  const value = BigInt(text);
  if (value < MIN || value > MAX) throw outOfRange();
  const sum = value + by;
  if (sum < MIN || sum > MAX) throw outOfRange();
  return sum;
}

function outOfRange(): PyKVError {
  return new PyKVError("NOT_AN_INTEGER", "the result would not fit in 64 bits");
}
