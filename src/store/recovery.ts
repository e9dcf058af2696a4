/**
 * Recovery: from what is on disk to the table as it was.
 *
 * The newest snapshot that is whole, then the log from there on, through the same `apply` as live
 * writes. What a crash left at the end of the log is saved aside and cut off. Anything else that is
 * damaged ends the start with CORRUPTION: the server does not guess about data that was acknowledged.
 *
 * A snapshot that is damaged is passed over when an older one and the log can stand in for it, which
 * they can only while the log still reaches back that far, and as far forward as the damaged one
 * proves that it was durable; the reader sees to both.
 *
 * A fuzzy snapshot may hold more than there ever was at once: an entry that went while it was taken,
 * and the one that came in its place. So the table's limits are put off until all is replayed.
 */
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { Disk } from "../disk/disk.ts";
import { createRecordView, decodeRecord } from "../format/record.ts";
import { segmentName } from "../format/segment.ts";
import { parseSnapshotName, snapshotName } from "../format/snapshot.ts";
import type { LogFrame } from "../log/frame-walk.ts";
import type { SegmentInfo } from "../log/log-options.ts";
import { findStoreId } from "../log/log-scan.ts";
import { listSegments, readLog } from "../log/reader.ts";
import type { LogReading } from "../log/reader.ts";
import { settleTail } from "../log/tail.ts";
import { Prefault } from "../memory/prefault.ts";
import type { Table } from "../memory/table.ts";
import { Replayer } from "./apply.ts";
import { listSnapshots, readSnapshot, readSnapshotEnds } from "./snapshot-reader.ts";
import type { SnapshotDamage } from "./snapshot-reader.ts";
import type { RecoverySummary } from "./types.ts";

const PROGRESS_MS = 1000;
/**
 * For guessing how many keys a log brings, so that the index need not grow while it is read. Records
 * may be longer, or change the same few keys: what is too much is given back in the end.
 */
const RECORD_BYTES_TYPICAL = 96;
/** No entry of a snapshot is shorter. */
const ENTRY_BYTES_MIN = 18;
/** What becomes of a byte on disk in memory, at most: the shortest entries grow the most. */
const MEMORY_SHARE_MAX = 4;

export interface RecoveryOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** An empty table; called again when a snapshot proves damaged half-way. */
  readonly createTable: () => Table;
}

export interface Recovered {
  readonly table: Table;
  /** Null for a directory that holds no store yet. */
  readonly storeId: Uint8Array | null;
  readonly nextSeq: number;
  readonly segments: readonly SegmentInfo[];
  readonly summary: RecoverySummary;
  /** Of the snapshot that was used. */
  readonly snapshotAtMs: number | null;
  readonly snapshotBytes: number;
  /** Bytes of the log that were replayed. */
  readonly logBytes: number;
  /** Entries that lower limits left no room for: the disk still has them. */
  readonly evicted: number;
}

interface LoadedSnapshot {
  readonly table: Table;
  readonly name: string | null;
  readonly storeId: Uint8Array | null;
  readonly startSeq: number;
  readonly endSeq: number;
  readonly entries: number;
  readonly createdMs: number | null;
  readonly bytes: number;
  readonly evicted: number;
  /** The newest one that had to be passed over. */
  readonly damaged: DamagedSnapshot | null;
}

interface DamagedSnapshot extends SnapshotDamage {
  readonly name: string;
  /** All up to here was durable once, and so the log had it. */
  readonly durableSeq: number;
}

