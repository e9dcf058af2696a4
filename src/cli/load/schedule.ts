/**
 * When operations are meant to start.
 *
 * A closed loop starts the next one when the last is answered. It finds out how much a server can do,
 * but a server that stalls also stalls the load, and the requests that users would have sent meanwhile
 * are not sent and not measured: coordinated omission, as Gil Tene calls it. An open loop (`--rate`)
 * has a time for each operation beforehand, as in his wrk2: operation i is due i / rate seconds after
 * the start. If no connection is free then, it starts late, and its latency counts from when it was
 * due all the same, so that a stall shows in every operation that it delayed.
 */

export interface Schedule {
  /**
   * Takes the next operation at the time `nowMs`, and returns when it is due, which may be later;
   * null when there is no further one.
   */
  take(nowMs: number): number | null;
  /** At `nowMs`: operations that were due and that nobody took. */
  overdue(nowMs: number): number;
}

/** Of an operation. */
const ROUNDING = 1e-6;

export interface Bounds {
  readonly startMs: number;
  /** null is no bound. */
  readonly operations: number | null;
  readonly durationMs: number | null;
}

export function closedLoop({ startMs, operations, durationMs }: Bounds): Schedule {
  const endMs = startMs + (durationMs ?? Infinity);
  let left = operations ?? Infinity;
  return {
    take: (nowMs) => (nowMs < endMs && left-- > 0 ? nowMs : null),
    overdue: () => 0,
  };
}

export function openLoop(bounds: Bounds, perSecond: number): Schedule {
  const { startMs, operations, durationMs } = bounds;
  const endMs = startMs + (durationMs ?? Infinity);
  // Counted from 0: differences of clock readings are not exact, and an operation more or less would
  // hang on the last bit.
  const dueWithin = (ms: number): number => Math.ceil((ms * perSecond) / 1000 - ROUNDING);
  const total = Math.min(operations ?? Infinity, dueWithin(durationMs ?? Infinity));
  let taken = 0;
  return {
    take: (nowMs) =>
      taken >= total || nowMs >= endMs ? null : startMs + (taken++ * 1000) / perSecond,
    overdue: (nowMs) => Math.max(0, Math.min(total, dueWithin(nowMs - startMs)) - taken),
  };
}
