/**
 * The write-ahead log: group commit over preallocated segments.
 *
 * Appends go into a batch in memory. One driver (`#run`) writes batches, one frame each; it never
 * overlaps with itself, and everything that must happen between commits (a switch of segments, a
 * durability marker) is a step of it. While a frame is being written and synced the next batch
 * collects, so one fdatasync serves every writer that came meanwhile. The first append of a batch
 * starts the driver with setImmediate, so that all requests of one poll phase share a frame, and no
 * synchronous run of appends is ever split: the driver takes a batch only from a callback of its own.
 *
 *   always     ack = write + fdatasync        a lone writer pays one of each
 *   everysec   ack = write                    once per turn of the event loop; fdatasync each second
 *   no         ack = write                    the OS syncs when it likes
 *
 * Room in the segment is reserved before it is needed (segment-file.ts). `admit` grants only what is
 * reserved, so that a full disk refuses writes before memory changes. Any failure of a write or a
 * sync inside the reserve ends all writing: after a failed fdatasync the kernel may have dropped the
 * pages and called them clean, so trying again would prove nothing.
 *
 * Every frame says which seqs were durable when it was written. The last frame has none after it to
 * say so; after a second of silence, and at the end, an empty frame does (see format/frame.ts).
 *
 * Cost: an append is one copy, about 0.1 µs. Memory: two batches, bounded by `unsyncedBytesMax`.
 */
import { assert } from "../base/assert.ts";
import type { PyKVError } from "../base/errors.ts";
import { FRAME_HEADER_BYTES, encodeFrame } from "../format/frame.ts";
import type { FrameHeader } from "../format/frame.ts";
import { placeSeed } from "../format/place.ts";
import { recordBytes } from "../format/record.ts";
import { Admission } from "./admission.ts";
import { Batch } from "./batch.ts";
import { Durability } from "./durability.ts";
import type { FsyncPolicy, Journal, JournalStats } from "./journal.ts";
import {
  DEFAULTS,
  MARKER_DELAY_MS,
  WRITE_NOW_BYTES_MAX,
  closedError,
  failedError,
  fullError,
  isFull,
} from "./log-options.ts";
import type { LogOptions } from "./log-options.ts";
import { SegmentChain } from "./segment-chain.ts";
import { systemTimers } from "../base/timers.ts";
import type { Timer, Timers } from "../base/timers.ts";

const DONE = Promise.resolve();

interface RollWaiter {
  readonly resolve: (lastSeq: number) => void;
  readonly reject: (error: Error) => void;
}

export class Log implements Journal {
  nextSeq: number;
  ackSeq: number;
  failed: PyKVError | null = null;

  readonly #options: LogOptions;
  readonly #timers: Timers;
  #fsync: FsyncPolicy;
  readonly #unsyncedBytesMax: number;
  readonly #chain: SegmentChain;
  readonly #admission: Admission;
  readonly #durability: Durability;
  readonly #marker = Buffer.alloc(FRAME_HEADER_BYTES);

  #collecting = new Batch();
  #writing = new Batch();
  /** The durable seq that the last frame in the active segment claims. */
  #claimedSeq: number;
  /** Bytes of records since the start. */
  #appendedBytes = 0;

  /** The driver's run, the present one while `#busy`. */
  #running: Promise<void> | null = null;
  #busy = false;
  #scheduled = false;
  #markerDue = false;
  #idleTimer: Timer | null = null;
  #closing: Promise<void> | null = null;
  #rollWaiters: RollWaiter[] = [];
  #rolledAtSeq: number;

  #commits = 0;
  #commitMsTotal = 0;

