/**
 * The header and the name of a segment, one file of the log.
 *
 *   Segment := Header | Frame* | zeros
 *   Header  := magic[8] "PYKVLOG\0" | version:u32 | zero:u32 | storeId[16] | firstSeq:u64 | epoch:u64
 *              | createdMs:u64 | zero:u32 | crc:u32                             little-endian
 *
 * `crc` covers all before it. The name carries the first seq in 16 decimal digits (enough for 2^53),
 * so that names sort as seqs do, and the header repeats it, so that a renamed file is noticed. The
 * zeros at the end are room reserved ahead; a segment that is no longer written has none.
 */
import { crc32 } from "node:zlib";
import { assert } from "../base/assert.ts";
import { getU32, getU64, putU32, putU64 } from "./bytes.ts";
import { STORE_ID_BYTES } from "./place.ts";

const MAGIC = Buffer.from("PYKVLOG\0", "latin1");
const VERSION_AT = MAGIC.length;
const ZERO_AT = VERSION_AT + 4;
const STORE_ID_AT = ZERO_AT + 4;
const FIRST_SEQ_AT = STORE_ID_AT + STORE_ID_BYTES;
const EPOCH_AT = FIRST_SEQ_AT + 8;
const CREATED_AT = EPOCH_AT + 8;
const ZERO_2_AT = CREATED_AT + 8;
const CRC_AT = ZERO_2_AT + 4;

const SEGMENT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = CRC_AT + 4;

const NAME = /^log-(\d{16})\.pykv$/;

export interface SegmentHeader {
  readonly storeId: Uint8Array;
  readonly firstSeq: number;
  readonly epoch: number;
  readonly createdMs: number;
}

export function segmentName(firstSeq: number): string {
  return `log-${String(firstSeq).padStart(16, "0")}.pykv`;
}

/** The first seq that a segment's name tells; null for any other name. */
export function parseSegmentName(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  assert(header.storeId.length === STORE_ID_BYTES, "a store id has 16 bytes");
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.set(MAGIC, 0);
  putU32(bytes, VERSION_AT, SEGMENT_VERSION);
  bytes.set(header.storeId, STORE_ID_AT);
  putU64(bytes, FIRST_SEQ_AT, header.firstSeq);
  putU64(bytes, EPOCH_AT, header.epoch);
  putU64(bytes, CREATED_AT, header.createdMs);
  putU32(bytes, CRC_AT, crc32(bytes.subarray(0, CRC_AT)));
  return bytes;
}

/** The header at the start of `bytes`, or in words why there is none. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return "the segment header is cut short";
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return "the file is not a segment";
  if (getU32(bytes, CRC_AT) !== crc32(bytes.subarray(0, CRC_AT))) {
    return "the segment header fails its checksum";
  }
  const version = getU32(bytes, VERSION_AT);
  if (version !== SEGMENT_VERSION) {
    return `the segment has format version ${version}, this program reads ${SEGMENT_VERSION}`;
  }
  return {
    storeId: Buffer.from(bytes.subarray(STORE_ID_AT, STORE_ID_AT + STORE_ID_BYTES)),
    firstSeq: getU64(bytes, FIRST_SEQ_AT),
    epoch: getU64(bytes, EPOCH_AT),
    createdMs: getU64(bytes, CREATED_AT),
  };
}

/** The store id where it stands in a header that may be damaged; it may be damaged too. */
export function storeIdBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(STORE_ID_AT, STORE_ID_AT + STORE_ID_BYTES));
}
