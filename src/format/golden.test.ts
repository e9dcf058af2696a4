/**
 * The bytes of every format, pinned: files that older programs wrote must stay readable, and what
 * this program writes must be what it says it writes. A fixture changes only with the format version.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  FRAME_HEADER_BYTES,
  checkFrameBody,
  createFrameHeader,
  decodeFrameHeader,
  encodeFrame,
  frameBytes,
} from "./frame.ts";
import { fileSeed, placeSeed } from "./place.ts";
import {
  DELETE_REASON,
  KIND_FLAG,
  OP,
  createRecordView,
  decodeRecord,
  encodeRecord,
} from "./record.ts";
import { SEGMENT_HEADER_BYTES, decodeSegmentHeader, encodeSegmentHeader } from "./segment.ts";
import { createEntryView, decodeEntry, encodeEntry } from "./snapshot-entry.ts";
import {
  BLOCK_HEADER_BYTES,
  SNAPSHOT_HEADER_BYTES,
  checkBlock,
  decodeSnapshotFooter,
  decodeSnapshotHeader,
  encodeBlock,
  encodeSnapshotFooter,
  encodeSnapshotHeader,
  peekBlock,
} from "./snapshot.ts";

const STORE_ID = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const BIG_SEQ = 0x1f_ffff_ffff_ff00;
const CREATED_MS = 1_700_000_000_123;

/** Op, flags, deadline, namespace, key, value. */
const RECORDS = [
  [OP.SET, KIND_FLAG.text, 0, "default", "greeting", "hello"],
  [OP.SET, KIND_FLAG.json, CREATED_MS, "n", "k", '{"a":1}'],
  [OP.SET, KIND_FLAG.bytes, Number.MAX_SAFE_INTEGER, "n", "k", "\u0000\u0001"],
  [OP.DELETE, DELETE_REASON.user, 0, "n", "k", ""],
  [OP.DELETE, DELETE_REASON.evicted, 0, "n", "k", ""],
  [OP.DELETE, DELETE_REASON.expired, 0, "n", "k", ""],
  [OP.EXPIRE, 0, CREATED_MS, "n", "k", ""],
  [OP.EXPIRE, 0, 0, "n", "k", ""],
  [OP.CLEAR, 0, 0, "n", "", ""],
] as const;

/** What came to the format later, in a segment of its own. */
const LATER_RECORDS = [
  [OP.SWAP, 0, 0, "default", "db1", ""],
  [OP.SWAP, 0, 0, "a", "x".repeat(64), ""],
] as const;

type RecordFields = readonly [number, number, number, string, string, string];

/** Kind, version, deadline, namespace, key, value. */
const ENTRIES = [
  [KIND_FLAG.text, 1, 0, "default", "greeting", "hello"],
  [KIND_FLAG.json, BIG_SEQ, CREATED_MS, "n", "k", "[]"],
  [KIND_FLAG.bytes, 7, Number.MAX_SAFE_INTEGER, "n", "", ""],
] as const;

/** By the name of the fixture. */
const SEGMENTS: readonly (readonly [string, readonly RecordFields[]])[] = [
  ["segment", RECORDS],
  ["segment-later", LATER_RECORDS],
];

function fixture(name: string): Buffer {
  const file = new URL(`../../test/golden/${name}.hex`, import.meta.url);
  return Buffer.from(readFileSync(file, "latin1").replace(/\s/g, ""), "hex");
}

function encodeRecords(target: Buffer, from: number, records: readonly RecordFields[]): number {
  let at = from;
  for (const [op, flags, deadlineMs, ns, key, value] of records) {
    const [n, k, v] = [Buffer.from(ns), Buffer.from(key), Buffer.from(value)];
    at = encodeRecord(target, at, op, flags, deadlineMs, n, k, 0, k.length, v, 0, v.length);
  }
  return at;
}

function encodeEntries(target: Buffer, from: number): number {
  let at = from;
  for (const [kind, version, deadlineMs, ns, key, value] of ENTRIES) {
    const [n, k, v] = [Buffer.from(ns), Buffer.from(key), Buffer.from(value)];
    at = encodeEntry(target, at, kind, version, deadlineMs, n, k, 0, k.length, v, 0, v.length);
  }
  return at;
}

