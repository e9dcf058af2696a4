/**
 * How often and how long to wait: exponential back-off with full jitter.
 *
 * Each pause is random between nothing and a bound that doubles. Clients that failed at the same
 * moment spread out that way, where equal pauses would bring them back together ("Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015).
 */
import { ownError } from "./errors.ts";
import type { PyKVOptions, RetryOptions } from "./types.ts";

const DEFAULTS: RetryOptions = { attempts: 4, baseDelayMs: 50, delayMsMax: 2000 };

/** A server that wants to be left alone for longer gets its wish: the call fails at once. */
export const RETRY_AFTER_MS_MAX = 30_000;

/** @throws INVALID_OPTION. */
export function retryOptions(given: PyKVOptions["retry"]): RetryOptions {
  if (given === false) return { ...DEFAULTS, attempts: 1 };
  const options = {
    attempts: given?.attempts ?? DEFAULTS.attempts,
    baseDelayMs: given?.baseDelayMs ?? DEFAULTS.baseDelayMs,
    delayMsMax: given?.delayMsMax ?? DEFAULTS.delayMsMax,
  };
  if (!Number.isInteger(options.attempts) || options.attempts < 1) {
    throw ownError("INVALID_OPTION", "retry.attempts is a whole number from 1");
  }
  for (const name of ["baseDelayMs", "delayMsMax"] as const) {
    if (!(options[name] >= 0)) throw ownError("INVALID_OPTION", `retry.${name} is at least 0`);
  }
  return options;
}

/**
 * How long to wait after the given attempt (from 1) has failed.
 *
 * @param retryAfterMs what the server asked for; the pause is never shorter.
 * @param random at least 0 and below 1.
 */
export function delayAfter(
  attempt: number,
  { baseDelayMs, delayMsMax }: RetryOptions,
  retryAfterMs: number | null,
  random: number,
): number {
  const boundMs = Math.min(delayMsMax, baseDelayMs * 2 ** (attempt - 1));
  return (retryAfterMs ?? 0) + boundMs * random;
}