/** Rejects with CORRUPTION, MEMORY_FULL, or the disk's error. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const tables = new Tables(options.createTable);
  try {
    return await recoverInto(tables, options);
  } finally {
    tables.end();
  }
}

async function recoverInto(tables: Tables, options: RecoveryOptions): Promise<Recovered> {
  const { disk, clock, logger } = options;
  const startMs = clock.monotonicMs();
  await removeLeftovers(disk);
  const snapshot = await loadSnapshot(tables, options);
  const replayer = new Replayer(snapshot.table);
  const reading = await replay(options, snapshot, replayer);
  checkReach(snapshot, reading, await listSegments(disk));
  replayer.restrict();
  const tornName = await settleTail(disk, reading);
  const tornBytes = reading.end.kind === "torn" ? reading.end.bytes : 0;
  if (tornName !== null) {
    logger.warn({ file: tornName, bytes: tornBytes }, "a torn tail of the log was saved aside");
  }
  const summary = {
    snapshot: snapshot.name,
    snapshotEntries: snapshot.entries,
    records: reading.records,
    segments: reading.segments.length,
    seconds: (clock.monotonicMs() - startMs) / 1000,
    tornBytes,
  };
  logger.info(summary, "recovered");
  return {
    table: snapshot.table,
    storeId: snapshot.storeId ?? (await findStoreId(disk)),
    nextSeq: reading.lastSeq + 1,
    segments: reading.segments,
    summary,
    snapshotAtMs: snapshot.createdMs,
    snapshotBytes: snapshot.bytes,
    logBytes: reading.bytes,
    evicted: snapshot.evicted + replayer.evicted,
  };
}

/** Files that were being written when the process ended, and count for nothing. */
async function removeLeftovers(disk: Disk): Promise<void> {
  for (const name of await disk.list()) if (name.endsWith(".tmp")) await disk.remove(name);
}

async function loadSnapshot(tables: Tables, options: RecoveryOptions): Promise<LoadedSnapshot> {
  const { disk, logger } = options;
  let damaged: DamagedSnapshot | null = null;
  for (const startSeq of await listSnapshots(disk)) {
    const name = snapshotName(startSeq);
    const loaded = await tryLoad(tables, options, name);
    if (!("why" in loaded)) return { ...loaded, damaged };
    logger.error({ file: name, ...loaded }, "a snapshot is damaged; trying what came before it");
    const { footer } = await readSnapshotEnds(disk, name);
    damaged ??= { name, ...loaded, durableSeq: footer?.endSeq ?? startSeq };
  }
  const bytes = await logBytes(disk, 0);
  const table = tables.next();
  tables.expect(bytes / RECORD_BYTES_TYPICAL, bytes);
  return {
    table,
    name: null,
    storeId: null,
    startSeq: 0,
    endSeq: 0,
    entries: 0,
    createdMs: null,
    bytes: 0,
    evicted: 0,
    damaged,
  };
}

/** The table that is being filled, and what is made ready for that; one at a time. */
class Tables {
  readonly #create: () => Table;
  #table: Table | null = null;
  #prefault: Prefault | null = null;

  constructor(create: () => Table) {
    this.#create = create;
  }

  /** An empty one, without limits for now; the one before is given up. */
  next(): Table {
    this.end();
    this.#table = this.#create();
    this.#table.relax();
    return this.#table;
  }

  /** Tells how much there is to come, about. */
  expect(entries: number, bytesOnDisk: number): void {
    const table = this.#table!;
    table.expect(entries);
    this.#prefault = Prefault.start(table.shard, bytesOnDisk * MEMORY_SHARE_MAX);
  }

  /** All is loaded, or given up. */
  end(): void {
    this.#prefault?.stop();
    this.#prefault = null;
  }
}

async function tryLoad(
  tables: Tables,
  options: RecoveryOptions,
  name: string,
): Promise<Omit<LoadedSnapshot, "damaged"> | SnapshotDamage> {
  const { disk } = options;
  const table = tables.next();
  const replayer = new Replayer(table);
  const progress = new Progress(options, `loading ${name}`);
  let fileBytes = 0;
  let startSeq = 0;
  let entries = 0;
  const bytesOfLog = await logBytes(disk, parseSnapshotName(name) ?? 0);
  const reading = await readSnapshot(disk, name, {
    header: (header, size) => {
      fileBytes = size;
      ({ startSeq } = header);
      // Each takes some bytes of the file, whatever the header says.
      const inSnapshot = Math.min(header.entriesExpected, size / ENTRY_BYTES_MIN);
      tables.expect(inSnapshot + bytesOfLog / RECORD_BYTES_TYPICAL, size + bytesOfLog);
    },
    entry: (bytes, view) => {
      // A key as it was at the start is in the snapshot once, ahead of any later life of it.
      replayer.entry(bytes, view, view.version <= startSeq);
      entries++;
    },
    block: (at) => {
      replayer.flush();
      progress.report(entries, at / fileBytes);
    },
  });
  if (reading.damage !== null) return reading.damage;
  replayer.settle();
  const { header, footer } = reading;
  return {
    table,
    name,
    storeId: header.storeId,
    startSeq: header.startSeq,
    endSeq: footer.endSeq,
    entries: footer.entries,
    createdMs: header.createdMs,
    bytes: fileBytes,
    evicted: replayer.evicted,
  };
}

