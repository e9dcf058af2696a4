/**
 * The segment that is written to, and the room reserved in it.
 *
 * Room is reserved by writing zeros ahead of the frames. A full disk then shows while reserving, when
 * nothing depends on it yet, and not while committing what memory already has; and fdatasync into
 * blocks that exist costs two thirds of one that must grow the file as well.
 *
 * A new segment is made under a temporary name, since its first seq is not known before the switch.
 * It gets its header and its name only when the one before it is sealed: whole, cut to its length and
 * synced. So of all segments under their final names only the last can be torn by a crash, and the
 * last has been synced with its header before it holds a frame.
 */
import type { Disk, DiskFile } from "../disk/disk.ts";
import { FRAME_HEADER_BYTES, frameBytes } from "../format/frame.ts";
import { fileSeed } from "../format/place.ts";
import { SEGMENT_HEADER_BYTES, encodeSegmentHeader, segmentName } from "../format/segment.ts";
import type { SegmentHeader } from "../format/segment.ts";

/** The name of a segment that is being made; a leftover is removed at the next start. */
const SEGMENT_TEMPORARY_NAME = "log-next.tmp";

const ZEROS = Buffer.alloc(256 * 1024);

export class SegmentFile {
  name = SEGMENT_TEMPORARY_NAME;
  firstSeq = 0;
  /** `fileSeed` for the checksums of this segment's frames. */
  seed = 0;
  /** Where the next frame goes, in bytes from the start of the file. */
  at = SEGMENT_HEADER_BYTES;
  /** Up to here the file is written with frames or zeros. */
  reservedTo = 0;
  readonly file: DiskFile;
  readonly #disk: Disk;
  #extending: Promise<void> | null = null;

  private constructor(disk: Disk, file: DiskFile) {
    this.#disk = disk;
    this.file = file;
  }

  /** Makes a file with `reserveBytes` of room; syncs it but not its name. Leaves nothing on failure. */
  static async prepare(disk: Disk, reserveBytes: number): Promise<SegmentFile> {
    const names = await disk.list();
    if (names.includes(SEGMENT_TEMPORARY_NAME)) await disk.remove(SEGMENT_TEMPORARY_NAME);
    const segment = new SegmentFile(disk, await disk.create(SEGMENT_TEMPORARY_NAME));
    try {
      await segment.#writeZeros(SEGMENT_HEADER_BYTES + reserveBytes);
      await segment.file.sync();
    } catch (error) {
      await segment.discard();
      throw error;
    }
    return segment;
  }

  /** Gives the prepared file its header and its name, both durable when this resolves. */
  async begin(header: SegmentHeader): Promise<void> {
    const name = segmentName(header.firstSeq);
    await this.file.write(encodeSegmentHeader(header), 0);
    await this.file.sync();
    await this.#disk.rename(this.name, name);
    await this.#disk.syncDirectory();
    this.name = name;
    this.firstSeq = header.firstSeq;
    this.seed = fileSeed(header.storeId, header.firstSeq);
  }

  /** Whether a frame with `length` bytes of records fits in the reserve, and a marker after it. */
  fits(length: number): boolean {
    return this.at + frameBytes(length) + FRAME_HEADER_BYTES <= this.reservedTo;
  }

  get extending(): boolean {
    return this.#extending !== null;
  }

  /** Reserves up to `toBytes`; what was reserved before a failure stays reserved. */
  extend(toBytes: number): Promise<void> {
    this.#extending ??= this.#writeZeros(toBytes).finally(() => {
      this.#extending = null;
    });
    return this.#extending;
  }

  /** Cuts the file to its frames, all durable when this resolves, and closes it. */
  async seal(): Promise<void> {
    await this.quiet();
    await this.file.truncate(this.at);
    await this.file.sync();
    await this.file.close();
  }

  /** Removes a file that was only prepared; errors are of no matter. */
  async discard(): Promise<void> {
    await this.quiet();
    await this.file.close().catch(() => undefined);
    await this.#disk.remove(this.name).catch(() => undefined);
  }

  /** Resolves when no extension is under way; whether it failed is told to who asked for it. */
  async quiet(): Promise<void> {
    await this.#extending?.catch(() => undefined);
  }

  async #writeZeros(toBytes: number): Promise<void> {
    while (this.reservedTo < toBytes) {
      const bytes = Math.min(ZEROS.length, toBytes - this.reservedTo);
      await this.file.write(ZEROS.subarray(0, bytes), this.reservedTo);
      this.reservedTo += bytes;
    }
  }
}
