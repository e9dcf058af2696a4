/**
 * Replies of one connection that wait until what they show is acknowledged, in order.
 *
 * Replies that wait for the same record lie behind one another in one buffer; a mark says where they
 * end, which seq they wait for, and how many they are: should the log fail, each is answered with the
 * error instead, since nobody knows then what a restart will find.
 */
const START_BYTES = 1024;
const KEPT_BYTES_MAX = 64 * 1024;

interface Mark {
  /** Bytes up to here belong to it and those before it. */
  end: number;
  barrier: number;
  replies: number;
}

export class HeldReplies {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  #marks: Mark[] = [];

  get bytes(): number {
    return this.#length;
  }

  get isEmpty(): boolean {
    return this.#marks.length === 0;
  }

  /** The seq that the first of them waits for; 0 when it only stands behind others that are gone. */
  get barrier(): number {
    return this.#marks[0]?.barrier ?? 0;
  }

  /** The seq that the last of them waits for, and so whatever comes behind it; 0 when there is none. */
  get lastBarrier(): number {
    const { length } = this.#marks;
    return length === 0 ? 0 : this.#marks[length - 1]!.barrier;
  }

  /** @param replies how many replies the bytes are; 0 for pushes */
  add(bytes: Buffer, from: number, to: number, barrier: number, replies: number): void {
    const end = this.#length + to - from;
    if (end > this.#buffer.length) this.#grow(end);
    bytes.copy(this.#buffer, this.#length, from, to);
    this.#length = end;
    const last = this.#marks.at(-1);
    if (last !== undefined && last.barrier >= barrier) {
      last.end = end;
      last.replies += replies;
    } else this.#marks.push({ end, barrier, replies });
  }

  /** The same for replies that come before all that is held. */
  addFirst(bytes: Buffer, from: number, to: number, barrier: number, replies: number): void {
    const length = to - from;
    if (this.#length + length > this.#buffer.length) this.#grow(this.#length + length);
    this.#buffer.copy(this.#buffer, length, 0, this.#length);
    bytes.copy(this.#buffer, 0, from, to);
    this.#length += length;
    for (const mark of this.#marks) mark.end += length;
    this.#marks.unshift({ end: length, barrier, replies });
  }

  /** Hands those that wait for nothing beyond `ackSeq` to `send`, which may keep the bytes if it says so. */
  release(ackSeq: number, send: (bytes: Buffer, length: number) => boolean): void {
    let done = 0;
    while (done < this.#marks.length && this.#marks[done]!.barrier <= ackSeq) done++;
    if (done === 0) return;
    const { end } = this.#marks[done - 1]!;
    if (done === this.#marks.length) {
      this.#marks.length = 0;
      this.#length = 0;
      if (!send(this.#buffer, end) || this.#buffer.length > KEPT_BYTES_MAX)
        this.#buffer = Buffer.alloc(0);
      return;
    }
    this.#marks.splice(0, done);
    for (const mark of this.#marks) mark.end -= end;
    const rest = Buffer.from(this.#buffer.subarray(end, this.#length));
    const whole = this.#buffer;
    this.#buffer = rest;
    this.#length = rest.length;
    send(whole, end);
  }

  /** Forgets them all and says how many they were. */
  drop(): number {
    const replies = this.#marks.reduce((sum, mark) => sum + mark.replies, 0);
    this.#marks = [];
    this.#length = 0;
    this.#buffer = Buffer.alloc(0);
    return replies;
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(START_BYTES, bytes, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
