/**
 * Reading a log from a seq on, and judging how it ends.
 *
 * Segments are read in order; their headers, the checksums of all frames and the unbroken run of seqs
 * are verified. Where the frames stop, the question is whether a crash explains it. A crash can tear
 * only what was being written, so:
 *
 * - In a segment that others follow, frames may be followed by zeros (room that was reserved) or by
 *   nothing, and the next segment must go on with the next seq. All else is corruption.
 * - In the last segment, zeros or nothing after the last frame are a clean end.
 * - Anything else there is a torn tail, unless something proves that the next seq had been durable:
 *   a genuine frame header further back that says so, or the caller (`knownDurableSeq`, from a
 *   snapshot). What was durable was acknowledged, so then it is corruption. Whole frames further back
 *   prove nothing by themselves: before a sync the kernel writes pages in any order.
 * - A bad stretch before a whole frame that goes on with the very next seq held no record: it was an
 *   empty frame, a marker. Nothing is lost, and reading goes on behind it.
 * - A last segment with a bad header is torn when all behind the header is zeros: the header is
 *   synced before the first frame, so no record was there.
 *
 * Limit, and it is one of every log: damage to the very last frame looks like a torn one, until a
 * second later a marker, or the next frame, calls it durable.
 */
import type { Disk } from "../disk/disk.ts";
import { fileSeed } from "../format/place.ts";
import {
  SEGMENT_HEADER_BYTES,
  decodeSegmentHeader,
  parseSegmentName,
  segmentName,
} from "../format/segment.ts";
import type { SegmentHeader } from "../format/segment.ts";
import { FrameWalker } from "./frame-walk.ts";
import type { LogFrame } from "./frame-walk.ts";
import type { SegmentInfo } from "./log-options.ts";
import { SegmentSource } from "./segment-source.ts";

export const READ_PIECE_BYTES = 4 * 1024 * 1024;

const ADVICE =
  "Run `pykv verify` on the data directory to see all damage, restore a backup if there is one, " +
  "or run `pykv salvage` to copy every intact record into a new directory.";

export interface ReadLogOptions {
  readonly disk: Disk;
  /** The store's id; null takes that of the first segment. */
  readonly storeId: Uint8Array | null;
  /** The first seq that is wanted: one more than a snapshot covers. */
  readonly fromSeq: number;
  /** A seq that is known to have been durable (a snapshot's endSeq); 0 for none. */
  readonly knownDurableSeq: number;
  /** Default READ_PIECE_BYTES. */
  readonly pieceBytes?: number | undefined;
}

/** Called for every whole frame, in order; a promise holds the reading up. */
export type OnFrame = (frame: LogFrame) => void | Promise<void>;

export type LogEnd =
  | { readonly kind: "clean" }
  /** From `offset` on, `bytes` long, is what a crash left; offset 0 is the whole segment. */
  | {
      readonly kind: "torn";
      readonly file: string;
      readonly offset: number;
      readonly bytes: number;
    }
  | {
      readonly kind: "corrupt";
      readonly file: string;
      readonly offset: number;
      readonly why: string;
      readonly advice: string;
    };

export interface LogReading {
  readonly end: LogEnd;
  /** The last seq that was read, or `fromSeq - 1`: the next record's seq is one more. */
  readonly lastSeq: number;
  /** All segments that stay once `settleTail` is done, oldest first: pass them to `Log.open`. */
  readonly segments: readonly SegmentInfo[];
  readonly frames: number;
  /** Records in frames that were handed out, some of which may lie before `fromSeq`. */
  readonly records: number;
  readonly bytes: number;
  /** Bytes of damaged empty frames that were passed over: nothing was lost with them. */
  readonly skippedBytes: number;
}

/**
 * Reads all frames that hold seqs from `fromSeq` on; the first may begin before it. Rejects only with
 * what the disk rejects with; what is wrong with the data is in `end`.
 */
export function readLog(options: ReadLogOptions, onFrame: OnFrame): Promise<LogReading> {
  return new LogReader(options, onFrame).read();
}

/** First seqs of the segments in a directory, in order. */
export async function listSegments(disk: Disk): Promise<number[]> {
  const seqs: number[] = [];
  for (const name of await disk.list()) {
    const seq = parseSegmentName(name);
    if (seq !== null) seqs.push(seq);
  }
  return seqs.sort((a, b) => a - b);
}

