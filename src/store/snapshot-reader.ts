/**
 * Reading a snapshot: every checksum is verified before an entry of its block is handed out.
 */
import type { Disk, DiskFile } from "../disk/disk.ts";
import { fileSeed } from "../format/place.ts";
import { createEntryView, decodeEntry } from "../format/snapshot-entry.ts";
import type { EntryView } from "../format/snapshot-entry.ts";
import {
  BLOCK_HEADER_BYTES,
  BLOCK_MARKER_BYTES,
  SNAPSHOT_FOOTER_BYTES,
  SNAPSHOT_HEADER_BYTES,
  checkBlock,
  decodeSnapshotFooter,
  decodeSnapshotHeader,
  parseSnapshotName,
  peekBlock,
  snapshotName,
} from "../format/snapshot.ts";
import type { SnapshotFooter, SnapshotHeader } from "../format/snapshot.ts";
import { SegmentSource } from "../log/segment-source.ts";

const PIECE_BYTES = 4 * 1024 * 1024;
/** Blocks that may be damaged in a row with those behind them still found. */
const INDEX_TRIES = 8;

/** In words, what is wrong with a snapshot, and where. */
export interface SnapshotDamage {
  readonly offset: number;
  readonly why: string;
}

export interface SnapshotVisitor {
  header?(header: SnapshotHeader, fileBytes: number): void;
  /** The view is good until the call returns, the bytes until `block` does. */
  entry(bytes: Buffer, view: EntryView): void;
  /** After each block, with the bytes of the file read so far. */
  block?(bytes: number): void;
}

export type SnapshotReading =
  | { readonly footer: SnapshotFooter; readonly header: SnapshotHeader; readonly damage: null }
  | {
      readonly footer: null;
      readonly header: SnapshotHeader | null;
      readonly damage: SnapshotDamage;
    };

/** Start seqs of the snapshots in a directory, newest first. */
export async function listSnapshots(disk: Disk): Promise<number[]> {
  const seqs: number[] = [];
  for (const name of await disk.list()) {
    const seq = parseSnapshotName(name);
    if (seq !== null) seqs.push(seq);
  }
  return seqs.sort((a, b) => b - a);
}

/**
 * The footer of a snapshot, found by its place at the end of the file, with nothing else verified;
 * or what is wrong. Cheap: two small reads.
 */
export async function readSnapshotEnds(disk: Disk, name: string): Promise<SnapshotReading> {
  const file = await disk.open(name, "read");
  try {
    const size = await file.size();
    const header = decodeSnapshotHeader(await readAt(file, 0, SNAPSHOT_HEADER_BYTES));
    if (typeof header === "string") return broken(null, 0, header);
    const at = Math.max(SNAPSHOT_HEADER_BYTES, size - SNAPSHOT_FOOTER_BYTES);
    const seed = fileSeed(header.storeId, header.startSeq);
    const footer = decodeSnapshotFooter(await readAt(file, at, SNAPSHOT_FOOTER_BYTES), 0, seed);
    if (footer?.bytes !== at) return broken(header, at, "it has no valid footer");
    return { footer, header, damage: null };
  } finally {
    await file.close();
  }
}

/**
 * Hands out all entries of a snapshot, up to the first damage if there is any. Rejects with what the
 * disk or the visitor throws.
 */
export async function readSnapshot(
  disk: Disk,
  name: string,
  visitor: SnapshotVisitor,
): Promise<SnapshotReading> {
  const source = await SegmentSource.open(disk, name, PIECE_BYTES);
  try {
    return await new SnapshotReader(source, visitor).read();
  } finally {
    await source.close();
  }
}

/**
 * The same for a snapshot that is damaged: goes on behind what can't be read, and reports it. Which
 * block comes next is known only by trying, so after damage the next INDEX_TRIES ones are looked for.
 *
 * @param storeId for when the header can't be read; null when nobody knows it
 */
export async function salvageSnapshot(
  disk: Disk,
  startSeq: number,
  storeId: Uint8Array | null,
  visitor: SnapshotVisitor,
  onDamage: (damage: SnapshotDamage) => void,
): Promise<void> {
  const source = await SegmentSource.open(disk, snapshotName(startSeq), PIECE_BYTES);
  try {
    const reader = new SnapshotReader(source, visitor);
    const header = await reader.header();
    if (typeof header === "string") onDamage({ offset: 0, why: header });
    const id = typeof header === "string" ? storeId : header.storeId;
    if (id === null) return onDamage({ offset: 0, why: "the store's id is unknown" });
    await reader.salvage(fileSeed(id, startSeq), onDamage);
  } finally {
    await source.close();
  }
}

class SnapshotReader {
  readonly #source: SegmentSource;
  readonly #visitor: SnapshotVisitor;
  readonly #view = createEntryView();
  #entries = 0;

  constructor(source: SegmentSource, visitor: SnapshotVisitor) {
    this.#source = source;
    this.#visitor = visitor;
  }

