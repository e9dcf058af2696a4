/**
 * Wakes operations when they are due.
 *
 * Timers of the event loop are good to a millisecond or two, more than a fast server takes to answer.
 * So a timer covers most of a wait, and the rest is spent polling: the loop goes round with nothing to
 * do but look at sockets and at the clock. That costs processor time, of the load's own process, and
 * keeps the lateness of the tool out of the latency of the server.
 */
import type { Clock } from "../../base/clock.ts";

/** What is left to polling. */
const POLL_MS = 2;

export interface Pacer {
  /** Resolves at `dueMs`, at once when that is past, or as soon as the pacer is stopped. */
  until(dueMs: number): Promise<void>;
  stop(): void;
}

/** How the event loop comes back: later, and at its next round. */
export interface PacerTimers {
  after(delayMs: number, run: () => void): { cancel(): void };
  soon(run: () => void): void;
}

const LOOP_TIMERS: PacerTimers = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (run) => void setImmediate(run),
};

interface Waiting {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** For waits that are asked for in the order in which they are due, as those of a schedule are. */
export class PollingPacer implements Pacer {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #timers: PacerTimers;
  /** In the order of their times; those before `#next` are awake. */
  #waiting: Waiting[] = [];
  #next = 0;
  #timer: { cancel(): void } | null = null;
  #isRunning = false;
  #isStopped = false;

  constructor(clock: Pick<Clock, "monotonicMs">, timers = LOOP_TIMERS) {
    this.#clock = clock;
    this.#timers = timers;
  }

  until(dueMs: number): Promise<void> {
    if (this.#isStopped || dueMs <= this.#clock.monotonicMs()) return Promise.resolve();
    return new Promise((wake) => {
      this.#waiting.push({ dueMs, wake });
      if (!this.#isRunning) this.#run();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#wakeDue(Infinity);
  }

  readonly #run = (): void => {
    const nowMs = this.#clock.monotonicMs();
    this.#wakeDue(nowMs);
    const next = this.#waiting[this.#next];
    this.#isRunning = next !== undefined;
    if (next === undefined) return;
    const waitMs = next.dueMs - nowMs;
    if (waitMs > POLL_MS) this.#timer = this.#timers.after(waitMs - POLL_MS, this.#run);
    else this.#timers.soon(this.#run);
  };

  #wakeDue(nowMs: number): void {
    for (;;) {
      const first = this.#waiting[this.#next];
      if (first === undefined || first.dueMs > nowMs) break;
      this.#next++;
      first.wake();
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    } else if (this.#next > 1024) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }
}
