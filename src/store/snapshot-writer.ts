/**
 * Writing a snapshot while the store goes on.
 *
 * The walk visits the entries of one namespace after the other, in slices of at most SLICE_MS; writes
 * go on between slices, so what it sees is fuzzy: some entries as they were at the start, some as
 * they are at the end. That is sound, because records are absolute. The log was rolled at S before
 * the walk began, and the footer names E, the last seq when it ended: replaying the log from S to E
 * over whatever was seen ends in the state at E, so the snapshot counts only with the log up to E,
 * which is made durable before the footer is written. (The fuzzy checkpoint of Mohan et al., ARIES,
 * 1992; no fork, no copy of the table.)
 *
 * A swap of namespaces is the one record that is not absolute: replayed over what was seen after it, it
 * would take back what it has done. So there must be none from S to E: a snapshot that a swap has
 * overtaken is given up, at once if possible and before its footer in any case, and compaction.ts
 * tries again.
 *
 * Fuzzy also means that a load may meet every namespace that held a key at any time from S to E. When
 * these are more than there may be at once, nobody could load the snapshot, so it is given up.
 *
 * An entry lives in one slot for as long as it is there, so an entry that is there from S to E is
 * met exactly once. Memory: one block of 256 KiB, or one entry if that is larger.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { fileSeed } from "../format/place.ts";
import { ASCII } from "../format/record.ts";
import { encodeEntry, entryBytes } from "../format/snapshot-entry.ts";
import {
  BLOCK_BYTES_MAX,
  BLOCK_HEADER_BYTES,
  encodeBlock,
  encodeSnapshotFooter,
  encodeSnapshotHeader,
  snapshotName,
  snapshotTemporaryName,
} from "../format/snapshot.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Engine } from "./engine.ts";

/** A slice of the walk; the longest allowed hold of the event loop is 10 ms. */
const SLICE_MS = 2;
/** Entries between two looks at the clock. */
const STEPS = 64;
const LOOKS_MAX = 4096;

export interface SnapshotOptions {
  readonly engine: Engine;
  readonly disk: Disk;
  readonly storeId: Uint8Array;
  readonly clock: Clock;
  /** S: the snapshot covers all seqs up to this one; the log was rolled there. */
  readonly startSeq: number;
  /** Names of the namespaces that held a key since S; null when nothing is written meanwhile. */
  readonly namespacesHeld: ReadonlySet<string> | null;
  /** Asked between slices; true gives up, with SHUTTING_DOWN. */
  readonly isCancelled: () => boolean;
  /** Bytes of entries in a block; default BLOCK_BYTES_MAX. */
  readonly blockBytesMax?: number | undefined;
}

export interface SnapshotSummary {
  readonly name: string;
  readonly startSeq: number;
  readonly entries: number;
  readonly bytes: number;
}

/** Namespaces were swapped while a snapshot was taken: it is void, another may be taken at once. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";

  constructor() {
    super("namespaces were swapped while the snapshot was taken");
  }
}

/**
 * Resolves once the snapshot is durable under its name. Rejects with the disk's error, LOG_FAILED,
 * Overtaken or SHUTTING_DOWN; what was written of it is removed as far as the disk lets it be.
 */
export async function writeSnapshot(options: SnapshotOptions): Promise<SnapshotSummary> {
  const { disk, startSeq } = options;
  const name = snapshotName(startSeq);
  const temporary = snapshotTemporaryName(startSeq);
  // A try that failed at the same seq may have left its file.
  if ((await disk.list()).includes(temporary)) await disk.remove(temporary);
  const file = await disk.create(temporary);
  const writer = new SnapshotWriter(options, file);
  try {
    await writer.write();
    await file.sync();
    await file.close();
    await disk.rename(temporary, name);
  } catch (error) {
    await file.close().catch(() => undefined);
    await disk.remove(temporary).catch(() => undefined);
    throw error;
  }
  await disk.syncDirectory();
  return { name, startSeq, entries: writer.entries, bytes: writer.bytes };
}

class SnapshotWriter {
  readonly #options: SnapshotOptions;
  readonly #file: DiskFile;
  readonly #seed: number;
  readonly #blockBytes: number;
  #block: Buffer;
  /** End of the entries in the block. */
  #blockEnd = BLOCK_HEADER_BYTES;
  #blockEntries = 0;
  #blocks = 0;
  entries = 0;
  bytes = 0;

  constructor(options: SnapshotOptions, file: DiskFile) {
    this.#options = options;
    this.#file = file;
    this.#seed = fileSeed(options.storeId, options.startSeq);
    this.#blockBytes = BLOCK_HEADER_BYTES + (options.blockBytesMax ?? BLOCK_BYTES_MAX);
    this.#block = Buffer.allocUnsafeSlow(this.#blockBytes);
  }