async function replay(
  options: RecoveryOptions,
  snapshot: LoadedSnapshot,
  replayer: Replayer,
): Promise<LogReading> {
  const fromSeq = snapshot.startSeq + 1;
  const totalBytes = await logBytes(options.disk, 0);
  const progress = new Progress(options, "replaying the log");
  const view = createRecordView();
  let records = 0;
  let bytes = 0;
  const onFrame = (frame: LogFrame): void => {
    let at = frame.recordsAt;
    for (let i = 0; i < frame.count; i++) {
      if (!decodeRecord(frame.buffer, at, frame.recordsEnd, view)) {
        throw damaged(frame.file, frame.offset, "a frame holds no record where one should be");
      }
      const seq = frame.firstSeq + i;
      if (seq >= fromSeq) replayer.record(frame.buffer, view, seq);
      at = view.next;
    }
    replayer.flush();
    records += frame.count;
    bytes += frame.bytes;
    progress.report(records, bytes / totalBytes);
  };
  const { disk } = options;
  const { storeId, endSeq, damaged: passedOver } = snapshot;
  const knownDurableSeq = Math.max(endSeq, passedOver?.durableSeq ?? 0);
  const reading = await readLog({ disk, storeId, fromSeq, knownDurableSeq }, onFrame);
  const { end } = reading;
  if (end.kind !== "corrupt") return reading;
  const place = `${end.file} at byte ${end.offset}: ${end.why}`;
  if (passedOver !== null) throw irreplaceable(passedOver, place);
  throw damaged(end.file, end.offset, end.why, end.advice);
}

/** The log must reach as far as the snapshot needs it, and be there at all. */
function checkReach(snapshot: LoadedSnapshot, reading: LogReading, segments: number[]): void {
  const { name, endSeq, damaged: passedOver } = snapshot;
  if (passedOver !== null && segments.length === 0) {
    throw irreplaceable(passedOver, "there is no log");
  }
  if (name === null) return;
  if (segments.length === 0) throw damaged(name, 0, "the log that goes on from it is missing");
  if (reading.lastSeq >= endSeq) return;
  const why = `it needs the log up to seq ${endSeq}, which ends at seq ${reading.lastSeq}`;
  throw damaged(name, 0, why);
}

/** Bytes of the segments that begin behind a seq, and 1. */
async function logBytes(disk: Disk, afterSeq: number): Promise<number> {
  let bytes = 1;
  for (const firstSeq of await listSegments(disk)) {
    if (firstSeq <= afterSeq) continue;
    const file = await disk.open(segmentName(firstSeq), "read");
    bytes += await file.size().finally(() => file.close());
  }
  return bytes;
}

const ADVICE =
  "Run `pykv verify` to see all damage; restore a backup, or run `pykv salvage` to copy every " +
  "intact record into a new directory.";

function damaged(file: string, offset: number, why: string, advice = ADVICE): PyKVError {
  return new PyKVError("CORRUPTION", `${file} at byte ${offset}: ${why}. ${advice}`);
}

function irreplaceable({ name, offset, why }: DamagedSnapshot, missing: string): PyKVError {
  return damaged(name, offset, `${why}, and nothing can stand in for it (${missing})`);
}

/** A line in the log every second of a long recovery. */
class Progress {
  readonly #options: RecoveryOptions;
  readonly #what: string;
  readonly #startMs: number;
  #lastMs: number;

  constructor(options: RecoveryOptions, what: string) {
    this.#options = options;
    this.#what = what;
    this.#startMs = options.clock.monotonicMs();
    this.#lastMs = this.#startMs;
  }

  report(records: number, share: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lastMs < PROGRESS_MS) return;
    this.#lastMs = nowMs;
    const perSecond = Math.round(records / ((nowMs - this.#startMs) / 1000));
    const percent = Math.min(100, Math.round(share * 100));
    this.#options.logger.info({ records, perSecond, percent }, this.#what);
  }
}
