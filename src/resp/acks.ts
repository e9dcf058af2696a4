/**
 * The connections whose replies wait for the log. They wait together: one promise of the journal wakes
 * all that a group commit serves, instead of one each.
 */
import { toError } from "../base/errors.ts";
import type { Engine } from "../store/engine.ts";

export interface Waiting {
  /** The seq that the first of its replies waits for; 0 when none does. */
  readonly barrier: number;
  /** Sends what waits for nothing beyond `ackSeq`; with more left, it has entered again. */
  release(ackSeq: number): void;
  /** What waits will never be acknowledged. */
  fail(error: Error): void;
}

export class Acks {
  readonly #journal: Engine["journal"];
  #waiting: Waiting[] = [];
  #spare: Waiting[] = [];
  #isAsking = false;

  constructor(journal: Engine["journal"]) {
    this.#journal = journal;
  }

  /** Each connection enters once, until it is released or failed. */
  wait(connection: Waiting): void {
    this.#waiting.push(connection);
    if (!this.#isAsking) this.#ask();
  }

  #ask(): void {
    this.#isAsking = true;
    // The oldest waits longest, and what it waits for comes first.
    this.#journal.acknowledged(this.#waiting[0]!.barrier).then(
      () => this.#release(),
      (error: unknown) => this.#fail(toError(error)),
    );
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = this.#spare;
    const { ackSeq } = this.#journal;
    for (const connection of waiting) {
      connection.release(ackSeq);
    }
    waiting.length = 0;
    this.#spare = waiting;
    this.#isAsking = false;
    if (this.#waiting.length > 0) this.#ask();
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#isAsking = false;
    for (const connection of waiting) connection.fail(error);
  }
}
