/**
 * Time is a parameter, so that tests can hold it still, jump it forward and repeat a run exactly.
 */
export interface Clock {
  /** Wall time in milliseconds since 1970; deadlines and timestamps are in this. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, never stepping back; durations are taken with this. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
