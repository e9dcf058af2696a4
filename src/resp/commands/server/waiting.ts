/** What WAIT and WAITAOF share: a time limit, and waiting for something or until then. */
import { toError } from "../../../base/errors.ts";
import type { Args } from "../../args.ts";
import type { ClientLink } from "../../client.ts";

/** The longest that a timer can wait; more is for ever. */
const TIMER_MS_MAX = 2 ** 31 - 1;
/** How often it is seen to that the client is still there. */
const CHECK_MS = 1000;

/** Milliseconds, Infinity for 0; or what is wrong with the argument. */
export function timeoutOf(args: Args, i: number): number | string {
  const timeoutMs = args.integer(i);
  if (timeoutMs === null) return "ERR timeout is not an integer or out of range";
  if (timeoutMs < 0n) return "ERR timeout is negative";
  return timeoutMs === 0n || timeoutMs > TIMER_MS_MAX ? Infinity : Number(timeoutMs);
}

/**
 * Resolves when `work` does or the time is up, or the client is gone; `work` null is never through.
 * Rejects as `work` does.
 */
export function waitFor(
  link: ClientLink,
  work: Promise<void> | null,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = timeoutMs === Infinity ? null : setTimeout(finish, timeoutMs);
    const check = setInterval(() => {
      if (link.isClosed) finish();
    }, CHECK_MS);
    check.unref();
    function finish(error?: unknown): void {
      if (timeout !== null) clearTimeout(timeout);
      clearInterval(check);
      if (error === undefined) resolve();
      else reject(toError(error));
    }
    work?.then(() => finish(), finish);
  });
}
