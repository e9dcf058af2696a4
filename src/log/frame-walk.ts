/**
 * Walking the frames of one segment, and searching for frames behind a place where none is.
 *
 * A search tries every multiple of 8 for the magic number and then for a header whose checksum fits
 * this very place. Such a header is genuine, even when its records are torn, so its length is to be
 * trusted and the search goes on behind it: every byte is looked at once.
 */
import {
  FRAME_ALIGNMENT_BYTES,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  checkFrameBody,
  createFrameHeader,
  decodeFrameHeader,
  frameBytes,
} from "../format/frame.ts";
import { getU32 } from "../format/bytes.ts";
import { placeSeed } from "../format/place.ts";
import type { SegmentSource } from "./segment-source.ts";

/**
 * A whole frame, as it stands in a buffer: one object for all frames of a reading. It and its buffer
 * are good until the call that it was given to returns (or its promise resolves).
 */
export interface LogFrame {
  buffer: Buffer;
  /** Where its records are in `buffer`; each is decoded with `decodeRecord`. */
  recordsAt: number;
  recordsEnd: number;
  /** The seq of its first record; of the next one to come when it holds none. */
  firstSeq: number;
  count: number;
  durableSeq: number;
  timestampMs: number;
  /** The segment, and where in it the frame starts and how long it is. */
  file: string;
  offset: number;
  bytes: number;
}

export interface FoundFrame {
  readonly offset: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly durableSeq: number;
  /** Whether its records are intact as well as its header. */
  readonly isWhole: boolean;
}

const NO_BUFFER = Buffer.alloc(0);

export class FrameWalker {
  readonly frame: LogFrame;
  readonly #source: SegmentSource;
  readonly #seed: number;
  readonly #header = createFrameHeader();

  /** @param seed `fileSeed(storeId, segment's first seq)` */
  constructor(source: SegmentSource, seed: number) {
    this.#source = source;
    this.#seed = seed;
    this.frame = {
      buffer: NO_BUFFER,
      recordsAt: 0,
      recordsEnd: 0,
      firstSeq: 0,
      count: 0,
      durableSeq: 0,
      timestampMs: 0,
      file: source.name,
      offset: 0,
      bytes: 0,
    };
  }

  /** Fills `frame` if the frame at `at` is in memory and whole; "load" when more must be read. */
  take(at: number): boolean | "load" {
    const source = this.#source;
    const header = this.#header;
    if (!source.has(at, FRAME_HEADER_BYTES)) return "load";
    const index = source.indexOf(at);
    if (!decodeFrameHeader(source.buffer, index, placeSeed(this.#seed, at), header)) return false;
    const bytes = frameBytes(header.length);
    if (at + bytes > source.size) return false;
    if (!source.has(at, bytes)) return "load";
    if (!checkFrameBody(source.buffer, index, header)) return false;
    this.#fill(at, index, bytes);
    return true;
  }

  /** The same, reading what is missing. */
  async read(at: number): Promise<boolean> {
    for (let bytes = FRAME_HEADER_BYTES; ; bytes = frameBytes(this.#header.length)) {
      if (!this.#source.has(at, bytes) && !(await this.#source.load(at, bytes))) return false;
      const taken = this.take(at);
      if (taken !== "load") return taken;
    }
  }

  /** The first genuine frame header at or after `from`; null when there is none. */
  async find(from: number): Promise<FoundFrame | null> {
    const source = this.#source;
    let at = Math.ceil(from / FRAME_ALIGNMENT_BYTES) * FRAME_ALIGNMENT_BYTES;
    for (; at + FRAME_HEADER_BYTES <= source.size; at += FRAME_ALIGNMENT_BYTES) {
      const isHere = source.has(at, FRAME_HEADER_BYTES);
      if (!isHere && !(await source.load(at, FRAME_HEADER_BYTES))) return null;
      const index = source.indexOf(at);
      if (getU32(source.buffer, index) !== FRAME_MAGIC) continue;
      const seed = placeSeed(this.#seed, at);
      if (!decodeFrameHeader(source.buffer, index, seed, this.#header)) continue;
      const { firstSeq, durableSeq, length } = this.#header;
      const isWhole = await this.read(at);
      return { offset: at, bytes: frameBytes(length), firstSeq, durableSeq, isWhole };
    }
    return null;
  }

  /** Whether no frame was begun at `at`: there are zeros, or the end of the file. */
  async isZero(at: number): Promise<boolean> {
    const source = this.#source;
    if (!source.has(at, 4) && !(await source.load(at, 4))) return true;
    return getU32(source.buffer, source.indexOf(at)) === 0;
  }

  /** The offset behind the last byte from `from` on that is not zero; `from` when all are. */
  async contentEnd(from: number): Promise<number> {
    const source = this.#source;
    let end = from;
    for (let at = from; at < source.size;) {
      if (source.available(at) === 0) await source.load(at, 1);
      const length = source.available(at);
      if (length === 0) break;
      const index = source.indexOf(at);
      const used = trimmedLength(source.buffer, index, length);
      if (used > 0) end = at + used;
      at += length;
    }
    return end;
  }

  #fill(at: number, index: number, bytes: number): void {
    const { frame } = this;
    const header = this.#header;
    frame.buffer = this.#source.buffer;
    frame.recordsAt = index + FRAME_HEADER_BYTES;
    frame.recordsEnd = frame.recordsAt + header.length;
    frame.firstSeq = header.firstSeq;
    frame.count = header.count;
    frame.durableSeq = header.durableSeq;
    frame.timestampMs = header.timestampMs;
    frame.offset = at;
    frame.bytes = bytes;
  }
}

function trimmedLength(buffer: Buffer, at: number, length: number): number {
  let end = at + length;
  while (end > at && buffer[end - 1] === 0) end -= 1;
  return end - at;
}
