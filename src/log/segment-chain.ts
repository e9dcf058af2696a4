/**
 * The segments of a log: the one being written, the one being made, and those before them.
 *
 * Keeps enough room reserved, and knows when the disk is full: then nothing is lost and nothing has
 * failed, only what does not fit in the room that is left is refused, and every FULL_RETRY_MS room is
 * sought again. A new segment is made in the background while commits go on in the old one; the
 * switch itself is a step between commits (see segment-file.ts for its order).
 *
 * While a made segment stands ready, room is granted only for what fits in both: the batch that is
 * collecting may go into either.
 */
import type { PyKVError } from "../base/errors.ts";
import { FRAME_HEADER_BYTES, frameBytes } from "../format/frame.ts";
import type { SegmentHeader } from "../format/segment.ts";
import { DEFAULTS, FULL_RETRY_MS, fullError, isFull, isPassing } from "./log-options.ts";
import type { LogOptions, SegmentInfo } from "./log-options.ts";
import { SegmentFile } from "./segment-file.ts";
import type { Timer, Timers } from "../base/timers.ts";

/** What the chain tells the log. */
export interface ChainEvents {
  /** There may be more room than before. */
  room(): void;
  /** The disk is full: who waits for room waits in vain. */
  full(error: PyKVError): void;
  /** `canSwitch` may say yes now. */
  prepared(): void;
  /** No new segment for now; the old one goes on. */
  notPrepared(error: PyKVError): void;
  /** A write or a sync failed: the end. */
  failure(cause: unknown): void;
}

const NOBODY: ChainEvents = {
  room: () => undefined,
  full: () => undefined,
  prepared: () => undefined,
  notPrepared: () => undefined,
  failure: () => undefined,
};

export class SegmentChain {
  active: SegmentFile;
  /** Whether the last try to reserve room met a full disk. */
  isFull = false;
  /** What to tell writers then; null while another try is under way for one of them. */
  full: PyKVError | null = null;
  readonly #options: LogOptions;
  #events: ChainEvents = NOBODY;
  readonly #timers: Timers;
  readonly #stepBytes: number;
  #sealed: SegmentInfo[];
  #next: SegmentFile | null = null;
  #preparing: Promise<void> | null = null;
  #prepareNotBeforeMs = -Infinity;
  #fullAtMs = 0;
  #fullTimer: Timer | null = null;
  #closing = false;

  private constructor(
    options: LogOptions,
    timers: Timers,
    active: SegmentFile,
    sealed: SegmentInfo[],
  ) {
    this.#options = options;
    this.#timers = timers;
    this.#stepBytes = options.reserveStepBytes ?? DEFAULTS.reserveStepBytes;
    this.active = active;
    this.#sealed = sealed;
  }

  /** Makes what is there durable, and a new segment after it; rejects with the disk's error. */
  static async open(options: LogOptions, timers: Timers): Promise<SegmentChain> {
    const { disk, nextSeq } = options;
    // One that starts at the same seq holds no record, and the new one takes its name.
    const sealed = (options.segments ?? []).filter((segment) => segment.firstSeq < nextSeq);
    const last = sealed.at(-1);
    if (last !== undefined) {
      const file = await disk.open(last.name, "write");
      await file.sync().finally(() => file.close());
    }
    const active = await SegmentFile.prepare(
      disk,
      options.reserveStepBytes ?? DEFAULTS.reserveStepBytes,
    );
    try {
      await active.begin(headerOf(options, nextSeq));
    } catch (error) {
      await active.discard();
      throw error;
    }
    return new SegmentChain(options, timers, active, sealed);
  }

  /** Sets who is told; nothing happens by itself before the first call of another method. */
  listen(events: ChainEvents): void {
    this.#events = events;
  }

