/**
 * Reading a log that somebody else may be writing, from a seq on and then as it grows.
 *
 * It takes no lock and asks the writer nothing, so it has to be right beside a writer that appends,
 * rolls to new segments and removes old ones:
 *
 * - Only frames that are whole, by their checksums, are handed out. One that is being written fails
 *   them, and is met again, whole, by the next call.
 * - A segment is finished when another one follows it. That is seen by listing, which may happen
 *   before the last frames were written; so a segment is read once more after its follower was seen,
 *   and left only when that brings nothing.
 * - Compaction removes segments from the oldest on. One that is open stays readable; when the one that
 *   comes next is gone, reading goes on with the oldest there is, and the records between are
 *   reported: they are in a snapshot by then.
 *
 * Damage in a log that nobody mends is passed over as in log-scan.ts. What stands behind the last
 * whole frame of the last segment is no damage here: it may be a frame on its way.
 */
import type { Disk } from "../disk/disk.ts";
import { fileSeed } from "../format/place.ts";
import { SEGMENT_HEADER_BYTES, segmentName } from "../format/segment.ts";
import { FrameWalker } from "./frame-walk.ts";
import type { LogDamage } from "./log-scan.ts";
import { READ_PIECE_BYTES, listSegments, readSegmentHeader, type OnFrame } from "./reader.ts";
import { SegmentSource } from "./segment-source.ts";

export interface FollowOptions {
  readonly disk: Disk;
  /** The first seq that is wanted; the first frame may begin before it. */
  readonly fromSeq: number;
  readonly onFrame: OnFrame;
  readonly onDamage: (damage: LogDamage) => void;
  /** The records from one seq to another are no longer in the log. */
  readonly onMissing: (fromSeq: number, toSeq: number) => void;
  /** How much is read at once; default READ_PIECE_BYTES. */
  readonly pieceBytes?: number | undefined;
}

interface Position {
  readonly firstSeq: number;
  /** Where the next frame begins; 0 before the header was read. */
  offset: number;
}

export class LogFollower {
  readonly #options: FollowOptions;
  #storeId: Uint8Array | null = null;
  #position: Position | null = null;
  #nextSeq: number;
  #pieceBytes: number;
  /** Where damage was seen that may have been a frame on its way; -1 for nowhere. */
  #suspectAt = -1;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#nextSeq = options.fromSeq;
    this.#pieceBytes = options.pieceBytes ?? READ_PIECE_BYTES;
  }

  /** Whether there is a log at all. */
  async exists(): Promise<boolean> {
    return (await listSegments(this.#options.disk)).length > 0;
  }

  /** For calls that will find little: less memory, and less to read again. */
  readSmaller(pieceBytes: number): void {
    this.#pieceBytes = pieceBytes;
  }

  /**
   * Hands out every frame that is whole by now and was not handed out yet. Rejects with what the disk
   * rejects with, or with what `onFrame` does.
   */
  async advance(): Promise<void> {
    for (;;) {
      if (this.#position === null && !(await this.#begin())) return;
      const position = this.#position!;
      const suspectAt = this.#suspectAt;
      await this.#read(position, null);
      if (this.#suspectAt !== suspectAt) continue;
      const next = (await listSegments(this.#options.disk)).find((seq) => seq > position.firstSeq);
      if (next === undefined) return;
      await this.#read(position, next);
      this.#moveTo(next);
    }
  }

  /** Chooses the segment to start with; false when there is none. */
  async #begin(): Promise<boolean> {
    const firstSeqs = await listSegments(this.#options.disk);
    const start = firstSeqs.findLast((seq) => seq <= this.#nextSeq) ?? firstSeqs[0];
    if (start === undefined) return false;
    if (start > this.#nextSeq) this.#options.onMissing(this.#nextSeq, start - 1);
    this.#nextSeq = start;
    this.#position = { firstSeq: start, offset: 0 };
    return true;
  }

  #moveTo(firstSeq: number): void {
    this.#suspectAt = -1;
    if (firstSeq > this.#nextSeq) this.#options.onMissing(this.#nextSeq, firstSeq - 1);
    this.#nextSeq = Math.max(this.#nextSeq, firstSeq);
    this.#position = { firstSeq, offset: 0 };
  }

  /** Hands out frames from the position on; with `nextFirstSeq`, the segment is finished. */
  async #read(position: Position, nextFirstSeq: number | null): Promise<void> {
    const { disk, onDamage } = this.#options;
    const name = segmentName(position.firstSeq);
    let source: SegmentSource;
    try {
      source = await SegmentSource.open(disk, name, this.#pieceBytes);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
      throw error;
    }
    try {
      const fault = await this.#readHeader(source, position);
      if (fault === null) await this.#readFrames(source, position, nextFirstSeq !== null);
      else if (nextFirstSeq !== null) {
        onDamage({ file: name, offset: 0, bytes: source.size, why: fault });
      }
    } finally {
      await source.close();
    }
  }

  /** Null when the header is sound, or was before. */
  async #readHeader(source: SegmentSource, position: Position): Promise<string | null> {
    if (position.offset > 0) return null;
    const header = await readSegmentHeader(source, position.firstSeq);
    if (typeof header === "string") return header;
    this.#storeId ??= header.storeId;
    if (Buffer.compare(header.storeId, this.#storeId) !== 0) {
      return "the segment belongs to another store";
    }
    position.offset = SEGMENT_HEADER_BYTES;
    return null;
  }

  async #readFrames(source: SegmentSource, position: Position, isFinished: boolean): Promise<void> {
    const walker = new FrameWalker(source, fileSeed(this.#storeId!, position.firstSeq));
    const { frame } = walker;
    for (;;) {
      const taken = walker.take(position.offset);
      const isFrame = taken === "load" ? await walker.read(position.offset) : taken;
      if (!isFrame) {
        if (!(await this.#passDamage(walker, position, isFinished))) return;
        continue;
      }
      const { fromSeq, onFrame, onMissing } = this.#options;
      if (frame.firstSeq > this.#nextSeq) onMissing(this.#nextSeq, frame.firstSeq - 1);
      const isNew = frame.count > 0 && frame.firstSeq + frame.count > fromSeq;
      if (isNew) await onFrame(frame);
      this.#nextSeq = Math.max(this.#nextSeq, frame.firstSeq + frame.count);
      position.offset += frame.bytes;
    }
  }

  /** Goes on with the next whole frame, if one is behind what is none; false when there is none. */
  async #passDamage(
    walker: FrameWalker,
    position: Position,
    isFinished: boolean,
  ): Promise<boolean> {
    const { file } = walker.frame;
    const { offset } = position;
    // Room that was reserved, and nothing was written yet: most calls end here.
    if (!isFinished && (await walker.isZero(offset))) return false;
    let found = await walker.find(offset + 1);
    while (found !== null && !found.isWhole) found = await walker.find(found.offset + found.bytes);
    // Pieces are read one after the other: the first may be older than what it lacks.
    if (!isFinished && this.#suspectAt !== offset) {
      if (found !== null) this.#suspectAt = offset;
      return false;
    }
    const end = found?.offset ?? (isFinished ? await walker.contentEnd(offset) : offset);
    if (end > offset) {
      const why = "no whole frame is here";
      this.#options.onDamage({ file, offset, bytes: end - offset, why });
    }
    position.offset = end;
    return found !== null;
  }
}