/** The header of a segment, or in words what is wrong with it. */
export async function readSegmentHeader(
  source: SegmentSource,
  firstSeq: number,
): Promise<SegmentHeader | string> {
  if (!(await source.load(0, SEGMENT_HEADER_BYTES))) return "the segment header is cut short";
  const index = source.indexOf(0);
  const header = decodeSegmentHeader(source.buffer.subarray(index, index + SEGMENT_HEADER_BYTES));
  if (typeof header === "string" || header.firstSeq === firstSeq) return header;
  return `the segment's header says that it starts at seq ${header.firstSeq}`;
}

class LogReader {
  readonly #options: ReadLogOptions;
  readonly #onFrame: OnFrame;
  #storeId: Uint8Array | null;
  #nextSeq: number;
  #segments: SegmentInfo[] = [];
  #frames = 0;
  #records = 0;
  #bytes = 0;
  #skippedBytes = 0;

  constructor(options: ReadLogOptions, onFrame: OnFrame) {
    this.#options = options;
    this.#onFrame = onFrame;
    this.#storeId = options.storeId;
    this.#nextSeq = options.fromSeq;
  }

  async read(): Promise<LogReading> {
    const end = await this.#readSegments();
    return {
      end,
      lastSeq: Math.max(this.#nextSeq, this.#options.fromSeq) - 1,
      segments: this.#segments,
      frames: this.#frames,
      records: this.#records,
      bytes: this.#bytes,
      skippedBytes: this.#skippedBytes,
    };
  }

  async #readSegments(): Promise<LogEnd> {
    const { disk, fromSeq } = this.#options;
    const firstSeqs = await listSegments(disk);
    const start = firstSeqs.findLastIndex((seq) => seq <= fromSeq);
    const first = firstSeqs[0];
    if (start < 0 && first !== undefined)
      return corrupt(segmentName(first), 0, gap(fromSeq, first));
    for (let i = 0; i < start; i += 1) await this.#noteOlder(firstSeqs[i]!, firstSeqs[i + 1]!);
    if (start >= 0) this.#nextSeq = firstSeqs[start]!;
    for (let i = Math.max(start, 0); i < firstSeqs.length; i += 1) {
      const end = await this.#readSegment(firstSeqs[i]!, firstSeqs[i + 1] ?? null);
      if (end !== null) return end;
    }
    return this.#cleanEnd(segmentName(firstSeqs.at(-1) ?? fromSeq), 0);
  }

