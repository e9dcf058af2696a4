/**
 * A snapshot: the live entries of the table, in blocks.
 *
 *   Snapshot := Header | Block* | Footer
 *   Header   := magic[8] "PYKVSNAP" | version:u32 | zero:u32 | storeId[16] | startSeq:u64 | epoch:u64
 *               | createdMs:u64 | entriesExpected:u64 | zero:u32 | crc:u32
 *   Block    := marker:u32 "PKVB" | crc:u32 | length:u32 | count:u32 | Entry[count]
 *   Footer   := marker:u32 "PKVE" | crc:u32 | blocks:u64 | endSeq:u64 | entries:u64 | bytes:u64
 *                                                                               little-endian
 *
 * The snapshot is fuzzy: entries change while it is written. It covers every seq up to `startSeq`,
 * and is sound once the log is replayed from there to `endSeq` at least. A file that does not end in
 * a valid footer is no snapshot.
 *
 * The header's crc covers all before it. Those of a block and of the footer cover all after
 * themselves, and start from the seed of this store, this startSeq and the block's index (see
 * place.ts), so that blocks that are swapped, doubled or left out are found; the footer counts as the
 * block after the last. `bytes` is the footer's own offset.
 *
 * Entries are in snapshot-entry.ts.
 */
import { crc32 } from "node:zlib";
import { assert } from "../base/assert.ts";
import { getU32, getU64, putU32, putU64 } from "./bytes.ts";
import { STORE_ID_BYTES, placeSeed } from "./place.ts";

const MAGIC = Buffer.from("PYKVSNAP", "latin1");
const VERSION_AT = MAGIC.length;
const ZERO_AT = VERSION_AT + 4;
const STORE_ID_AT = ZERO_AT + 4;
const START_SEQ_AT = STORE_ID_AT + STORE_ID_BYTES;
const EPOCH_AT = START_SEQ_AT + 8;
const CREATED_AT = EPOCH_AT + 8;
const EXPECTED_AT = CREATED_AT + 8;
const ZERO_2_AT = EXPECTED_AT + 8;
const HEADER_CRC_AT = ZERO_2_AT + 4;

const MARKER_AT = 0;
const CRC_AT = MARKER_AT + 4;
const LENGTH_AT = CRC_AT + 4;
const COUNT_AT = LENGTH_AT + 4;

const BLOCKS_AT = CRC_AT + 4;
const END_SEQ_AT = BLOCKS_AT + 8;
const ENTRIES_AT = END_SEQ_AT + 8;
const BYTES_AT = ENTRIES_AT + 8;

const SNAPSHOT_VERSION = 1;
export const SNAPSHOT_HEADER_BYTES = HEADER_CRC_AT + 4;
export const BLOCK_HEADER_BYTES = COUNT_AT + 4;
export const SNAPSHOT_FOOTER_BYTES = BYTES_AT + 8;
/** A block is closed when the next entry would take it past this; one entry may be larger. */
export const BLOCK_BYTES_MAX = 256 * 1024;

/** "PKVB" and "PKVE" in the order of the file's bytes. */
const BLOCK_MARKER = 0x42564b50;
const FOOTER_MARKER = 0x45564b50;
/** How a block begins: for finding one behind damage. */
export const BLOCK_MARKER_BYTES = Buffer.from("PKVB", "latin1");

const NAME = /^snapshot-(\d{16})\.pykv$/;

export interface SnapshotHeader {
  readonly storeId: Uint8Array;
  /** The snapshot covers all seqs up to this one. */
  readonly startSeq: number;
  readonly epoch: number;
  readonly createdMs: number;
  /** Entries in the table at the start: for the progress of a load, not a promise. */
  readonly entriesExpected: number;
}

export interface BlockHeader {
  /** Bytes of entries. */
  readonly length: number;
  readonly count: number;
}

export interface SnapshotFooter {
  readonly blocks: number;
  /** The log must be replayed up to this seq at least; it was durable when the footer was written. */
  readonly endSeq: number;
  readonly entries: number;
  /** Bytes of the file before the footer. */
  readonly bytes: number;
}

export function snapshotName(startSeq: number): string {
  return `snapshot-${String(startSeq).padStart(16, "0")}.pykv`;
}

/** The name while the snapshot is being written; a leftover may be removed at any start. */
export function snapshotTemporaryName(startSeq: number): string {
  return `${snapshotName(startSeq)}.tmp`;
}

