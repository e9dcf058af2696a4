/**
 * Writes that found the log busy, in the order in which they were made.
 *
 * How much of the log a write needs is known only when it is decided: victims that give way to it are
 * logged too. So one that the log lets go may have to wait again, and must not lose its place to those
 * behind it. Therefore only the first in line asks the log for room; when there is some, it and those
 * behind it are decided one after the other, until one must wait. All in one turn, so that they share
 * a frame.
 */
import { toError } from "../base/errors.ts";
import type { Journal } from "../log/journal.ts";

/** Makes a write: the promise of its outcome, or the bytes to ask the log for before the next try. */
export type Attempt<T> = () => Promise<T> | number;

interface Waiter {
  /** The first try tells how many it needs. */
  bytes: number;
  /** Null when the write has been decided, else the bytes that it needs. */
  readonly attempt: () => number | null;
  readonly reject: (error: Error) => void;
  next: Waiter | null;
}

export class WriteQueue {
  /** Writes that have not been decided yet; a new one queues behind them. */
  length = 0;
  readonly #journal: Journal;
  #first: Waiter | null = null;
  #last: Waiter | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Tries at once when nobody waits, else in its turn, until the write is decided. */
  write<T>(attempt: Attempt<T>): Promise<T> {
    if (this.length > 0) return this.wait(attempt);
    const outcome = attempt();
    return typeof outcome === "number" ? this.wait(attempt) : outcome;
  }

  /** The same for a write that has had its first try, or must not have it yet. */
  wait<T>(attempt: Attempt<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const tryOnce = (): number | null => {
        const outcome = attempt();
        if (typeof outcome === "number") return outcome;
        resolve(outcome);
        return null;
      };
      this.#enter({ bytes: 1, attempt: tryOnce, reject, next: null });
    });
  }

  #enter(waiter: Waiter): void {
    if (this.#last === null) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.length++;
    if (this.length === 1) void this.#serve();
  }

  #leave(): void {
    this.#first = this.#first?.next ?? null;
    if (this.#first === null) this.#last = null;
    this.length--;
  }

  /** Runs for as long as somebody waits. Never rejects. */
  async #serve(): Promise<void> {
    while (this.#first !== null) {
      const first = this.#first;
      try {
        await this.#journal.room(first.bytes);
      } catch (error) {
        this.#leave();
        first.reject(toError(error));
        continue;
      }
      this.#decide();
    }
  }

  #decide(): void {
    while (this.#first !== null) {
      const first = this.#first;
      try {
        const bytes = first.attempt();
        if (bytes !== null) {
          first.bytes = bytes;
          return;
        }
      } catch (error) {
        first.reject(toError(error));
      }
      this.#leave();
    }
  }
}
