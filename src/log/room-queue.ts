/**
 * Writers that wait for room in the log, in order of arrival.
 *
 * The queue holds no policy: the log says what fits. Each writer that is let go asks the log again
 * and appends in its own turn, so those let go together must fit together.
 */
interface Waiter {
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class RoomQueue {
  #waiters: Waiter[] = [];

  get length(): number {
    return this.#waiters.length;
  }

  /** What the first in the queue waits for; 0 when nobody waits. */
  get headBytes(): number {
    return this.#waiters[0]?.bytes ?? 0;
  }

  wait(bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ bytes, resolve, reject });
    });
  }

  /** Lets writers go, from the first on, while `fits(bytes, number)` of all let go. Returns how many. */
  release(fits: (bytes: number, writers: number) => boolean): number {
    let released = 0;
    let bytes = 0;
    for (const waiter of this.#waiters) {
      bytes += waiter.bytes;
      if (!fits(bytes, released + 1)) break;
      released += 1;
    }
    for (const waiter of this.#waiters.splice(0, released)) waiter.resolve();
    return released;
  }

  rejectAll(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}
