/**
 * Replies of one turn of the event loop: they go out together at its end, as Redis sends its own
 * before it sleeps.
 *
 * Sent one by one, each reply would wake a client that has been sleeping, and waking costs the sender
 * more than all the rest of a small command; sent in one go, they find most clients awake, or in one
 * process that is woken once. The replies of all connections lie one behind another in the door's
 * output; here is which stretch is whose.
 *
 * Where a write to the log is all that has to be waited for, it is made here, once for the whole turn
 * and before anything is sent. Redis does the same.
 */
import type { Engine } from "../store/engine.ts";
import type { Output } from "./output.ts";

/** Numbers kept of a stretch. */
const STRETCH = 4;

/** Whose replies they are. */
export interface Sender {
  /** Sends a stretch of bytes; false when they must stay as they are until they are sent. */
  send(buffer: Buffer, from: number, to: number): boolean;
  /** Takes back a stretch that must wait for `barrier` after all, before all that it holds. */
  holdFirst(buffer: Buffer, from: number, to: number, barrier: number, replies: number): void;
  /** Sends what it holds of its own, as far as nothing is to be waited for. */
  sendHeld(): void;
}

export class Turn {
  readonly #out: Output;
  readonly #journal: Engine["journal"];
  #senders: Sender[] = [];
  /** Of each sender the stretch: where it begins and ends, its barrier, its replies. */
  #stretches: number[] = [];
  /** The highest barrier of them. */
  #barrier = 0;
  /** Those that hold pushes to be sent. */
  #holders = new Set<Sender>();
  #isDue = false;
  /** Whether there are pushes to be sent, or to be made first. */
  arePushesDue = false;
  /** Makes the pushes that were put off to the end of the turn. */
  makePushes: (() => void) | null = null;
  readonly #atEnd = (): void => {
    this.#isDue = false;
    this.flush();
  };

  constructor(out: Output, journal: Engine["journal"]) {
    this.#out = out;
    this.#journal = journal;
  }

  /**
   * The output from `from` to `to` is for that sender: so many replies, not to be sent before
   * `barrier` is acknowledged, which the end of the turn is expected to do.
   */
  add(sender: Sender, from: number, to: number, barrier: number, replies: number): void {
    this.#senders.push(sender);
    this.#stretches.push(from, to, barrier, replies);
    if (barrier > this.#barrier) this.#barrier = barrier;
    if (!this.#isDue) this.#wake();
  }

  /** The sender holds something that has to go out. */
  addHeld(sender: Sender): void {
    this.#holders.add(sender);
    this.expectPushes();
  }

  /** There will be pushes at the end of the turn. */
  expectPushes(): void {
    this.arePushesDue = true;
    this.#wake();
  }

  /** Sends all now; must not be called in the middle of a reply. */
  flush(): void {
    if (this.arePushesDue) this.#flushPushes();
    const senders = this.#senders;
    const stretches = this.#stretches;
    if (senders.length === 0) return;
    const out = this.#out;
    if (this.#barrier > this.#journal.ackSeq) this.#journal.settle();
    const isFree =
      this.#barrier > this.#journal.ackSeq ? this.#holdAll(out.buffer) : this.#sendAll(out.buffer);
    this.#barrier = 0;
    senders.length = 0;
    stretches.length = 0;
    if (isFree) out.reset();
    else out.replace();
  }

  /** False when the buffer is still needed. */
  #sendAll(buffer: Buffer): boolean {
    const senders = this.#senders;
    const stretches = this.#stretches;
    let isFree = true;
    for (let i = 0; i < senders.length; i++) {
      const at = i * STRETCH;
      if (!senders[i]!.send(buffer, stretches[at]!, stretches[at + 1]!)) isFree = false;
    }
    return isFree;
  }

  /** The log could not: every stretch goes back to its sender, the last one first, and copied. */
  #holdAll(buffer: Buffer): true {
    const senders = this.#senders;
    for (let i = senders.length - 1; i >= 0; i--) {
      const [from, to, barrier, replies] = this.#stretches.slice(i * STRETCH, (i + 1) * STRETCH);
      senders[i]!.holdFirst(buffer, from!, to!, barrier!, replies!);
    }
    return true;
  }

  /** Pushes go first: a cache hears that a value is old before the writer hears that it is done. */
  #flushPushes(): void {
    this.makePushes?.();
    this.arePushesDue = false;
    const holders = this.#holders;
    this.#holders = new Set();
    for (const holder of holders) holder.sendHeld();
  }

  #wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(this.#atEnd);
  }
}