/** A segment's header, and a frame of the records at its place behind it. */
function encodeSegment(records: readonly RecordFields[]): Buffer {
  const bytes = Buffer.alloc(2048, 0xee);
  const header = { storeId: STORE_ID, firstSeq: BIG_SEQ, epoch: 3, createdMs: CREATED_MS };
  bytes.set(encodeSegmentHeader(header));
  const at = SEGMENT_HEADER_BYTES;
  const length = encodeRecords(bytes, at + FRAME_HEADER_BYTES, records) - at - FRAME_HEADER_BYTES;
  const count = records.length;
  const frame = {
    length,
    count,
    firstSeq: BIG_SEQ,
    epoch: 3,
    durableSeq: 5,
    timestampMs: CREATED_MS,
  };
  const end = encodeFrame(bytes, at, frame, placeSeed(fileSeed(STORE_ID, BIG_SEQ), at));
  return bytes.subarray(0, end);
}

function encodeSnapshot(): Buffer {
  const seed = fileSeed(STORE_ID, 41);
  const bytes = Buffer.alloc(1024);
  const at = SNAPSHOT_HEADER_BYTES;
  const length = encodeEntries(bytes, at + BLOCK_HEADER_BYTES) - at - BLOCK_HEADER_BYTES;
  const end = encodeBlock(bytes, at, length, ENTRIES.length, seed, 0);
  const header = {
    storeId: STORE_ID,
    startSeq: 41,
    epoch: 3,
    createdMs: CREATED_MS,
    entriesExpected: 9,
  };
  const footer = { blocks: 1, endSeq: BIG_SEQ, entries: ENTRIES.length, bytes: end };
  bytes.set(encodeSnapshotHeader(header));
  return Buffer.concat([bytes.subarray(0, end), encodeSnapshotFooter(footer, seed)]);
}

describe("golden bytes", () => {
  for (const [name, records] of SEGMENTS) {
    test(`${name}: a segment with a frame of records is written as it always was`, () => {
      expect(encodeSegment(records).toString("hex")).toBe(fixture(name).toString("hex"));
    });
  }

  test("every kind of record is in one of the segments", () => {
    const ops = SEGMENTS.flatMap(([, records]) => records.map(([op]) => op));
    expect(new Set(ops)).toEqual(new Set(Object.values(OP)));
  });

  test("a snapshot with every kind of entry is written as it always was", () => {
    expect(encodeSnapshot().toString("hex")).toBe(fixture("snapshot").toString("hex"));
  });

  test("the segment's header is read back", () => {
    expect(decodeSegmentHeader(fixture("segment"))).toEqual({
      storeId: STORE_ID,
      firstSeq: BIG_SEQ,
      epoch: 3,
      createdMs: CREATED_MS,
    });
  });

  test.each(SEGMENTS)("%s: the frame and its records are read back", (name, records) => {
    const bytes = fixture(name);
    const at = SEGMENT_HEADER_BYTES;
    const header = createFrameHeader();
    const seed = placeSeed(fileSeed(STORE_ID, BIG_SEQ), at);
    expect(decodeFrameHeader(bytes, at, seed, header)).toBe(true);
    expect(checkFrameBody(bytes, at, header)).toBe(true);
    expect(header).toMatchObject({
      count: records.length,
      firstSeq: BIG_SEQ,
      epoch: 3,
      durableSeq: 5,
    });
    expect(at + frameBytes(header.length)).toBe(bytes.length);
    const view = createRecordView();
    const end = at + FRAME_HEADER_BYTES + header.length;
    let recordAt = at + FRAME_HEADER_BYTES;
    for (const [op, flags, deadlineMs, ns, key, value] of records) {
      expect(decodeRecord(bytes, recordAt, end, view)).toBe(true);
      const text = (from: number, length: number) => bytes.toString("utf8", from, from + length);
      expect([view.op, view.flags, view.deadlineMs]).toEqual([op, flags, deadlineMs]);
      expect(text(view.nsAt, view.nsLen)).toBe(ns);
      expect(text(view.keyAt, view.keyLen)).toBe(key);
      expect(text(view.valueAt, view.valueLen)).toBe(value);
      recordAt = view.next;
    }
    expect(recordAt).toBe(end);
  });

  test("the snapshot is read back", () => {
    const bytes = fixture("snapshot");
    const seed = fileSeed(STORE_ID, 41);
    expect(decodeSnapshotHeader(bytes)).toMatchObject({
      startSeq: 41,
      entriesExpected: 9,
      epoch: 3,
    });
    const at = SNAPSHOT_HEADER_BYTES;
    const block = peekBlock(bytes, at)!;
    expect(block.count).toBe(ENTRIES.length);
    expect(checkBlock(bytes, at, block.length, seed, 0)).toBe(true);
    expect(checkBlock(bytes, at, block.length, seed, 1)).toBe(false);
    const view = createEntryView();
    const end = at + BLOCK_HEADER_BYTES + block.length;
    let entryAt = at + BLOCK_HEADER_BYTES;
    for (const [kind, version, deadlineMs, , key, value] of ENTRIES) {
      expect(decodeEntry(bytes, entryAt, end, view)).toBe(true);
      expect(view).toMatchObject({ kind, version, deadlineMs });
      expect(bytes.toString("utf8", view.keyAt, view.keyAt + view.keyLen)).toBe(key);
      expect(bytes.toString("utf8", view.valueAt, view.valueAt + view.valueLen)).toBe(value);
      entryAt = view.next;
    }
    expect(entryAt).toBe(end);
    expect(peekBlock(bytes, end)).toBe(null);
    const footer = { blocks: 1, endSeq: BIG_SEQ, entries: ENTRIES.length, bytes: end };
    expect(decodeSnapshotFooter(bytes, end, seed)).toEqual(footer);
  });
});

