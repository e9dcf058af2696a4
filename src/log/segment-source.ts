/**
 * A file read from front to back in big pieces, the next one on its way while the present one is used.
 *
 * There are two buffers, each with some headroom before the place where pieces are read to. What is
 * left of one piece (the front part of a frame) is copied to the headroom of the next, so that every
 * frame is contiguous in memory. A frame longer than the headroom gets a buffer of its own.
 */
import type { Disk, DiskFile } from "../disk/disk.ts";

const HEADROOM_SHARE = 4;

interface Piece {
  readonly buffer: Buffer;
  /** The file offset of the buffer's first byte: negative when the headroom is larger than that. */
  base: number;
  /** The valid part, as file offsets. */
  start: number;
  end: number;
}

export class SegmentSource {
  readonly name: string;
  /** Size of the file in bytes. */
  readonly size: number;
  readonly #file: DiskFile;
  readonly #pieceBytes: number;
  readonly #headroomBytes: number;
  #current: Piece;
  #spare: Piece;
  #ahead: Promise<void> | null = null;

  private constructor(file: DiskFile, size: number, pieceBytes: number) {
    this.name = file.name;
    this.size = size;
    this.#file = file;
    this.#pieceBytes = Math.min(pieceBytes, size);
    this.#headroomBytes = Math.ceil(this.#pieceBytes / HEADROOM_SHARE);
    this.#current = this.#createPiece();
    this.#spare = this.#createPiece();
  }

  /** @param pieceBytes how much is read at once */
  static async open(disk: Disk, name: string, pieceBytes: number): Promise<SegmentSource> {
    const file = await disk.open(name, "read");
    try {
      return new SegmentSource(file, await file.size(), pieceBytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What holds the bytes for which `has` or `load` said yes; changes with every `load`. */
  get buffer(): Buffer {
    return this.#current.buffer;
  }

  /** Where the byte at file offset `at` is in `buffer`. */
  indexOf(at: number): number {
    return at - this.#current.base;
  }

  has(at: number, bytes: number): boolean {
    return at >= this.#current.start && at + bytes <= this.#current.end;
  }

  /** How many bytes from `at` on are in `buffer`. */
  available(at: number): number {
    return at >= this.#current.start ? Math.max(0, this.#current.end - at) : 0;
  }

  /** Brings `bytes` from `at` into the buffer; false when the file ends before. */
  async load(at: number, bytes: number): Promise<boolean> {
    if (at + bytes > this.size) return false;
    if (bytes > this.#headroomBytes) {
      await this.#loadAlone(at, bytes);
    } else {
      await this.#loadPiece(at);
    }
    return this.has(at, bytes);
  }

  async close(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
    await this.#file.close();
  }

  #createPiece(): Piece {
    const buffer = Buffer.allocUnsafeSlow(this.#headroomBytes + this.#pieceBytes);
    return { buffer, base: 0, start: 0, end: 0 };
  }

  async #loadAlone(at: number, bytes: number): Promise<void> {
    await this.#ahead;
    this.#ahead = null;
    const buffer = Buffer.allocUnsafeSlow(bytes);
    const count = await this.#file.read(buffer, at);
    this.#current = { buffer, base: at, start: at, end: at + count };
  }

  async #loadPiece(at: number): Promise<void> {
    const old = this.#current;
    const leftBytes = at >= old.start && at <= old.end ? old.end - at : 0;
    await this.#ahead;
    const isAhead = this.#ahead !== null && this.#spare.start === at + leftBytes;
    this.#ahead = null;
    if (!isAhead) await this.#fill(this.#spare, at + leftBytes);
    const piece = this.#spare;
    if (leftBytes > 0) {
      const leftAt = at - old.base;
      old.buffer.copy(piece.buffer, this.#headroomBytes - leftBytes, leftAt, leftAt + leftBytes);
    }
    piece.start = at;
    this.#current = piece;
    this.#spare = old.buffer.length === piece.buffer.length ? old : this.#createPiece();
    if (piece.end >= this.size) return;
    this.#ahead = this.#fill(this.#spare, piece.end);
    // Its failure is met by whoever awaits it next; until then it must not count as unhandled.
    this.#ahead.catch(() => undefined);
  }

  async #fill(piece: Piece, from: number): Promise<void> {
    const target = piece.buffer.subarray(this.#headroomBytes);
    piece.base = from - this.#headroomBytes;
    piece.start = from;
    piece.end = from + (await this.#file.read(target, from));
  }
}
