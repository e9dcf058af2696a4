/** Time and chance as a parameter, so that tests decide when time passes and what the dice say. */

export interface Timing {
  /** Wall time in milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, never stepping back. */
  monotonicMs(): number;
  /** Runs once after `delayMs`, unless cancelled. */
  after(delayMs: number, run: () => void): { cancel(): void };
  /** At least 0 and below 1. */
  random(): number;
}

/** Longer delays overflow a timer, which would then run at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export const webTiming: Timing = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, DELAY_MS_MAX));
    return { cancel: () => clearTimeout(handle) };
  },
  random: () => Math.random(),
};

/** Resolves after `delayMs`, with false at once when the signal ends the wait. */
export function pause(
  timing: Timing,
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((settle) => {
    const stop = (): void => {
      timer.cancel();
      settle(false);
    };
    const timer = timing.after(delayMs, () => {
      signal?.removeEventListener("abort", stop);
      settle(true);
    });
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
