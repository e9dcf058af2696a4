/**
 * Looking at a data directory that no server runs on: verify says whether it is intact, salvage
 * copies what is.
 *
 * Verify judges as recovery would, and reports all damage instead of the first. A torn tail, which
 * every kill may leave, is no damage: recovery takes it off.
 */
import { randomBytes } from "node:crypto";
import { systemClock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import { silentLogger } from "../base/logger.ts";
import { GiB, MiB } from "../base/units.ts";
import { countingReads } from "../disk/counting.ts";
import type { Disk } from "../disk/disk.ts";
import { acquireLock } from "../disk/lock.ts";
import { NodeDisk } from "../disk/node-disk.ts";
import { STORE_ID_BYTES } from "../format/place.ts";
import { createRecordView, decodeRecord } from "../format/record.ts";
import { parseSegmentName } from "../format/segment.ts";
import { parseSnapshotName, snapshotName } from "../format/snapshot.ts";
import type { EntryView } from "../format/snapshot-entry.ts";
import type { LogFrame } from "../log/frame-walk.ts";
import { MemoryJournal } from "../log/journal.ts";
import { findStoreId, scanLog } from "../log/log-scan.ts";
import type { LogDamage } from "../log/log-scan.ts";
import { listSegments, readLog } from "../log/reader.ts";
import { NAMESPACES_MAX } from "../memory/namespaces.ts";
import { Table } from "../memory/table.ts";
import { Replayer } from "./apply.ts";
import { Engine } from "./engine.ts";
import { listSnapshots, readSnapshot, salvageSnapshot } from "./snapshot-reader.ts";
import { writeSnapshot } from "./snapshot-writer.ts";
import { Log } from "../log/log.ts";

export interface Verification {
  readonly intact: boolean;
  /** In the newest whole snapshot. */
  readonly entries: number;
  /** In the log behind it. */
  readonly records: number;
  /** Places where something is wrong. */
  readonly damages: number;
  /** One line for people. */
  readonly summary: string;
}

export interface Salvage {
  readonly summary: string;
  readonly entries: number;
  /** Places where something could not be read. */
  readonly damages: number;
}

type OnFinding = (finding: string) => void;
/** The share of the directory that was read, 0 to 1. */
type OnProgress = (share: number) => void;

/** Salvage reads a snapshot to judge it, and again to copy it. */
const SNAPSHOT_READS = 2;

/** For damage that is going to be met once more. */
const ignore: OnFinding = () => undefined;

/**
 * Reads everything in a data directory and reports each damage. Takes the directory's lock
 * meanwhile: DATA_DIR_LOCKED when a server runs on it, DATA_DIR_UNUSABLE when it is none.
 */
export async function verifyDataDir(
  dir: string,
  onFinding: OnFinding,
  onProgress?: OnProgress,
): Promise<Verification> {
  return onExisting(dir, async (disk) => {
    return verifyDisk(await observed(disk, onProgress, 1), onFinding);
  });
}

export async function verifyDisk(disk: Disk, onFinding: OnFinding): Promise<Verification> {
  let damages = 0;
  const found = (finding: string): void => {
    damages++;
    onFinding(finding);
  };
  const snapshots = await verifySnapshots(disk, found);
  let records = 0;
  let lastGoodSeq = 0;
  const reading = await readLog(
    {
      disk,
      storeId: snapshots.storeId,
      fromSeq: snapshots.startSeq + 1,
      knownDurableSeq: snapshots.endSeq,
    },
    (frame) => {
      records += frame.count;
      lastGoodSeq = frame.firstSeq + frame.count - 1;
      checkRecords(frame, found);
    },
  );
  const { end } = reading;
  if (end.kind === "corrupt") {
    const before = damages;
    await reportDamage(disk, found);
    // A file that is missing leaves nothing to find in those that are there.
    if (damages === before) found(`${end.file} at byte ${end.offset}: ${end.why}`);
  }
  if (end.kind === "torn") {
    onFinding(`${end.file} at byte ${end.offset}: a torn tail of ${end.bytes} bytes (harmless)`);
  }
  if (end.kind !== "corrupt" && snapshots.name !== null) {
    const hasLog = (await listSegments(disk)).length > 0;
    if (!hasLog) found(`${snapshots.name}: the log that goes on from it is missing`);
    else if (reading.lastSeq < snapshots.endSeq) {
      found(`the log ends at seq ${lastGoodSeq}, the snapshot needs it up to ${snapshots.endSeq}`);
    }
  }
  const what = `${snapshots.entries} entries in the snapshot, ${records} records in the log`;
  const intact = damages === 0;
  const counts = { entries: snapshots.entries, records, damages };
  return {
    intact,
    ...counts,
    summary: intact ? `intact: ${what}` : `DAMAGED: ${damages} findings; ${what}`,
  };
}

/**
 * Copies every intact record into a new directory, as a store that a server can start on: the newest
 * whole snapshot, then the log, with what is intact of a damaged snapshot where that stands in it.
 * Where records are lost, a later swap of namespaces still happens as the log has it.
 */
export async function salvageDataDir(
  from: string,
  to: string,
  onFinding: OnFinding,
  onProgress?: OnProgress,
): Promise<Salvage> {
  return onExisting(from, async (source) => {
    const target = await NodeDisk.open(to);
    if ((await target.list()).length > 0) {
      throw new PyKVError("DATA_DIR_UNUSABLE", `${to} is not empty`);
    }
    return salvageDisk(await observed(source, onProgress, SNAPSHOT_READS), target, onFinding);
  });
}

export async function salvageDisk(
  source: Disk,
  target: Disk,
  onFinding: OnFinding,
): Promise<Salvage> {
  let damages = 0;
  const found = (finding: string): void => {
    damages++;
    onFinding(finding);
  };
  const table = newTable();
  const replayer = new Replayer(table, true);
  let fromSeq = 1;
  let lastSeq = 0;
  for (const { startSeq, isDamaged } of await salvageable(source)) {
    // Names may be swapped in the log before it, so what it holds comes in its turn.
    if (isDamaged) await salvageLog(source, replayer, { fromSeq, toSeq: startSeq }, ignore);
    lastSeq = Math.max(lastSeq, await copySnapshot(source, startSeq, replayer, found));
    fromSeq = startSeq + 1;
  }
  const rest = { fromSeq, toSeq: Infinity };
  lastSeq = Math.max(lastSeq, await salvageLog(source, replayer, rest, found));
  const entries = await writeStore(target, table, lastSeq);
  const lost = damages === 0 ? "nothing was lost" : `${damages} places could not be read`;
  return { summary: `copied ${entries} entries; ${lost}`, entries, damages };
}

async function onExisting<T>(dir: string, work: (disk: NodeDisk) => Promise<T>): Promise<T> {
  const disk = await NodeDisk.openExisting(dir);
  const lock = await acquireLock(disk.directory);
  try {
    return await work(disk);
  } finally {
    await lock.release();
  }
}

/** The disk, with what is read from it told as a share of what there is to read. */
async function observed(
  disk: Disk,
  onProgress: OnProgress | undefined,
  snapshotReads: number,
): Promise<Disk> {
  if (onProgress === undefined) return disk;
  let total = 0;
  for (const name of await disk.list()) {
    const reads = parseSnapshotName(name) !== null ? snapshotReads : 1;
    if (reads === 1 && parseSegmentName(name) === null) continue;
    const file = await disk.open(name, "read");
    total += reads * (await file.size().finally(() => file.close()));
  }
  let done = 0;
  return countingReads(disk, (bytes) => {
    done += bytes;
    onProgress(total === 0 ? 1 : Math.min(1, done / total));
  });
}

/** The newest whole one; `endSeq` is also what a damaged one proves to have been durable. */
interface VerifiedSnapshot {
  readonly name: string | null;
  readonly storeId: Uint8Array | null;
  readonly startSeq: number;
  readonly endSeq: number;
  readonly entries: number;
}

async function verifySnapshots(disk: Disk, found: OnFinding): Promise<VerifiedSnapshot> {
  let newest: VerifiedSnapshot = { name: null, storeId: null, startSeq: 0, endSeq: 0, entries: 0 };
  for (const startSeq of (await listSnapshots(disk)).reverse()) {
    const name = snapshotName(startSeq);
    const { damage, header, footer } = await readSnapshot(disk, name, { entry: () => undefined });
    if (damage === null) newest = { name, ...header, ...footer };
    else {
      found(`${name} at byte ${damage.offset}: ${damage.why}`);
      newest = { ...newest, endSeq: Math.max(newest.endSeq, startSeq) };
    }
  }
  return newest;
}

async function reportDamage(disk: Disk, found: OnFinding): Promise<void> {
  const onDamage = (damage: LogDamage): void => found(damageText(damage));
  await scanLog({ disk, storeId: null, onFrame: () => undefined, onDamage });
}

/** Damage in words. */
export function damageText({ file, offset, bytes, why }: LogDamage): string {
  return `${file} at byte ${offset}${bytes > 0 ? `, ${bytes} bytes` : ""}: ${why}`;
}

function checkRecords(frame: LogFrame, found: OnFinding): void {
  const view = createRecordView();
  let at = frame.recordsAt;
  for (let i = 0; i < frame.count; i++) {
    if (!decodeRecord(frame.buffer, at, frame.recordsEnd, view)) {
      found(`${frame.file} at byte ${frame.offset}: record ${i} of the frame can't be read`);
      return;
    }
    at = view.next;
  }
}

/** The newest whole snapshot, and the damaged ones that are newer, oldest first. */
async function salvageable(disk: Disk): Promise<{ startSeq: number; isDamaged: boolean }[]> {
  const chosen: { startSeq: number; isDamaged: boolean }[] = [];
  for (const startSeq of await listSnapshots(disk)) {
    const reading = await readSnapshot(disk, snapshotName(startSeq), { entry: () => undefined });
    const isDamaged = reading.damage !== null;
    chosen.unshift({ startSeq, isDamaged });
    if (!isDamaged) break;
  }
  return chosen;
}

/** Copies a snapshot's entries; how far it reached. */
async function copySnapshot(
  disk: Disk,
  startSeq: number,
  replayer: Replayer,
  found: OnFinding,
): Promise<number> {
  let lastSeq = startSeq;
  const entry = (bytes: Buffer, view: EntryView): void => {
    replayer.entry(bytes, view);
    lastSeq = Math.max(lastSeq, view.version);
  };
  await salvageSnapshot(disk, startSeq, await findStoreId(disk), { entry }, ({ offset, why }) => {
    found(`${snapshotName(startSeq)} at byte ${offset}: ${why}`);
  });
  return lastSeq;
}

/** Replays what can be read of the log, from seq to seq; the last seq that it has at all. */
async function salvageLog(
  disk: Disk,
  replayer: Replayer,
  { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq: number },
  found: OnFinding,
): Promise<number> {
  const view = createRecordView();
  let lastSeq = 0;
  const onFrame = (frame: LogFrame): void => {
    let at = frame.recordsAt;
    for (let i = 0; i < frame.count; i++) {
      if (!decodeRecord(frame.buffer, at, frame.recordsEnd, view)) {
        found(`${frame.file} at byte ${frame.offset}: record ${i} of the frame can't be read`);
        return;
      }
      const seq = frame.firstSeq + i;
      if (seq >= fromSeq && seq <= toSeq) replayer.record(frame.buffer, view, seq);
      at = view.next;
    }
    lastSeq = Math.max(lastSeq, frame.firstSeq + frame.count - 1);
  };
  const storeId = await findStoreId(disk);
  await scanLog({ disk, storeId, onFrame, onDamage: (damage) => found(damageText(damage)) });
  return lastSeq;
}

/** Writes the table as a fresh store: one snapshot, and a log that goes on behind it. */
async function writeStore(disk: Disk, table: Table, lastSeq: number): Promise<number> {
  const clock = systemClock;
  const storeId = randomBytes(STORE_ID_BYTES);
  const engine = new Engine(table, new MemoryJournal(lastSeq + 1), clock, Infinity);
  const isCancelled = (): boolean => false;
  // prettier-ignore
  const options = {
    engine, disk, storeId, clock, startSeq: lastSeq, namespacesHeld: null, isCancelled,
  };
  const { entries } = await writeSnapshot(options);
  // prettier-ignore
  const log = await Log.open({
    disk, storeId, clock, fsync: "always", segmentBytesMax: 64 * MiB, nextSeq: lastSeq + 1,
    logger: silentLogger,
  });
  await log.close();
  return entries;
}

function newTable(): Table {
  return new Table({
    maxBytes: 4 * GiB,
    capacity: 0,
    eviction: "none",
    namespacesMax: NAMESPACES_MAX,
    clock: systemClock,
    seed: [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()],
  });
}
