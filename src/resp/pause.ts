/**
 * CLIENT PAUSE: for how long, and what, the server holds back.
 *
 * The clock decides whether a pause is over, the timer only wakes those who wait. A wake-up never
 * comes in the middle of a command: connections share the output that it writes to.
 */
import type { Clock } from "../base/clock.ts";
import type { Client } from "./client.ts";
import type { Entry } from "./registry.ts";

/** No timer of node's is longer; a longer pause is looked at again then. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Pause {
  readonly #clock: Clock;
  /** Told that there is a pause, or none any more. */
  readonly #changed: (isPaused: boolean) => void;
  /** Monotonic; 0 when there is none. */
  #endMs = 0;
  #isAll = false;
  #timer: NodeJS.Timeout | null = null;
  #isWaking = false;

  constructor(clock: Clock, changed: (isPaused: boolean) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /**
   * A pause that is longer, or holds more back, than one under way is not cut short by it.
   *
   * @param isAll whether all commands wait, or only those that write
   */
  begin(durationMs: number, isAll: boolean): void {
    if (!this.#isOn()) this.#isAll = false;
    this.#isAll ||= isAll;
    this.#endMs = Math.max(this.#endMs, this.#clock.monotonicMs() + durationMs);
    if (!this.#isOn()) return;
    this.#changed(true);
    this.#arm();
  }

  end(): void {
    this.#endMs = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wake();
  }

  /** Whether the command has to wait. */
  holds(client: Client, entry: Entry): boolean {
    if (!this.#isOn()) {
      this.end();
      return false;
    }
    return this.#isAll || mayReplicate(client, entry);
  }

  #isOn(): boolean {
    return this.#endMs > this.#clock.monotonicMs();
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const leftMs = Math.ceil(this.#endMs - this.#clock.monotonicMs());
    this.#timer = setTimeout(() => this.#look(), Math.min(leftMs, TIMER_MS_MAX)).unref();
  }

  #look(): void {
    this.#timer = null;
    if (this.#isOn()) this.#arm();
    else this.end();
  }

  #wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      if (!this.#isOn()) this.#changed(false);
    });
  }
}

/** Whether it changes anything for others: a write, PUBLISH, or an EXEC with one of these. */
function mayReplicate(client: Client, entry: Entry): boolean {
  if (entry.isWrite || entry.flags.has("may_replicate")) return true;
  return entry.command.name === "exec" && client.transaction?.mayReplicate === true;
}
