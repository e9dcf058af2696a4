/**
 * Who may append now, who waits, and who is refused.
 *
 * Two bounds hold: on the bytes that wait to be written or synced (memory), and on the room that is
 * reserved in the segment (disk). Writers that meet a bound queue in order of arrival. Whatever frees
 * bytes or room calls `pump`; whoever queues up, or is left over, makes sure that something is on its
 * way that will.
 */
import { PyKVError } from "../base/errors.ts";
import { FRAME_LENGTH_MAX } from "../format/frame.ts";
import { RoomQueue } from "./room-queue.ts";
import type { SegmentChain } from "./segment-chain.ts";
import type { Timers } from "../base/timers.ts";

const DONE = Promise.resolve();

/** What admission must know of the log. */
export interface LogState {
  /** Why nothing may be appended any more, or null. */
  refusal(): PyKVError | null;
  /** Bytes of records that count against the bound. */
  pendingBytes(): number;
  /** Bytes of records in the frame to come. */
  collectingBytes(): number;
  /** Asks for pending bytes to be written or synced soon. */
  hurry(): void;
}

export class Admission {
  readonly #state: LogState;
  readonly #chain: SegmentChain;
  readonly #timers: Timers;
  readonly #pendingBytesMax: number;
  readonly #queue = new RoomQueue();

  constructor(state: LogState, chain: SegmentChain, timers: Timers, pendingBytesMax: number) {
    this.#state = state;
    this.#chain = chain;
    this.#timers = timers;
    this.#pendingBytesMax = pendingBytesMax;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  admit(bytes: number): "ok" | "wait" | PyKVError {
    const verdict = this.#verdict(bytes);
    if (typeof verdict === "string" || verdict !== this.#chain.full) return verdict;
    if (!this.#chain.fullRetryDue) return verdict;
    this.#chain.retry(this.#state.collectingBytes() + bytes);
    return "wait";
  }

  room(bytes: number): Promise<void> {
    const verdict = this.admit(bytes);
    if (typeof verdict !== "string") return Promise.reject(verdict);
    if (verdict === "ok" && this.waiting === 0) return DONE;
    const released = this.#queue.wait(bytes);
    this.#unblock();
    return released;
  }

  /** Lets writers go that now find room. Those let go may not use it, so the rest is seen to soon. */
  pump(): void {
    if (this.waiting === 0) return;
    const released = this.#queue.release((bytes, writers) => {
      const isBounded = writers === 1 || bytes <= this.#pendingBytesMax;
      return isBounded && this.#verdict(bytes) === "ok";
    });
    if (this.waiting === 0) return;
    if (released > 0) this.#timers.soon(() => this.pump());
    else this.#unblock();
  }

  rejectAll(error: PyKVError): void {
    this.#queue.rejectAll(error);
  }

  /** A single group larger than the bound passes when nothing is pending. */
  #verdict(bytes: number): "ok" | "wait" | PyKVError {
    const refusal = this.#state.refusal();
    if (refusal !== null) return refusal;
    if (bytes > FRAME_LENGTH_MAX) {
      return new PyKVError("VALUE_TOO_LARGE", "the records are longer than a frame can be");
    }
    const pendingBytes = this.#state.pendingBytes();
    if (pendingBytes > 0 && pendingBytes + bytes > this.#pendingBytesMax) return "wait";
    if (this.#chain.fits(this.#state.collectingBytes() + bytes)) return "ok";
    return this.#chain.full ?? "wait";
  }

  /** Sees to it that what the first writer in the queue waits for is on its way. */
  #unblock(): void {
    const bytes = this.#queue.headBytes;
    const verdict = this.#verdict(bytes);
    if (typeof verdict !== "string") return this.#queue.rejectAll(verdict);
    if (verdict === "ok") return this.#timers.soon(() => this.pump());
    const length = this.#state.collectingBytes() + bytes;
    if (!this.#chain.fits(length)) this.#chain.extend(length);
    this.#state.hurry();
  }
}