  async #noteOlder(firstSeq: number, nextFirstSeq: number): Promise<void> {
    const name = segmentName(firstSeq);
    const file = await this.#options.disk.open(name, "read");
    const bytes = await file.size().finally(() => file.close());
    this.#segments.push({ name, firstSeq, lastSeq: nextFirstSeq - 1, bytes });
  }

  /** Null when the segment is sound and reading goes on, or comes to the clean end after it. */
  async #readSegment(firstSeq: number, nextFirstSeq: number | null): Promise<LogEnd | null> {
    const name = segmentName(firstSeq);
    if (firstSeq !== this.#nextSeq) return corrupt(name, 0, gap(this.#nextSeq, firstSeq));
    const pieceBytes = this.#options.pieceBytes ?? READ_PIECE_BYTES;
    const source = await SegmentSource.open(this.#options.disk, name, pieceBytes);
    try {
      const header = await readSegmentHeader(source, firstSeq);
      if (typeof header === "string") return await this.#badHeader(source, header, nextFirstSeq);
      this.#storeId ??= header.storeId;
      if (Buffer.compare(header.storeId, this.#storeId) !== 0) {
        return corrupt(name, 0, "the segment belongs to another store");
      }
      const walker = new FrameWalker(source, fileSeed(this.#storeId, firstSeq));
      return await this.#readFrames(source, walker, firstSeq, nextFirstSeq);
    } finally {
      await source.close();
    }
  }

  async #readFrames(
    source: SegmentSource,
    walker: FrameWalker,
    firstSeq: number,
    nextFirstSeq: number | null,
  ): Promise<LogEnd | null> {
    let at = SEGMENT_HEADER_BYTES;
    let end: LogEnd | null | number = null;
    do {
      at = await this.#readRun(walker, typeof end === "number" ? end : at);
      end = await this.#judge(source, walker, at, nextFirstSeq);
    } while (typeof end === "number");
    const lastSeq = this.#nextSeq - 1;
    if (end?.kind !== "corrupt") {
      this.#segments.push({ name: source.name, firstSeq, lastSeq, bytes: at });
    }
    this.#bytes += at;
    return end;
  }

  /** Hands out frames from `at` on and returns where they stop. */
  async #readRun(walker: FrameWalker, from: number): Promise<number> {
    const { frame } = walker;
    const { fromSeq } = this.#options;
    for (let at = from; ; at += frame.bytes) {
      const taken = walker.take(at);
      const isFrame = taken === "load" ? await walker.read(at) : taken;
      if (!isFrame || frame.firstSeq !== this.#nextSeq) return at;
      this.#nextSeq += frame.count;
      if (this.#nextSeq <= fromSeq || frame.count === 0) continue;
      this.#frames += 1;
      this.#records += frame.count;
      const applied = this.#onFrame(frame);
      if (applied !== undefined) await applied;
    }
  }

  /** What the bytes at `at`, which are not the next frame, mean; a number is where to go on. */
  async #judge(
    source: SegmentSource,
    walker: FrameWalker,
    at: number,
    nextFirstSeq: number | null,
  ): Promise<LogEnd | null | number> {
    const { name } = source;
    const contentEnd = await walker.contentEnd(at);
    if (contentEnd === at) return nextFirstSeq === null ? this.#cleanEnd(name, at) : null;
    if (await walker.read(at)) {
      return corrupt(
        name,
        at,
        `a frame of seq ${walker.frame.firstSeq} stands where seq ` + `${this.#nextSeq} should be`,
      );
    }
    const first = await walker.find(at + 1);
    if (first?.isWhole === true && first.firstSeq === this.#nextSeq) {
      this.#skippedBytes += first.offset - at;
      return first.offset;
    }
    // Before a segment that goes on with the next seq, only an empty frame can be damaged.
    if (nextFirstSeq === this.#nextSeq) return this.#skip(contentEnd - at);
    const durableSeq = Math.max(
      this.#options.knownDurableSeq,
      (nextFirstSeq ?? 0) - 1,
      await highestClaim(walker, at + 1),
    );
    if (durableSeq < this.#nextSeq && nextFirstSeq === null) {
      return { kind: "torn", file: name, offset: at, bytes: contentEnd - at };
    }
    return corrupt(
      name,
      at,
      `the frame of seq ${this.#nextSeq} is damaged, and up to seq ` +
        `${durableSeq} all was durable`,
    );
  }

  #skip(bytes: number): null {
    this.#skippedBytes += bytes;
    return null;
  }

  async #badHeader(
    source: SegmentSource,
    why: string,
    nextFirstSeq: number | null,
  ): Promise<LogEnd> {
    const { name, size } = source;
    const isDurable = this.#options.knownDurableSeq >= this.#nextSeq;
    if (nextFirstSeq !== null || isDurable) return corrupt(name, 0, why);
    const walker = new FrameWalker(source, 0);
    const bodyAt = Math.min(SEGMENT_HEADER_BYTES, size);
    if ((await walker.contentEnd(bodyAt)) > bodyAt) return corrupt(name, 0, why);
    return { kind: "torn", file: name, offset: 0, bytes: bodyAt };
  }

  #cleanEnd(file: string, offset: number): LogEnd {
    const durableSeq = Math.max(this.#options.knownDurableSeq, this.#options.fromSeq - 1);
    if (this.#nextSeq > durableSeq) return { kind: "clean" };
    return corrupt(
      file,
      offset,
      `the log ends before seq ${this.#nextSeq}, and up to seq ` + `${durableSeq} all was durable`,
    );
  }
}

/** The highest seq that a genuine frame header at or after `from` calls durable. */
async function highestClaim(walker: FrameWalker, from: number): Promise<number> {
  let highest = 0;
  for (let found = await walker.find(from); found !== null;) {
    highest = Math.max(highest, found.durableSeq);
    found = await walker.find(found.offset + found.bytes);
  }
  return highest;
}

function gap(fromSeq: number, nextSeq: number): string {
  if (nextSeq < fromSeq) return `the segment starts at seq ${nextSeq}, ${fromSeq} was expected`;
  return `the records from seq ${fromSeq} to ${nextSeq - 1} are missing before this segment`;
}

function corrupt(file: string, offset: number, why: string): LogEnd {
  return { kind: "corrupt", file, offset, why, advice: ADVICE };
}
