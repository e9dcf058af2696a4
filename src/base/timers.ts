/**
 * The two ways in which something is put off, as a parameter, so that tests decide when time
 * passes.
 */
export interface Timer {
  cancel(): void;
}

export interface Timers {
  /** Runs once after `delayMs`; does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer;
  /** Runs once when the events that are at hand have been handled; keeps the process alive. */
  soon(run: () => void): void;
}

export const systemTimers: Timers = {
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  soon(run) {
    setImmediate(run);
  },
};
