/**
 * The records of one group commit, as bytes: the unit that is on disk as a whole or not at all.
 *
 *   Frame  := Header | records[length] | zero padding to a multiple of 8
 *   Header := magic:u32 | headerCrc:u32 | bodyCrc:u32 | length:u32 | count:u32 | zero:u32
 *             | firstSeq:u64 | epoch:u64 | durableSeq:u64 | timestampMs:u64
 *             | prevHash[16]                                                    little-endian
 *
 * `headerCrc` covers the header after itself, and starts from the seed of this place (see place.ts);
 * `bodyCrc` covers records and padding, and is itself covered by `headerCrc`. Two checksums, because
 * after a crash the two questions differ: a header that is whole proves its claims (its length, and
 * which seqs were durable when it was written) even when its records are torn. It also makes a search
 * for frames cheap: a header decides, however long the frame says it is, so bytes that imitate frames
 * cannot make recovery slow.
 *
 * `durableSeq` is the highest seq that was known durable when the frame was written, always below
 * `firstSeq`. It is what tells damage from a torn tail: a frame that a later one calls durable was
 * acknowledged, and its loss must not pass in silence. A frame of no records is legal and makes just
 * that claim, for the frame before it.
 *
 * `epoch` and `prevHash` are zero for now: room for a fenced writer and for a chain of hashes.
 */
import { crc32 } from "node:zlib";
import { assert } from "../base/assert.ts";
import { alignUp8, getU32, getU64, putU32, putU64 } from "./bytes.ts";
import { RECORD_BYTES_MIN } from "./record.ts";

const MAGIC_AT = 0;
const HEADER_CRC_AT = MAGIC_AT + 4;
const BODY_CRC_AT = HEADER_CRC_AT + 4;
const LENGTH_AT = BODY_CRC_AT + 4;
const COUNT_AT = LENGTH_AT + 4;
const ZERO_AT = COUNT_AT + 4;
const FIRST_SEQ_AT = ZERO_AT + 4;
const EPOCH_AT = FIRST_SEQ_AT + 8;
const DURABLE_SEQ_AT = EPOCH_AT + 8;
const TIMESTAMP_AT = DURABLE_SEQ_AT + 8;
const PREV_HASH_AT = TIMESTAMP_AT + 8;
const PREV_HASH_BYTES = 16;

/** "PKVF" in the order of the file's bytes. */
export const FRAME_MAGIC = 0x46564b50;
export const FRAME_HEADER_BYTES = PREV_HASH_AT + PREV_HASH_BYTES;
/** Frames start at multiples of this in their segment. */
export const FRAME_ALIGNMENT_BYTES = 8;
export const FRAME_LENGTH_MAX = 0xffff_ff00;

export interface FrameHeader {
  /** Bytes of records, without padding. */
  length: number;
  count: number;
  firstSeq: number;
  epoch: number;
  durableSeq: number;
  timestampMs: number;
}

export function createFrameHeader(): FrameHeader {
  return { length: 0, count: 0, firstSeq: 0, epoch: 0, durableSeq: 0, timestampMs: 0 };
}

/** Bytes of a whole frame with `length` bytes of records. */
export function frameBytes(length: number): number {
  return alignUp8(FRAME_HEADER_BYTES + length);
}

/**
 * Completes the frame that starts at `at`, whose records stand already after the room for its header:
 * writes padding, header and checksums, and returns where the frame ends.
 *
 * @param seed from `placeSeed(fileSeed(storeId, segment's first seq), frame's offset in the segment)`
 */
export function encodeFrame(
  target: Uint8Array,
  at: number,
  header: Readonly<FrameHeader>,
  seed: number,
): number {
  assert(header.length <= FRAME_LENGTH_MAX, "frame too long");
  assert(header.durableSeq < header.firstSeq, "a frame cannot call itself durable");
  const bodyAt = at + FRAME_HEADER_BYTES;
  const end = at + frameBytes(header.length);
  target.fill(0, bodyAt + header.length, end);
  putU32(target, at + MAGIC_AT, FRAME_MAGIC);
  putU32(target, at + BODY_CRC_AT, crc32(target.subarray(bodyAt, end)));
  putU32(target, at + LENGTH_AT, header.length);
  putU32(target, at + COUNT_AT, header.count);
  putU32(target, at + ZERO_AT, 0);
  putU64(target, at + FIRST_SEQ_AT, header.firstSeq);
  putU64(target, at + EPOCH_AT, header.epoch);
  putU64(target, at + DURABLE_SEQ_AT, header.durableSeq);
  putU64(target, at + TIMESTAMP_AT, header.timestampMs);
  target.fill(0, at + PREV_HASH_AT, bodyAt);
  putU32(target, at + HEADER_CRC_AT, headerCrc(target, at, seed));
  return end;
}

/**
 * Fills `header` from the bytes at `at`, of which there must be FRAME_HEADER_BYTES. False when they
 * are not the header of a frame of this place, whole, with numbers that can be true.
 */
export function decodeFrameHeader(
  source: Uint8Array,
  at: number,
  seed: number,
  header: FrameHeader,
): boolean {
  if (getU32(source, at + MAGIC_AT) !== FRAME_MAGIC) return false;
  if (getU32(source, at + HEADER_CRC_AT) !== headerCrc(source, at, seed)) return false;
  header.length = getU32(source, at + LENGTH_AT);
  header.count = getU32(source, at + COUNT_AT);
  header.firstSeq = getU64(source, at + FIRST_SEQ_AT);
  header.epoch = getU64(source, at + EPOCH_AT);
  header.durableSeq = getU64(source, at + DURABLE_SEQ_AT);
  header.timestampMs = getU64(source, at + TIMESTAMP_AT);
  return isPlausible(header);
}

/** Whether the records and padding of the frame at `at`, all in `source`, are what was written. */
export function checkFrameBody(
  source: Uint8Array,
  at: number,
  header: Readonly<FrameHeader>,
): boolean {
  const body = source.subarray(at + FRAME_HEADER_BYTES, at + frameBytes(header.length));
  return getU32(source, at + BODY_CRC_AT) === crc32(body);
}

function headerCrc(source: Uint8Array, at: number, seed: number): number {
  return crc32(source.subarray(at + BODY_CRC_AT, at + FRAME_HEADER_BYTES), seed);
}

function isPlausible(header: FrameHeader): boolean {
  return (
    header.length <= FRAME_LENGTH_MAX &&
    header.count * RECORD_BYTES_MIN <= header.length &&
    (header.count > 0 || header.length === 0) &&
    Number.isSafeInteger(header.firstSeq + header.count) &&
    Number.isSafeInteger(header.epoch) &&
    Number.isSafeInteger(header.timestampMs) &&
    header.durableSeq < header.firstSeq
  );
}