describe("damage", () => {
  test("any bit turned over in a segment's header or frame is found", () => {
    const at = SEGMENT_HEADER_BYTES;
    const seed = placeSeed(fileSeed(STORE_ID, BIG_SEQ), at);
    const sound = fixture("segment");
    for (let bit = 0; bit < sound.length * 8; bit += 1) {
      const bytes = Buffer.from(sound);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      const header = createFrameHeader();
      const isSound =
        typeof decodeSegmentHeader(bytes) !== "string" &&
        decodeFrameHeader(bytes, at, seed, header) &&
        checkFrameBody(bytes, at, header);
      expect(isSound, `bit ${bit}`).toBe(false);
    }
  });

  test("any bit turned over in a snapshot is found", () => {
    const sound = fixture("snapshot");
    const seed = fileSeed(STORE_ID, 41);
    const at = SNAPSHOT_HEADER_BYTES;
    const length = peekBlock(sound, at)!.length;
    for (let bit = 0; bit < sound.length * 8; bit += 1) {
      const bytes = Buffer.from(sound);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      const isSound =
        typeof decodeSnapshotHeader(bytes) !== "string" &&
        peekBlock(bytes, at)?.length === length &&
        checkBlock(bytes, at, length, seed, 0) &&
        decodeSnapshotFooter(bytes, at + BLOCK_HEADER_BYTES + length, seed) !== null;
      expect(isSound, `bit ${bit}`).toBe(false);
    }
  });

  test("a frame passes at its own place alone", () => {
    const bytes = fixture("segment");
    const at = SEGMENT_HEADER_BYTES;
    const header = createFrameHeader();
    const otherStore = Buffer.alloc(16, 1);
    const wrong = [
      placeSeed(fileSeed(STORE_ID, BIG_SEQ), at + 8),
      placeSeed(fileSeed(STORE_ID, BIG_SEQ - 1), at),
      placeSeed(fileSeed(otherStore, BIG_SEQ), at),
    ];
    for (const seed of wrong) expect(decodeFrameHeader(bytes, at, seed, header)).toBe(false);
  });
});
