/**
 * Compaction: when a snapshot is taken, and what may go once it is durable.
 *
 * A snapshot makes the log before it superfluous. One is taken when somebody asks, when the interval
 * has passed and there were writes, and when the log has outgrown its limit. A limit in bytes is held
 * against the live data too: a log shorter than the data is cheaper to replay than the data is to
 * write again, so with 4 GiB of data the log may grow past a limit of 256 MiB.
 *
 * A snapshot that a swap of namespaces has overtaken is begun anew at once. While they are swapped all
 * the time none comes to its end; so after some tries that counts as a failure, like any other.
 *
 * Old segments and snapshots are removed after the new snapshot is durable under its name, never
 * before; a crash at any step leaves the old ones, the new one, or both.
 */
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { Disk } from "../disk/disk.ts";
import { snapshotName } from "../format/snapshot.ts";
import { fullError, isFull } from "../log/log-options.ts";
import type { Engine } from "./engine.ts";
import { listSnapshots } from "./snapshot-reader.ts";
import { Overtaken, writeSnapshot } from "./snapshot-writer.ts";

/** After a failure, the next try that nobody asked for waits this long. */
const RETRY_MS = 30_000;
/** Snapshots that swaps may overtake in one compaction. */
const TRIES_MAX = 5;

/** What starts a compaction that nobody asked for; it may change while the store is open. */
export interface CompactionSchedule {
  /** 0 is never by time. */
  readonly intervalMs: number;
  /** 0 is no limit. */
  readonly logLimit: { readonly bytesMax: number; readonly recordsMax: number };
}

export interface CompactionOptions extends CompactionSchedule {
  readonly engine: Engine;
  /** Null for a store without a data directory: a compaction then only counts anew. */
  readonly disk: Disk | null;
  readonly storeId: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the snapshot that recovery used. */
  readonly lastAtMs: number | null;
  readonly snapshotBytes: number;
  /** See SnapshotOptions. */
  readonly snapshotBlockBytes?: number | undefined;
  /** What recovery found in the log, which no snapshot covers. */
  readonly backlog: { readonly records: number; readonly bytes: number };
}

export interface CompactionSummary {
  readonly entries: number;
  readonly bytes: number;
  readonly seconds: number;
}

interface Taken {
  readonly startSeq: number;
  readonly entries: number;
  readonly bytes: number;
}

export class Compaction {
  readonly #options: CompactionOptions;
  #running: Promise<CompactionSummary> | null = null;
  #isCancelled = false;
  #schedule: CompactionSchedule;
  /** Since when the interval runs. */
  #sinceMs: number;
  #notBeforeMs = 0;
  /** Records and bytes in the log before its present count began. */
  #backlog: { records: number; bytes: number };
  lastAtMs: number | null;
  lastDurationMs: number | null = null;
  lastError: string | null = null;
  snapshotBytes: number;

  constructor(options: CompactionOptions) {
    this.#options = options;
    this.#schedule = { intervalMs: options.intervalMs, logLimit: options.logLimit };
    this.#sinceMs = options.clock.monotonicMs();
    this.#backlog = options.backlog;
    this.lastAtMs = options.lastAtMs;
    this.snapshotBytes = options.snapshotBytes;
  }

  get schedule(): CompactionSchedule {
    return this.#schedule;
  }