/** The start seq that a snapshot's name tells; null for any other name. */
export function parseSnapshotName(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

export function encodeSnapshotHeader(header: SnapshotHeader): Buffer {
  assert(header.storeId.length === STORE_ID_BYTES, "a store id has 16 bytes");
  const bytes = Buffer.alloc(SNAPSHOT_HEADER_BYTES);
  bytes.set(MAGIC, 0);
  putU32(bytes, VERSION_AT, SNAPSHOT_VERSION);
  bytes.set(header.storeId, STORE_ID_AT);
  putU64(bytes, START_SEQ_AT, header.startSeq);
  putU64(bytes, EPOCH_AT, header.epoch);
  putU64(bytes, CREATED_AT, header.createdMs);
  putU64(bytes, EXPECTED_AT, header.entriesExpected);
  putU32(bytes, HEADER_CRC_AT, crc32(bytes.subarray(0, HEADER_CRC_AT)));
  return bytes;
}

/** The header at the start of `bytes`, or in words why there is none. */
export function decodeSnapshotHeader(bytes: Uint8Array): SnapshotHeader | string {
  if (bytes.length < SNAPSHOT_HEADER_BYTES) return "the snapshot header is cut short";
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return "the file is not a snapshot";
  if (getU32(bytes, HEADER_CRC_AT) !== crc32(bytes.subarray(0, HEADER_CRC_AT))) {
    return "the snapshot header fails its checksum";
  }
  const version = getU32(bytes, VERSION_AT);
  if (version !== SNAPSHOT_VERSION) {
    return `the snapshot has format version ${version}, this program reads ${SNAPSHOT_VERSION}`;
  }
  return {
    storeId: Buffer.from(bytes.subarray(STORE_ID_AT, STORE_ID_AT + STORE_ID_BYTES)),
    startSeq: getU64(bytes, START_SEQ_AT),
    epoch: getU64(bytes, EPOCH_AT),
    createdMs: getU64(bytes, CREATED_AT),
    entriesExpected: getU64(bytes, EXPECTED_AT),
  };
}

/**
 * Completes the block that starts at `at`, whose `length` bytes of entries stand already after the
 * room for its header. Returns where the block ends.
 *
 * @param seedOfFile `fileSeed(storeId, startSeq)`
 * @param index of the block in the file, from 0
 */
export function encodeBlock(
  target: Uint8Array,
  at: number,
  length: number,
  count: number,
  seedOfFile: number,
  index: number,
): number {
  const end = at + BLOCK_HEADER_BYTES + length;
  putU32(target, at + MARKER_AT, BLOCK_MARKER);
  putU32(target, at + LENGTH_AT, length);
  putU32(target, at + COUNT_AT, count);
  const covered = target.subarray(at + LENGTH_AT, end);
  putU32(target, at + CRC_AT, crc32(covered, placeSeed(seedOfFile, index)));
  return end;
}

/**
 * What the BLOCK_HEADER_BYTES at `at` say, or null when they are not a block's (then the footer's, or
 * damage). Nothing is verified yet: hold `length` against what is left of the file before reading it.
 */
export function peekBlock(source: Uint8Array, at: number): BlockHeader | null {
  if (source.length - at < BLOCK_HEADER_BYTES) return null;
  if (getU32(source, at + MARKER_AT) !== BLOCK_MARKER) return null;
  return { length: getU32(source, at + LENGTH_AT), count: getU32(source, at + COUNT_AT) };
}

/** Whether the block of `length` bytes of entries at `at` is whole and is the `index`-th here. */
export function checkBlock(
  source: Uint8Array,
  at: number,
  length: number,
  seedOfFile: number,
  index: number,
): boolean {
  const end = at + BLOCK_HEADER_BYTES + length;
  if (end > source.length) return false;
  const covered = source.subarray(at + LENGTH_AT, end);
  return getU32(source, at + CRC_AT) === crc32(covered, placeSeed(seedOfFile, index));
}

export function encodeSnapshotFooter(footer: SnapshotFooter, seedOfFile: number): Buffer {
  const bytes = Buffer.alloc(SNAPSHOT_FOOTER_BYTES);
  putU32(bytes, MARKER_AT, FOOTER_MARKER);
  putU64(bytes, BLOCKS_AT, footer.blocks);
  putU64(bytes, END_SEQ_AT, footer.endSeq);
  putU64(bytes, ENTRIES_AT, footer.entries);
  putU64(bytes, BYTES_AT, footer.bytes);
  putU32(bytes, CRC_AT, footerCrc(bytes, 0, seedOfFile, footer.blocks));
  return bytes;
}

/** The footer at `at`, or null when these bytes are not the whole footer of this snapshot. */
export function decodeSnapshotFooter(
  source: Uint8Array,
  at: number,
  seedOfFile: number,
): SnapshotFooter | null {
  if (source.length - at < SNAPSHOT_FOOTER_BYTES) return null;
  if (getU32(source, at + MARKER_AT) !== FOOTER_MARKER) return null;
  const footer = {
    blocks: getU64(source, at + BLOCKS_AT),
    endSeq: getU64(source, at + END_SEQ_AT),
    entries: getU64(source, at + ENTRIES_AT),
    bytes: getU64(source, at + BYTES_AT),
  };
  const crc = footerCrc(source, at, seedOfFile, footer.blocks);
  return getU32(source, at + CRC_AT) === crc ? footer : null;
}

function footerCrc(source: Uint8Array, at: number, seedOfFile: number, blocks: number): number {
  const covered = source.subarray(at + BLOCKS_AT, at + SNAPSHOT_FOOTER_BYTES);
  return crc32(covered, placeSeed(seedOfFile, blocks));
}
