/**
 * Reading all that is intact in a log, damaged or not: for `pykv verify`, `pykv salvage` and
 * `pykv log`. Unlike `readLog` it never stops at damage: it reports it, and goes on with the next
 * whole frame behind it. What a crash left at the end of the log is reported like any other damage;
 * whether it matters is for `readLog` to say.
 */
import type { Disk } from "../disk/disk.ts";
import { fileSeed } from "../format/place.ts";
import { SEGMENT_HEADER_BYTES, segmentName, storeIdBytes } from "../format/segment.ts";
import {
  SNAPSHOT_HEADER_BYTES,
  decodeSnapshotHeader,
  parseSnapshotName,
} from "../format/snapshot.ts";
import { FrameWalker } from "./frame-walk.ts";
import { READ_PIECE_BYTES, listSegments, readSegmentHeader } from "./reader.ts";
import type { OnFrame } from "./reader.ts";
import { SegmentSource } from "./segment-source.ts";

export interface LogDamage {
  readonly file: string;
  readonly offset: number;
  /** 0 when nothing is damaged but records are missing here. */
  readonly bytes: number;
  readonly why: string;
}

export interface LogScan {
  readonly disk: Disk;
  /** Null takes the first that is found in the directory (`findStoreId`). */
  readonly storeId: Uint8Array | null;
  readonly onFrame: OnFrame;
  readonly onDamage: (damage: LogDamage) => void;
  /** Default READ_PIECE_BYTES. */
  readonly pieceBytes?: number | undefined;
}

/**
 * The store id in the first sound header of a segment or a snapshot, or in a damaged one when a frame
 * behind it proves that this part of the header is intact; null when there is none.
 */
export async function findStoreId(disk: Disk): Promise<Uint8Array | null> {
  for (const firstSeq of await listSegments(disk)) {
    const source = await SegmentSource.open(disk, segmentName(firstSeq), SEGMENT_HEADER_BYTES * 4);
    const header = await readSegmentHeader(source, firstSeq).finally(() => source.close());
    if (typeof header !== "string") return header.storeId;
  }
  for (const name of await disk.list()) {
    if (parseSnapshotName(name) === null) continue;
    const file = await disk.open(name, "read");
    const bytes = Buffer.alloc(SNAPSHOT_HEADER_BYTES);
    const count = await file.read(bytes, 0).finally(() => file.close());
    const header = decodeSnapshotHeader(bytes.subarray(0, count));
    if (typeof header !== "string") return header.storeId;
  }
  return findProvenStoreId(disk);
}

async function findProvenStoreId(disk: Disk): Promise<Uint8Array | null> {
  for (const firstSeq of await listSegments(disk)) {
    const source = await SegmentSource.open(disk, segmentName(firstSeq), READ_PIECE_BYTES);
    try {
      if (!(await source.load(0, SEGMENT_HEADER_BYTES))) continue;
      const index = source.indexOf(0);
      const storeId = storeIdBytes(source.buffer.subarray(index, index + SEGMENT_HEADER_BYTES));
      const walker = new FrameWalker(source, fileSeed(storeId, firstSeq));
      if ((await walker.find(SEGMENT_HEADER_BYTES)) !== null) return storeId;
    } finally {
      await source.close();
    }
  }
  return null;
}

/** Hands out every whole frame and every stretch of damage, in order of the files. */
export async function scanLog(scan: LogScan): Promise<void> {
  const storeId = scan.storeId ?? (await findStoreId(scan.disk));
  let nextSeq: number | null = null;
  for (const firstSeq of await listSegments(scan.disk)) {
    const name = segmentName(firstSeq);
    const source = await SegmentSource.open(scan.disk, name, scan.pieceBytes ?? READ_PIECE_BYTES);
    try {
      reportGap(scan, name, 0, nextSeq, firstSeq);
      nextSeq = await scanSegment(scan, source, firstSeq, storeId);
    } finally {
      await source.close();
    }
  }
}

/** Returns the seq that must come next. */
async function scanSegment(
  scan: LogScan,
  source: SegmentSource,
  firstSeq: number,
  storeId: Uint8Array | null,
): Promise<number> {
  const { name: file, size } = source;
  const header = await readSegmentHeader(source, firstSeq);
  if (typeof header === "string") {
    scan.onDamage({ file, offset: 0, bytes: Math.min(SEGMENT_HEADER_BYTES, size), why: header });
  }
  const isForeign =
    typeof header !== "string" && storeId !== null && Buffer.compare(header.storeId, storeId) !== 0;
  if (storeId === null || isForeign) {
    const why = isForeign ? "the segment belongs to another store" : "the store's id is unknown";
    scan.onDamage({ file, offset: 0, bytes: size, why });
    return firstSeq;
  }
  return scanFrames(scan, new FrameWalker(source, fileSeed(storeId, firstSeq)), firstSeq);
}

async function scanFrames(scan: LogScan, walker: FrameWalker, firstSeq: number): Promise<number> {
  const { frame } = walker;
  let nextSeq = firstSeq;
  let at: number | null = SEGMENT_HEADER_BYTES;
  while (at !== null) {
    if (!(await walker.read(at))) {
      at = await passDamage(scan, walker, at);
      continue;
    }
    reportGap(scan, frame.file, at, nextSeq, frame.firstSeq);
    if (frame.count > 0) await scan.onFrame(frame);
    nextSeq = frame.firstSeq + frame.count;
    at += frame.bytes;
  }
  return nextSeq;
}

/** Reports what is between `at` and the next whole frame, and returns where that is. */
async function passDamage(scan: LogScan, walker: FrameWalker, at: number): Promise<number | null> {
  const contentEnd = await walker.contentEnd(at);
  if (contentEnd === at) return null;
  let found = await walker.find(at + 1);
  while (found !== null && !found.isWhole) found = await walker.find(found.offset + found.bytes);
  const end = found?.offset ?? contentEnd;
  const { file } = walker.frame;
  scan.onDamage({ file, offset: at, bytes: end - at, why: "no whole frame is here" });
  return found?.offset ?? null;
}

function reportGap(
  scan: LogScan,
  file: string,
  offset: number,
  expectedSeq: number | null,
  seq: number,
): void {
  if (expectedSeq === null || expectedSeq === seq) return;
  const why =
    seq > expectedSeq
      ? `the records from seq ${expectedSeq} to ${seq - 1} are missing`
      : `seq ${seq} comes after seq ${expectedSeq - 1}`;
  scan.onDamage({ file, offset, bytes: 0, why });
}
