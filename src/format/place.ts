/**
 * Checksums that know where they stand.
 *
 * A plain checksum says that some bytes are a whole frame; it does not say that they belong here. A
 * user may store the image of a frame as a value, a file may be copied over another, a block may be
 * written to the wrong place: all of these carry a checksum that fits. So the checksum of every
 * frame, block and footer starts not from zero but from the checksum of the store's random id and of
 * the place (which file, which offset or index). CRC-32 is a bijection of its start value for given
 * bytes, and differs for any two places of one file below 4 GiB, so there the same bytes never pass
 * twice; further apart, and between files and stores, they pass once in 2^32.
 */
import { crc32 } from "node:zlib";
import { assert } from "../base/assert.ts";
import { putU64 } from "./bytes.ts";

export const STORE_ID_BYTES = 16;

const scratch = new Uint8Array(8);

/** The seed of one file: of the store, and of the seq in the file's name. */
export function fileSeed(storeId: Uint8Array, seq: number): number {
  assert(storeId.length === STORE_ID_BYTES, "a store id has 16 bytes");
  putU64(scratch, 0, seq);
  return crc32(scratch, crc32(storeId));
}

/** The seed of one place in the file with that seed: a byte offset, or a block's index. */
export function placeSeed(seedOfFile: number, place: number): number {
  putU64(scratch, 0, place);
  return crc32(scratch, seedOfFile);
}
