/**
 * How long records may become, for doors that ask the log for room before they know what they will
 * write (`Engine.begin`).
 */
import { recordBytes } from "../format/record.ts";

/** Any time later than 1970: that there is a deadline is all that counts. */
const SOME_DEADLINE_MS = 1;

/**
 * The most bytes that the record of one write takes, with a deadline or without; with both lengths 0,
 * that of a cleared namespace.
 */
export function recordBytesMax(namespace: string, keyLength: number, valueLength: number): number {
  return recordBytes(SOME_DEADLINE_MS, namespace.length, keyLength, valueLength);
}
