/**
 * Deadlines as commands state them: seconds or milliseconds, from now or since 1970.
 *
 * Redis takes whatever fits into 64 bits of milliseconds. The table keeps 48 bits, until the year
 * 10889; what lies beyond is refused with the words that Redis has for more than 64.
 */
import { INTEGER_MIN } from "../base/integers.ts";
import type { Args } from "./args.ts";
import { NOT_AN_INTEGER, invalidExpire } from "./errors.ts";
import type { Output } from "./output.ts";

export const SECOND_MS = 1000;
/** Milliseconds since 1970. */
export const DEADLINE_MS_MAX = 2 ** 48 - 1;
/** What commands that take a deadline say of how they differ. */
export const LAST_YEAR = "A deadline after the year 10889 is refused as an invalid expire time.";

/**
 * The deadline that argument `i` states, in milliseconds since 1970, perhaps before that; NaN when
 * it is no integer, Infinity when it is out of range.
 *
 * @param unitMs 1 or 1000
 * @param baseMs what it is counted from: the present, or 0
 */
export function parseDeadline(args: Args, i: number, unitMs: number, baseMs: number): number {
  const stated = args.safeInteger(i);
  if (Number.isNaN(stated)) return parseWide(args, i, unitMs, baseMs);
  const deadlineMs = stated * unitMs + baseMs;
  return deadlineMs > DEADLINE_MS_MAX ? Infinity : deadlineMs;
}

/** What is wrong with what `parseDeadline` has returned; null when nothing is. */
export function deadlineError(deadlineMs: number, command: string): string | null {
  if (deadlineMs <= DEADLINE_MS_MAX) return null;
  return Number.isNaN(deadlineMs) ? NOT_AN_INTEGER : invalidExpire(command);
}

/**
 * The same for commands that make a key: no time before the one it is counted from. 0, with the error
 * written, when argument `i` states none. It may have passed already.
 *
 * @param command in lower case, for the error
 */
export function readDeadline(
  out: Output,
  args: Args,
  i: number,
  unitMs: number,
  baseMs: number,
  command: string,
): number {
  const deadlineMs = parseDeadline(args, i, unitMs, baseMs);
  if (deadlineMs > baseMs && deadlineMs <= DEADLINE_MS_MAX) return deadlineMs;
  out.error(deadlineError(deadlineMs, command) ?? invalidExpire(command));
  return 0;
}

/** Of an integer beyond 2^53; one as far in the past is still a time in the past. */
function parseWide(args: Args, i: number, unitMs: number, baseMs: number): number {
  const wide = args.integer(i);
  if (wide === null) return NaN;
  const ms = wide * BigInt(unitMs);
  return wide > 0n || ms < INTEGER_MIN ? Infinity : Number(ms) + baseMs;
}
