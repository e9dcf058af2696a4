/**
 * What the store asks of a log, and the form of it for a store that keeps nothing.
 *
 * The engine is single-threaded: it asks `admit`, decides, appends and changes memory without an
 * await in between. All appends made so fall into one frame, so that a crash leaves all of them or
 * none: that is what makes a batch atomic.
 *
 *   for (;;) {
 *     const verdict = journal.waiting > 0 ? "wait" : journal.admit(bytes);
 *     if (verdict === "ok") break;
 *     if (verdict !== "wait") throw verdict;
 *     await journal.room(bytes);      // then decide anew: the world may have changed
 *   }
 *
 * (After `room` resolves, `admit` is asked whatever `waiting` says: it is this writer's turn.)
 */
import { PyKVError } from "../base/errors.ts";

/** When a write is acknowledged: after fdatasync, or after write(2) with a sync each second or none. */
export type FsyncPolicy = "always" | "everysec" | "no";

export interface JournalStats {
  /** Null with no data directory. */
  readonly fsync: FsyncPolicy | null;
  /** Bytes of all segments: headers and frames, without what is only reserved. */
  readonly bytes: number;
  readonly segments: number;
  /** Records and bytes appended since the last roll that was asked for (or since the start). */
  readonly recordsSinceRoll: number;
  readonly bytesSinceRoll: number;
  /** Appended and not yet known durable. */
  readonly unsyncedBytes: number;
  /** Since the start: group commits, the fdatasyncs of the log, and the time that commits took. */
  readonly commits: number;
  readonly syncs: number;
  readonly commitMsTotal: number;
  /** Whether the last try to reserve room met a full disk. */
  readonly diskFull: boolean;
}

export interface Journal {
  /** The seq that the next append gets; `lastSeq` is one less. */
  readonly nextSeq: number;
  readonly lastSeq: number;
  /**
   * The highest seq that may be acknowledged and shown: durable under `always`, written under the
   * other policies, everything in memory.
   */
  readonly ackSeq: number;
  /** The highest seq known to be on disk for good. */
  readonly durableSeq: number;
  /** Whether a write is all that the policy asks for before it acknowledges; see `settle`. */
  readonly acksOnWrite: boolean;
  /** Set once and for ever by the first failure of a write or a sync. */
  readonly failed: PyKVError | null;
  /** Writers that wait in `room`; a new one queues behind them. */
  readonly waiting: number;

  /**
   * Whether records of `bytes` encoded bytes in all (see `recordBytes`) may be appended now, as one
   * group: "ok", or "wait" for `room`, or an error (LOG_FAILED, DISK_FULL, SHUTTING_DOWN, or
   * VALUE_TOO_LARGE from 4 GiB on), in which case nothing may be changed.
   */
  admit(bytes: number): "ok" | "wait" | PyKVError;

  /** Resolves when it is worth asking `admit(bytes)` again, in order of arrival; rejects as it would. */
  room(bytes: number): Promise<void>;

  /**
   * Appends a record and returns its seq. Never fails when `admit` said "ok" for the group in the
   * same turn. The bytes are copied. Not durable before `acknowledged(seq)` resolves.
   *
   * @param flags the kind of a SET's value, the reason of a DELETE (format/record.ts), else 0
   * @param deadlineMs milliseconds since 1970, 0 for none
   */
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
  ): number;

  /**
   * Resolves once `seq <= ackSeq`, rejects with LOG_FAILED when that will never be. The promise is
   * shared by all records of a group commit.
   */
  acknowledged(seq: number): Promise<void>;

  /**
   * Acknowledges by another policy from the next group commit on. What has been acknowledged stays
   * so: `flush` makes it durable where the new policy promises more than the old one did.
   */
  setFsync(fsync: FsyncPolicy): void;

  /**
   * Acknowledges what was appended so far in this very call, where the policy needs no more for that
   * than a write: one for all that the turn of the event loop has brought. Under `always`, and while
   * the log is busy, it does nothing. Must not be called in the middle of a group.
   */
  settle(): void;

  /** Resolves when all that was appended so far is durable, under any policy; LOG_FAILED. */
  flush(): Promise<void>;

  /**
   * Starts a new segment. Resolves with S, the last seq before it; all up to S is durable then.
   * Rejects with DISK_FULL (and the log goes on in its segment), LOG_FAILED or SHUTTING_DOWN.
   */
  roll(): Promise<number>;

  /** Removes the segments that hold nothing above `uptoSeq`; never the one being written. */
  retire(uptoSeq: number): Promise<void>;

  /** Makes everything durable and closes. New appends are refused from the call on. */
  close(): Promise<void>;

  stats(): JournalStats;
}

const DONE = Promise.resolve();

/**
 * The journal of a store without a data directory: it counts seqs, since versions are made of them,
 * and keeps nothing. Every seq counts as acknowledged at once, so no read or write ever waits.
 */
export class MemoryJournal implements Journal {
  readonly acksOnWrite = true;
  readonly ackSeq = Number.MAX_SAFE_INTEGER;
  readonly durableSeq = Number.MAX_SAFE_INTEGER;
  readonly failed = null;
  readonly waiting = 0;
  nextSeq: number;
  #closed = false;
  #rolledAtSeq: number;

  constructor(nextSeq = 1) {
    this.nextSeq = nextSeq;
    this.#rolledAtSeq = nextSeq;
  }

  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  admit(): "ok" | PyKVError {
    return this.#closed ? new PyKVError("SHUTTING_DOWN", "the store is closed") : "ok";
  }

  room(): Promise<void> {
    const verdict = this.admit();
    return verdict === "ok" ? DONE : Promise.reject(verdict);
  }

  append(): number {
    const seq = this.nextSeq;
    this.nextSeq = seq + 1;
    return seq;
  }

  acknowledged(): Promise<void> {
    return DONE;
  }

  setFsync(): void {
    // There is nothing to sync.
  }

  settle(): void {
    // Everything is acknowledged already.
  }

  flush(): Promise<void> {
    return DONE;
  }

  roll(): Promise<number> {
    this.#rolledAtSeq = this.nextSeq;
    return Promise.resolve(this.lastSeq);
  }

  retire(): Promise<void> {
    return DONE;
  }

  close(): Promise<void> {
    this.#closed = true;
    return DONE;
  }

  stats(): JournalStats {
    return {
      fsync: null,
      bytes: 0,
      segments: 0,
      recordsSinceRoll: this.nextSeq - this.#rolledAtSeq,
      bytesSinceRoll: 0,
      unsyncedBytes: 0,
      commits: 0,
      syncs: 0,
      commitMsTotal: 0,
      diskFull: false,
    };
  }
}
