/**
 * A log on a simulated disk, with records that are short to write and to compare in tests.
 */
import { silentLogger } from "../../src/base/logger.ts";
import { OP, createRecordView, decodeRecord, recordBytes } from "../../src/format/record.ts";
import type { LogFrame } from "../../src/log/frame-walk.ts";
import type { LogOptions } from "../../src/log/log-options.ts";
import type { Log } from "../../src/log/log.ts";
import { readLog } from "../../src/log/reader.ts";
import type { LogReading, ReadLogOptions } from "../../src/log/reader.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

export const STORE_ID = Buffer.from("0123456789abcdef", "latin1");
const NS = Buffer.from("ns");

/** Small segments and a small reserve, so that a few records roll and extend. */
export function logOptions(overrides: Partial<LogOptions> = {}): LogOptions & {
  disk: SimulatedDisk;
  clock: SimulatedClock;
} {
  const clock = new SimulatedClock();
  return {
    disk: new SimulatedDisk(),
    storeId: STORE_ID,
    fsync: "always",
    segmentBytesMax: 1024 * 1024,
    nextSeq: 1,
    reserveStepBytes: 4096,
    clock,
    timers: clock,
    logger: silentLogger,
    ...overrides,
  } as LogOptions & { disk: SimulatedDisk; clock: SimulatedClock };
}

/** Appends a SET without asking for admission; returns its seq. */
export function appendSet(log: Log, key: string, value: string | Buffer = ""): number {
  const keyBytes = Buffer.from(key);
  const bytes = Buffer.from(value);
  return log.append(OP.SET, 0, 0, NS, keyBytes, 0, keyBytes.length, bytes, 0, bytes.length);
}

export function setBytes(key: string, value: string | Buffer = ""): number {
  return recordBytes(0, NS.length, Buffer.byteLength(key), Buffer.byteLength(value));
}

/** Waits for admission as the store does, then appends; resolves with the seq, not yet durable. */
export async function writeSet(
  log: Log,
  key: string,
  value: string | Buffer = "",
): Promise<number> {
  const bytes = setBytes(key, value);
  let verdict = log.waiting > 0 ? "wait" : log.admit(bytes);
  while (verdict === "wait") {
    await log.room(bytes);
    verdict = log.admit(bytes);
  }
  if (verdict !== "ok") throw verdict;
  return appendSet(log, key, value);
}

/** Some turns of the event loop: more than any one step of the log takes on a simulated disk. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The records of a frame as "seq:key=value". */
export function recordsOf(frame: LogFrame): string[] {
  const view = createRecordView();
  const records: string[] = [];
  let at = frame.recordsAt;
  for (let i = 0; i < frame.count; i += 1) {
    if (!decodeRecord(frame.buffer, at, frame.recordsEnd, view)) throw new Error("bad record");
    const key = frame.buffer.toString("utf8", view.keyAt, view.keyAt + view.keyLen);
    const value = frame.buffer.toString("utf8", view.valueAt, view.valueAt + view.valueLen);
    records.push(`${frame.firstSeq + i}:${key}=${value}`);
    at = view.next;
  }
  if (at !== frame.recordsEnd) throw new Error("bytes left over");
  return records;
}

/** Reads a whole log: its frames as lists of records, and how it ended. */
export async function readAll(
  disk: SimulatedDisk,
  overrides: Partial<ReadLogOptions> = {},
): Promise<{ frames: string[][]; records: string[]; reading: LogReading }> {
  const frames: string[][] = [];
  const reading = await readLog(
    { disk, storeId: STORE_ID, fromSeq: 1, knownDurableSeq: 0, pieceBytes: 4096, ...overrides },
    (frame) => {
      frames.push(recordsOf(frame));
    },
  );
  return { frames, records: frames.flat(), reading };
}