  /** Whether a frame with `length` bytes of records fits in the reserve, wherever it will go. */
  fits(length: number): boolean {
    return this.active.fits(length) && (this.#next === null || this.#next.fits(length));
  }

  /** Reserves more when less than half a step is left. Called after every commit: cheap. */
  topUp(): void {
    const { active } = this;
    const left = active.reservedTo - active.at;
    if (left >= this.#stepBytes / 2 || this.#next !== null || this.isFull) return;
    this.extend(0);
  }

  /** Sets about reserving room for a frame with `length` bytes of records, and a step at least. */
  extend(length: number): void {
    const next = this.#next;
    const segment = next !== null && this.active.fits(length) ? next : this.active;
    if (segment.extending || this.#closing) return;
    const neededBytes = segment.at + frameBytes(length) + FRAME_HEADER_BYTES;
    const toBytes = Math.max(segment.reservedTo + this.#stepBytes, neededBytes);
    segment.extend(toBytes).then(
      () => this.#extended(),
      (cause: unknown) => this.#notExtended(cause),
    );
  }

  /** Whether a full disk was tried so long ago that it is worth another try. */
  get fullRetryDue(): boolean {
    if (this.full === null) return false;
    return this.#options.clock.monotonicMs() - this.#fullAtMs >= FULL_RETRY_MS;
  }

  /** Tries a full disk again for a writer, who waits meanwhile like all others. */
  retry(length: number): void {
    this.full = null;
    this.extend(length);
  }

  /** Whether the active segment is past its size and another try to follow it is due. */
  get wantsNext(): boolean {
    if (this.active.at < this.#options.segmentBytesMax) return false;
    return this.#next !== null || this.#options.clock.monotonicMs() >= this.#prepareNotBeforeMs;
  }

  /** Starts making the next segment, unless that is under way or done. */
  prepare(): void {
    if (this.#preparing !== null || this.#next !== null || this.#closing) return;
    this.#preparing = this.#prepare();
  }

  /** Whether the next segment is ready and has room for what is collecting. */
  canSwitch(collectingLength: number): boolean {
    return this.#next?.fits(collectingLength) === true;
  }

  /**
   * Seals the active segment, whose last record is `lastSeq`, and begins the next one. From the call
   * on, room is that of the next; nothing may be written until this resolves. When it does, all up to
   * `lastSeq` is durable.
   */
  async switch(lastSeq: number): Promise<void> {
    const old = this.active;
    const next = this.#next;
    if (next === null) return;
    this.active = next;
    this.#next = null;
    try {
      await old.seal();
    } catch (error) {
      await old.file.close().catch(() => undefined);
      throw error;
    }
    const { name, firstSeq, at } = old;
    this.#sealed.push({ name, firstSeq, lastSeq, bytes: at });
    await next.begin(headerOf(this.#options, lastSeq + 1));
  }

  /** Removes sealed segments with nothing above `uptoSeq`, the oldest first. */
  async retire(uptoSeq: number): Promise<void> {
    const { disk } = this.#options;
    let retired = 0;
    for (;;) {
      const oldest = this.#sealed[0];
      if (oldest === undefined || oldest.lastSeq > uptoSeq) break;
      this.#sealed.shift();
      try {
        await disk.remove(oldest.name);
      } catch (error) {
        this.#sealed.unshift(oldest);
        throw error;
      }
      retired += 1;
    }
    if (retired > 0) await disk.syncDirectory();
  }

  /** Ends the background work. */
  async quiesce(): Promise<void> {
    this.#closing = true;
    this.#fullTimer?.cancel();
    await this.#preparing;
    await this.active.quiet();
    await this.#next?.discard();
    this.#next = null;
  }

  get segments(): number {
    return this.#sealed.length + 1;
  }

  /** Bytes of the segments that start after `seq`. */
  bytesAfter(seq: number): number {
    let bytes = this.active.at;
    for (const segment of this.#sealed) if (segment.firstSeq > seq) bytes += segment.bytes;
    return bytes;
  }

  async #prepare(): Promise<void> {
    const { disk, logger, clock } = this.#options;
    try {
      this.#next = await SegmentFile.prepare(disk, this.#stepBytes);
    } catch (cause) {
      if (!isPassing(cause)) return this.#events.failure(cause);
      const error = fullError(cause);
      logger.warn({ err: error }, "no room for a new log segment; the old one goes on");
      this.#prepareNotBeforeMs = clock.monotonicMs() + FULL_RETRY_MS;
      return this.#events.notPrepared(error);
    } finally {
      this.#preparing = null;
    }
    this.#events.prepared();
  }

  #extended(): void {
    if (this.isFull) this.#options.logger.info({}, "the disk has room again");
    this.isFull = false;
    this.full = null;
    this.#fullTimer?.cancel();
    this.#fullTimer = null;
    this.#events.room();
  }

  #notExtended(cause: unknown): void {
    if (!isFull(cause)) return this.#events.failure(cause);
    const error = fullError(cause);
    if (!this.isFull) this.#options.logger.warn({ err: error }, "the disk is full");
    this.isFull = true;
    this.full = error;
    this.#fullAtMs = this.#options.clock.monotonicMs();
    this.#fullTimer?.cancel();
    if (!this.#closing) {
      this.#fullTimer = this.#timers.after(FULL_RETRY_MS, () => this.extend(0));
    }
    this.#events.full(error);
  }
}

function headerOf(options: LogOptions, firstSeq: number): SegmentHeader {
  const createdMs = Math.trunc(options.clock.nowMs());
  return { storeId: options.storeId, firstSeq, epoch: 0, createdMs };
}