  /** The file's header, or what is wrong with it. */
  async header(): Promise<SnapshotHeader | string> {
    if (!(await this.#load(0, SNAPSHOT_HEADER_BYTES))) return "it is cut short";
    const at = this.#source.indexOf(0);
    return decodeSnapshotHeader(this.#source.buffer.subarray(at, at + SNAPSHOT_HEADER_BYTES));
  }

  async read(): Promise<SnapshotReading> {
    const header = await this.header();
    if (typeof header === "string") return broken(null, 0, header);
    this.#visitor.header?.(header, this.#source.size);
    const seed = fileSeed(header.storeId, header.startSeq);
    let at = SNAPSHOT_HEADER_BYTES;
    for (let blocks = 0; ; blocks++) {
      const taken = await this.#block(at, seed, blocks);
      if (taken === "footer") return this.#footer(header, at, seed, blocks);
      if (typeof taken === "string") return broken(header, at, taken);
      at += taken;
      this.#visitor.block?.(at);
    }
  }

  /** Hands out the entries of all blocks that are whole, whatever is between them. */
  async salvage(seed: number, onDamage: (damage: SnapshotDamage) => void): Promise<void> {
    let at = SNAPSHOT_HEADER_BYTES;
    for (let index = 0; ; index++) {
      const taken = await this.#block(at, seed, index);
      if (typeof taken === "number") {
        at += taken;
        continue;
      }
      if (taken === "footer" && (await this.#load(at, SNAPSHOT_FOOTER_BYTES))) {
        const footer = decodeSnapshotFooter(this.#source.buffer, this.#source.indexOf(at), seed);
        if (footer?.blocks === index && footer.bytes === at) return;
      }
      const found = await this.#find(at + 1, seed, index);
      const why = taken === "footer" ? "neither a block nor a valid footer is here" : taken;
      onDamage({ offset: at, why });
      if (found === null) return;
      ({ at, index } = found);
      index--;
    }
  }

  /** The next whole block from `from` on, and which one it is. */
  async #find(
    from: number,
    seed: number,
    index: number,
  ): Promise<{ at: number; index: number } | null> {
    const source = this.#source;
    for (let at = from; await this.#load(at, BLOCK_HEADER_BYTES); at++) {
      const inBuffer = source.indexOf(at);
      const available = source.available(at);
      const ahead = source.buffer.subarray(inBuffer, inBuffer + available);
      const next = ahead.indexOf(BLOCK_MARKER_BYTES);
      if (next < 0) {
        // The marker may lie across the end of what was read.
        at += available - BLOCK_MARKER_BYTES.length;
        continue;
      }
      at += next;
      const found = await this.#whichBlock(at, seed, index);
      if (found !== null) return { at, index: found };
    }
    return null;
  }

  async #whichBlock(at: number, seed: number, index: number): Promise<number | null> {
    if (!(await this.#load(at, BLOCK_HEADER_BYTES))) return null;
    const source = this.#source;
    const block = peekBlock(source.buffer, source.indexOf(at));
    if (block === null || !(await this.#load(at, BLOCK_HEADER_BYTES + block.length))) return null;
    for (let i = index; i <= index + INDEX_TRIES; i++) {
      if (checkBlock(source.buffer, source.indexOf(at), block.length, seed, i)) return i;
    }
    return null;
  }

  /** Bytes of the block at `at`, "footer" when there is none, or what is wrong. */
  async #block(at: number, seed: number, index: number): Promise<number | string> {
    if (!(await this.#load(at, BLOCK_HEADER_BYTES))) return "it is cut short";
    const source = this.#source;
    const block = peekBlock(source.buffer, source.indexOf(at));
    if (block === null) return "footer";
    const bytes = BLOCK_HEADER_BYTES + block.length;
    if (!(await this.#load(at, bytes))) return "a block is cut short";
    const { buffer } = source;
    const from = source.indexOf(at);
    if (!checkBlock(buffer, from, block.length, seed, index)) {
      return "a block fails its checksum";
    }
    const end = from + bytes;
    let next = from + BLOCK_HEADER_BYTES;
    for (let i = 0; i < block.count; i++) {
      if (!decodeEntry(buffer, next, end, this.#view)) return "a block holds no entry";
      this.#visitor.entry(buffer, this.#view);
      next = this.#view.next;
    }
    this.#entries += block.count;
    return next === end ? bytes : "a block holds more than its entries";
  }

  async #footer(
    header: SnapshotHeader,
    at: number,
    seed: number,
    blocks: number,
  ): Promise<SnapshotReading> {
    if (!(await this.#load(at, SNAPSHOT_FOOTER_BYTES)))
      return broken(header, at, "it is cut short");
    const footer = decodeSnapshotFooter(this.#source.buffer, this.#source.indexOf(at), seed);
    if (footer === null) return broken(header, at, "it has no valid footer");
    const isWhole =
      footer.blocks === blocks && footer.entries === this.#entries && footer.bytes === at;
    if (!isWhole) return broken(header, at, "the footer does not match the blocks");
    return { footer, header, damage: null };
  }

  /** Brings `bytes` from `at` into the buffer; false when the file ends before. */
  async #load(at: number, bytes: number): Promise<boolean> {
    return this.#source.has(at, bytes) || this.#source.load(at, bytes);
  }
}

async function readAt(file: DiskFile, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  return buffer.subarray(0, await file.read(buffer, at));
}

function broken(header: SnapshotHeader | null, offset: number, why: string): SnapshotReading {
  return { footer: null, header, damage: { offset, why } };
}
