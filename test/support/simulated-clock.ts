/**
 * A clock that stands still until it is told to move, and the timers that hang on it.
 */
import type { Clock } from "../../src/base/clock.ts";
import type { Timer, Timers } from "../../src/base/timers.ts";

interface Pending {
  readonly atMs: number;
  readonly run: () => void;
}

export class SimulatedClock implements Clock, Timers {
  #wallMs: number;
  #elapsedMs = 0;
  #pending: Pending[] = [];

  constructor(startMs = 1_700_000_000_000) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** Moves both times forward and runs, in order, the timers that come due. */
  advance(ms: number): void {
    const untilMs = this.#elapsedMs + ms;
    for (;;) {
      const due = this.#pending.filter((timer) => timer.atMs <= untilMs);
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#pending = this.#pending.filter((timer) => timer !== next);
      this.#move(Math.max(0, next.atMs - this.#elapsedMs));
      next.run();
    }
    this.#move(untilMs - this.#elapsedMs);
  }

  /** Sets the wall clock alone, as an administrator or NTP may, forward or back. */
  setWallMs(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** How many timers are armed. */
  get timers(): number {
    return this.#pending.length;
  }

  after(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.#elapsedMs + delayMs, run };
    this.#pending.push(timer);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== timer);
      },
    };
  }

  /** Real: it is about the order of events, not about time. */
  soon(run: () => void): void {
    setImmediate(run);
  }

  #move(ms: number): void {
    this.#elapsedMs += ms;
    this.#wallMs += ms;
  }
}