  async write(): Promise<void> {
    const { engine, storeId, startSeq, clock } = this.#options;
    const createdMs = Math.trunc(clock.nowMs());
    const entriesExpected = engine.table.entries;
    await this.#put(
      encodeSnapshotHeader({ storeId, startSeq, epoch: 0, createdMs, entriesExpected }),
    );
    const { namespaces } = engine.table;
    for (let id = 1; id <= namespaces.top; id++) await this.#walk(id as NamespaceId);
    await this.#closeBlock();
    this.#checkGoesOn();
    const endSeq = engine.journal.lastSeq;
    await engine.journal.flush();
    this.#checkNamespaces();
    const { entries, bytes } = this;
    const footer = { blocks: this.#blocks, endSeq, entries, bytes };
    await this.#put(encodeSnapshotFooter(footer, this.#seed));
  }

  #checkNamespaces(): void {
    const { engine, namespacesHeld } = this.#options;
    if (namespacesHeld === null || !engine.table.namespaces.isOverfull(namespacesHeld)) return;
    const why = "too many held keys in the course of a snapshot; the log stays as it is";
    throw new PyKVError("TOO_MANY_NAMESPACES", why);
  }

  async #walk(namespace: NamespaceId): Promise<void> {
    const { engine, clock } = this.#options;
    const { table } = engine;
    const cursor = { ordinal: 0, page: 0, place: 0 };
    let sliceEndMs = clock.monotonicMs() + SLICE_MS;
    for (let steps = 1; ; steps++) {
      // A namespace that is cleared meanwhile needs nothing more: its end is in the log.
      if (!table.namespaces.isLive(namespace)) return;
      const slot = table.next(namespace, cursor, LOOKS_MAX);
      if (slot === NO_SLOT && cursor.page === 0) return;
      if (slot !== NO_SLOT && !this.#add(namespace, slot)) {
        await this.#closeBlock();
        // The write took a turn of the event loop, in which the slot may have been freed or reused.
        cursor.place--;
        sliceEndMs = clock.monotonicMs() + SLICE_MS;
      } else if (slot === NO_SLOT || (steps % STEPS === 0 && clock.monotonicMs() >= sliceEndMs)) {
        await this.#turn();
        sliceEndMs = clock.monotonicMs() + SLICE_MS;
      }
    }
  }

  async #turn(): Promise<void> {
    await nextTurn();
    this.#checkGoesOn();
  }

  #checkGoesOn(): void {
    const { engine, startSeq, isCancelled } = this.#options;
    if (isCancelled()) throw new PyKVError("SHUTTING_DOWN", "the snapshot was given up");
    if (engine.floorSeq > startSeq) throw new Overtaken();
  }

  /** Adds an entry to the block; false when it must be closed first. */
  #add(namespace: NamespaceId, slot: SlotRef): boolean {
    const { engine } = this.#options;
    const { table } = engine;
    const name = engine.nameBytes(namespace);
    const deadlineMs = table.deadline(slot);
    const keyLength = table.keyLength(slot);
    const valueLength = table.valueLength(slot);
    const bytes = entryBytes(deadlineMs, name.length, keyLength, valueLength);
    const end = this.#blockEnd + bytes;
    if (end > this.#block.length) {
      if (this.#blockEntries > 0) return false;
      this.#block = Buffer.allocUnsafeSlow(end);
    }
    const { u8 } = table.shard;
    const keyAt = table.keyAt(slot);
    const kind = table.isAscii(slot) ? table.kind(slot) | ASCII : table.kind(slot);
    const version = table.version(slot);
    // prettier-ignore
    this.#blockEnd = encodeEntry(
      this.#block, this.#blockEnd, kind, version, deadlineMs, name,
      u8, keyAt, keyLength, u8, keyAt + keyLength, valueLength,
    );
    this.#blockEntries++;
    return true;
  }

  async #closeBlock(): Promise<void> {
    if (this.#blockEntries === 0) return;
    const length = this.#blockEnd - BLOCK_HEADER_BYTES;
    const end = encodeBlock(this.#block, 0, length, this.#blockEntries, this.#seed, this.#blocks);
    await this.#put(this.#block.subarray(0, end));
    this.#blocks++;
    this.entries += this.#blockEntries;
    this.#blockEntries = 0;
    this.#blockEnd = BLOCK_HEADER_BYTES;
    if (this.#block.length > this.#blockBytes) {
      this.#block = Buffer.allocUnsafeSlow(this.#blockBytes);
    }
    this.#checkGoesOn();
  }

  async #put(bytes: Buffer): Promise<void> {
    await this.#file.write(bytes, this.bytes);
    this.bytes += bytes.length;
  }
}