  /** A new interval counts from where the old one began. */
  set schedule(schedule: CompactionSchedule) {
    this.#schedule = schedule;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  /** Records in the log that no snapshot covers. */
  get logRecords(): number {
    return this.#backlog.records + this.#options.engine.journal.stats().recordsSinceRoll;
  }

  /**
   * Takes a snapshot and removes what it replaces. Rejects with COMPACTION_RUNNING, DISK_FULL,
   * TOO_MANY_NAMESPACES (see snapshot-writer.ts), LOG_FAILED, SHUTTING_DOWN or the disk's error; then
   * nothing was removed.
   */
  run(): Promise<CompactionSummary> {
    if (this.#running !== null) {
      return Promise.reject(new PyKVError("COMPACTION_RUNNING", "wait for it to end"));
    }
    if (this.#isCancelled) {
      return Promise.reject(new PyKVError("SHUTTING_DOWN", "the store is closing"));
    }
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Takes a snapshot if one is due; to be called now and then. */
  runIfDue(): void {
    if (this.#running !== null || this.#isCancelled || !this.#isDue()) return;
    // Its failure is logged and kept in lastError; nobody waits for it here.
    this.run().catch(() => undefined);
  }

  /** Resolves when none runs. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** Gives up a running snapshot and starts no more; resolves when none runs. */
  stop(): Promise<void> {
    this.#isCancelled = true;
    return this.settled();
  }

  #isDue(): boolean {
    const { engine, clock, disk } = this.#options;
    const { intervalMs, logLimit } = this.#schedule;
    const nowMs = clock.monotonicMs();
    if (disk === null || engine.journal.failed !== null || nowMs < this.#notBeforeMs) return false;
    const stats = engine.journal.stats();
    const records = this.#backlog.records + stats.recordsSinceRoll;
    if (records === 0) return false;
    if (intervalMs > 0 && nowMs >= this.#sinceMs + intervalMs) return true;
    if (logLimit.recordsMax > 0 && records > logLimit.recordsMax) return true;
    const bytes = this.#backlog.bytes + stats.bytesSinceRoll;
    return logLimit.bytesMax > 0 && bytes > Math.max(logLimit.bytesMax, engine.table.usedBytes);
  }

  async #run(): Promise<CompactionSummary> {
    const { disk, clock, logger } = this.#options;
    const startMs = clock.monotonicMs();
    this.#sinceMs = startMs;
    try {
      const { startSeq, entries, bytes } = await this.#untilWhole(disk);
      const durationMs = clock.monotonicMs() - startMs;
      this.#backlog = { records: 0, bytes: 0 };
      this.lastError = null;
      this.lastAtMs = Math.trunc(clock.nowMs());
      this.lastDurationMs = durationMs;
      this.snapshotBytes = bytes;
      const summary = { entries, bytes, seconds: durationMs / 1000 };
      logger.info({ ...summary, startSeq }, "compacted");
      return summary;
    } catch (cause) {
      this.#notBeforeMs = clock.monotonicMs() + RETRY_MS;
      throw this.#failed(cause);
    }
  }

  async #untilWhole(disk: Disk | null): Promise<Taken> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#attempt(disk);
      } catch (cause) {
        if (!(cause instanceof Overtaken) || tries === TRIES_MAX) throw cause;
        this.#options.logger.info({ tries }, "namespaces were swapped; the snapshot begins anew");
      }
    }
  }

  async #attempt(disk: Disk | null): Promise<Taken> {
    const { engine } = this.#options;
    const { namespaces } = engine.table;
    const held = namespaces.watch();
    try {
      const startSeq = await engine.journal.roll();
      if (disk === null) return { startSeq, entries: 0, bytes: 0 };
      return { startSeq, ...(await this.#snapshot(disk, startSeq, held)) };
    } finally {
      namespaces.unwatch();
    }
  }

  async #snapshot(
    disk: Disk,
    startSeq: number,
    namespacesHeld: ReadonlySet<string>,
  ): Promise<{ entries: number; bytes: number }> {
    const { engine, storeId, clock, snapshotBlockBytes: blockBytesMax } = this.#options;
    const isCancelled = (): boolean => this.#isCancelled;
    // prettier-ignore
    const written = await writeSnapshot({
      engine, disk, storeId, clock, startSeq, namespacesHeld, isCancelled, blockBytesMax,
    });
    await engine.journal.retire(startSeq);
    for (const seq of await listSnapshots(disk)) {
      if (seq < startSeq) await disk.remove(snapshotName(seq));
    }
    await disk.syncDirectory();
    return written;
  }

  #failed(cause: unknown): unknown {
    const error = isFull(cause) ? fullError(cause) : cause;
    if (this.#isCancelled) return error;
    this.lastError = error instanceof Error ? error.message : String(error);
    this.#options.logger.error({ error: this.lastError }, "a compaction failed");
    return error;
  }
}