  private constructor(options: LogOptions, timers: Timers, chain: SegmentChain) {
    const lastSeq = options.nextSeq - 1;
    this.#options = options;
    this.#timers = timers;
    this.#fsync = options.fsync;
    this.#unsyncedBytesMax = options.unsyncedBytesMax ?? DEFAULTS.unsyncedBytesMax;
    this.nextSeq = options.nextSeq;
    this.ackSeq = lastSeq;
    this.#claimedSeq = lastSeq;
    this.#rolledAtSeq = lastSeq;
    this.#chain = chain;
    const state = {
      refusal: () => this.#refusal(),
      pendingBytes: () => this.#pendingBytes(),
      collectingBytes: () => this.#collecting.length,
      hurry: () => this.#hurry(),
    };
    this.#admission = new Admission(state, chain, timers, this.#unsyncedBytesMax);
    this.#durability = new Durability(lastSeq, timers, {
      syncFile: () => this.#chain.active.file.sync(),
      advanced: () => this.#admission.pump(),
      failure: (cause) => this.#fail(cause),
      hasFailed: () => this.failed !== null,
    });
    chain.listen({
      room: () => this.#admission.pump(),
      full: (error) => this.#admission.rejectAll(error),
      prepared: () => this.#schedule(),
      notPrepared: (error) => this.#settleRolls(error),
      failure: (cause) => this.#fail(cause),
    });
  }

  /**
   * Starts the log in a new segment, durable when this resolves. What the segments before it hold is
   * made durable too: a process that was killed may have left writes that only the page cache has.
   * Rejects with DISK_FULL, else with the disk's error.
   */
  static async open(options: LogOptions): Promise<Log> {
    const timers = options.timers ?? systemTimers;
    try {
      return new Log(options, timers, await SegmentChain.open(options, timers));
    } catch (cause) {
      throw isFull(cause) ? fullError(cause) : cause;
    }
  }

  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  get acksOnWrite(): boolean {
    return this.#fsync !== "always";
  }

  get durableSeq(): number {
    return this.#durability.durableSeq;
  }

  get waiting(): number {
    return this.#admission.waiting;
  }

  admit(bytes: number): "ok" | "wait" | PyKVError {
    return this.#admission.admit(bytes);
  }

  room(bytes: number): Promise<void> {
    return this.#admission.room(bytes);
  }

  append(
    op: number,
    flags: number,
    deadlineMs: number,
    ns: Uint8Array,
    key: Uint8Array,
    keyAt: number,
    keyLen: number,
    value: Uint8Array,
    valueAt: number,
    valueLen: number,
  ): number {
    assert(this.failed === null, "append to a failed log");
    const batch = this.#collecting;
    const bytes = recordBytes(deadlineMs, ns.length, keyLen, valueLen);
    batch.append(bytes, op, flags, deadlineMs, ns, key, keyAt, keyLen, value, valueAt, valueLen);
    const seq = this.nextSeq;
    this.nextSeq = seq + 1;
    this.#appendedBytes += bytes;
    if (batch.count === 1) {
      batch.firstSeq = seq;
      this.#schedule();
    }
    return seq;
  }

  acknowledged(seq: number): Promise<void> {
    if (seq <= this.ackSeq) return DONE;
    if (this.failed !== null) return Promise.reject(this.failed);
    assert(seq < this.nextSeq, "acknowledged() of a seq that was never appended");
    const { count, firstSeq } = this.#collecting;
    return count > 0 && seq >= firstSeq ? this.#collecting.settled() : this.#writing.settled();
  }

  setFsync(fsync: FsyncPolicy): void {
    this.#fsync = fsync;
    if (this.failed !== null || this.#closing !== null) return;
    if (fsync !== "no" && this.#durability.isBehind) void this.#durability.sync();
    this.#admission.pump();
  }

  settle(): void {
    if (this.#fsync === "always" || this.#busy || this.#collecting.count === 0) return;
    this.#running = this.#run();
  }

  async flush(): Promise<void> {
    const target = this.lastSeq;
    await this.acknowledged(target);
    while (this.durableSeq < target) {
      if (this.failed !== null) throw this.failed;
      await this.#durability.sync();
    }
  }

  roll(): Promise<number> {
    if (this.failed !== null) return Promise.reject(this.failed);
    if (this.#closing !== null) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#rollWaiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  retire(uptoSeq: number): Promise<void> {
    return this.#chain.retire(uptoSeq);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  stats(): JournalStats {
    return {
      fsync: this.#fsync,
      bytes: this.#chain.bytesAfter(-1),
      segments: this.#chain.segments,
      recordsSinceRoll: this.lastSeq - this.#rolledAtSeq,
      bytesSinceRoll: this.#chain.bytesAfter(this.#rolledAtSeq),
      unsyncedBytes: this.#appendedBytes - this.#durability.durableBytes,
      commits: this.#commits,
      syncs: this.#durability.syncs,
      commitMsTotal: this.#commitMsTotal,
      diskFull: this.#chain.isFull,
    };
  }

  #refusal(): PyKVError | null {
    return this.failed ?? (this.#closing === null ? null : closedError());
  }

  /** Under `no` nothing waits for a sync, so only what is not yet written counts. */
  #pendingBytes(): number {
    const { writtenBytes, durableBytes } = this.#durability;
    return this.#appendedBytes - (this.#fsync === "no" ? writtenBytes : durableBytes);
  }

  /** What has collected is on its way already; only `everysec` lets what is written wait. */
  #hurry(): void {
    if (this.#fsync === "everysec" && this.#durability.isBehind) {
      void this.#durability.sync();
    }
  }

  /** Starts the driver once the events at hand have been handled. */
  #schedule(): void {
    if (this.#scheduled || this.#busy) return;
    this.#scheduled = true;
    this.#timers.soon(() => {
      this.#scheduled = false;
      if (!this.#busy) this.#running = this.#run();
    });
  }

  /** The driver: does what there is to do, one step at a time, and ends. Never rejects. */
  async #run(): Promise<void> {
    this.#busy = true;
    try {
      while (this.failed === null) {
        const step = this.#step();
        if (step === "idle") break;
        if (step !== "done") await step;
      }
    } catch (cause) {
      this.#fail(cause);
    }
    // With no await since the last step: an append from now on starts the driver again.
    this.#busy = false;
  }

  #step(): "idle" | "done" | Promise<void> {
    const { active } = this.#chain;
    const isEmpty = active.firstSeq > this.#durability.writtenSeq;
    if (isEmpty && this.#collecting.count === 0 && this.#rollWaiters.length > 0) {
      this.#settleRolls(active.firstSeq - 1);
      return "done";
    }
    const wantsNext = this.#rollWaiters.length > 0 || this.#chain.wantsNext;
    if (wantsNext && !isEmpty && this.#closing === null) {
      if (this.#chain.canSwitch(this.#collecting.length)) return this.#switch();
      this.#chain.prepare();
    }
    if (this.#collecting.count > 0) return this.#commit();
    if (!this.#markerDue) return "idle";
    this.#markerDue = false;
    return this.#putMarker() ? this.#durability.sync() : "done";
  }

  /** Writes what has collected as one frame; waits for nothing that the policy does not ask for. */
  #commit(): "done" | Promise<void> {
    const batch = this.#collecting;
    this.#collecting = this.#writing;
    this.#writing = batch;
    const startMs = this.#options.clock.monotonicMs();
    const segment = this.#chain.active;
    const at = segment.at;
    const frame = batch.close(
      this.#frameHeader(batch.length, batch.count, batch.firstSeq),
      placeSeed(segment.seed, at),
    );
    segment.at = at + frame.length;
    if (frame.length > WRITE_NOW_BYTES_MAX) {
      return segment.file.write(frame, at).then(() => this.#afterWrite(startMs));
    }
    segment.file.writeNow(frame, at);
    return this.#afterWrite(startMs) ?? "done";
  }

  #afterWrite(startMs: number): Promise<void> | undefined {
    if (this.#fsync !== "always") return this.#finishCommit(startMs, false);
    return this.#chain.active.file.sync().then(() => {
      this.#durability.syncs += 1;
      this.#finishCommit(startMs, true);
    });
  }

  /** @param isSynced whether all that is written is on disk; the policy may be another by now */
  #finishCommit(startMs: number, isSynced: boolean): undefined {
    if (this.failed !== null) return;
    const batch = this.#writing;
    const { count, length } = batch;
    const seq = batch.firstSeq + count - 1;
    this.#durability.wrote(seq, length);
    this.ackSeq = seq;
    if (isSynced) this.#durability.caughtUp();
    else if (this.#fsync === "everysec") this.#syncSoon();
    batch.finish(null);
    const durationMs = this.#options.clock.monotonicMs() - startMs;
    this.#commits += 1;
    this.#commitMsTotal += durationMs;
    this.#options.onCommit?.(durationMs, count, length);
    this.#chain.topUp();
    this.#markSoon();
    this.#admission.pump();
  }

  #frameHeader(length: number, count: number, firstSeq: number): FrameHeader {
    this.#claimedSeq = this.durableSeq;
    const timestampMs = Math.trunc(this.#options.clock.nowMs());
    return { length, count, firstSeq, epoch: 0, durableSeq: this.durableSeq, timestampMs };
  }

  async #switch(): Promise<void> {
    const seq = this.#durability.writtenSeq;
    await this.#durability.exclusively(() => this.#chain.switch(seq));
    if (this.failed !== null) return;
    this.#claimedSeq = seq;
    this.#settleRolls(seq);
    this.#admission.pump();
  }

  /** At once when half of the bound is used up, else within the interval. */
  #syncSoon(): void {
    const { writtenBytes, durableBytes } = this.#durability;
    if (writtenBytes - durableBytes > this.#unsyncedBytesMax / 2) void this.#durability.sync();
    if (this.#closing === null) this.#durability.syncSoon();
  }

  /** Looks after a while whether the log has fallen silent with a last frame not called durable. */
  #markSoon(): void {
    if (this.#idleTimer !== null || this.#closing !== null) return;
    if (this.#fsync === "no") return;
    const commits = this.#commits;
    this.#idleTimer = this.#timers.after(MARKER_DELAY_MS, () => {
      this.#idleTimer = null;
      if (this.failed !== null || this.#claimedSeq >= this.lastSeq) return;
      this.#markerDue = commits === this.#commits && this.durableSeq === this.lastSeq;
      if (this.#markerDue) this.#schedule();
      else this.#markSoon();
    });
  }

  /** Writes an empty frame that calls the last one durable, if none does and there is room. */
  #putMarker(): boolean {
    const segment = this.#chain.active;
    const seq = this.#durability.writtenSeq;
    const isDue = this.#claimedSeq < seq && this.durableSeq === seq && segment.firstSeq <= seq;
    if (!isDue || segment.at + FRAME_HEADER_BYTES > segment.reservedTo) return false;
    const header = this.#frameHeader(0, 0, seq + 1);
    encodeFrame(this.#marker, 0, header, placeSeed(segment.seed, segment.at));
    segment.file.writeNow(this.#marker, segment.at);
    segment.at += FRAME_HEADER_BYTES;
    return true;
  }

  #settleRolls(result: number | PyKVError): void {
    const waiters = this.#rollWaiters;
    this.#rollWaiters = [];
    if (typeof result === "number" && waiters.length > 0) this.#rolledAtSeq = result;
    for (const waiter of waiters) {
      if (typeof result === "number") waiter.resolve(result);
      else waiter.reject(result);
    }
  }

  #fail(cause: unknown): void {
    if (this.failed !== null) return;
    const error = failedError(cause);
    this.failed = error;
    this.#options.logger.error({ err: error }, "the log failed; writes are off until a restart");
    this.#durability.cancel();
    this.#idleTimer?.cancel();
    this.#writing.finish(error);
    this.#collecting.finish(error);
    this.#admission.rejectAll(error);
    this.#settleRolls(error);
    this.#options.onFailure?.(error);
  }

  async #close(): Promise<void> {
    this.#admission.rejectAll(closedError());
    this.#durability.cancel();
    this.#idleTimer?.cancel();
    // A failure of the flush shows in `failed`.
    await this.flush().catch(() => undefined);
    this.#settleRolls(closedError());
    await this.#running;
    await this.#durability.settled();
    await this.#chain.quiesce();
    try {
      if (this.failed === null) this.#putMarker();
      if (this.failed === null) await this.#chain.active.seal();
    } catch (cause) {
      this.#fail(cause);
    }
    if (this.failed === null) return;
    await this.#chain.active.file.close().catch(() => undefined);
    throw this.failed;
  }
}
