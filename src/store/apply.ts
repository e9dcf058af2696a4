/**
 * Applying changes to the table: the one place where memory follows the log.
 *
 * A live write has its memory found and its record logged before it comes here; recovery and
 * followers bring records that others logged. Both end in the same four functions, so what a restart
 * rebuilds is what was there. Every change is absolute and carries its seq, which becomes the
 * entry's version: applying a record twice is the same as once.
 */
import { latin1Slice } from "../base/bytes.ts";
import { PyKVError } from "../base/errors.ts";
import { OP } from "../format/record.ts";
import type { RecordView } from "../format/record.ts";
import type { EntryView } from "../format/snapshot-entry.ts";
import type { BlockRef } from "../memory/arena.ts";
import { NO_BLOCK } from "../memory/arena.ts";
import { NO_NAMESPACE } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";

/**
 * Changes the deadline of an entry and nothing else. `block` is what `roomForDeadline` found.
 */
export function applyDeadline(
  table: Table,
  slot: SlotRef,
  block: BlockRef,
  deadlineMs: number,
  seq: number,
): void {
  if (deadlineMs > 0 && table.deadline(slot) > 0) {
    table.moveDeadline(slot, deadlineMs, seq);
    return;
  }
  const { u8 } = table.shard;
  const keyAt = table.keyAt(slot);
  const keyLength = table.keyLength(slot);
  const hash = table.hashOf(slot);
  const namespace = table.namespaceOf(slot);
  // The bytes are copied from the entry's old block, which is freed but not touched before that.
  // prettier-ignore
  table.put(
    namespace, hash, slot, block,
    u8, keyAt, keyLength,
    u8, keyAt + keyLength, table.valueLength(slot),
    table.kind(slot), table.isAscii(slot), deadlineMs, seq,
  );
}

/** A block for the entry with or without a deadline; NO_BLOCK when there is no memory for it. */
export function roomForDeadline(
  table: Table,
  slot: SlotRef,
  deadlineMs: number,
  evict: (victim: SlotRef) => boolean,
): BlockRef {
  if (deadlineMs > 0 === table.deadline(slot) > 0) return table.block(slot);
  const namespace = table.namespaceOf(slot);
  const keyLength = table.keyLength(slot);
  return table.makeRoom(namespace, slot, keyLength, table.valueLength(slot), deadlineMs > 0, evict);
}

/** Empties a namespace; returns how many keys it held. */
export function applyClear(table: Table, namespace: NamespaceId, seq: number): number {
  const keys = table.clear(namespace, seq);
  if (keys >= 0) return keys;
  // No record is free to take over the name: the slow way.
  let removed = 0;
  const cursor = { ordinal: 0, page: 0, place: 0 };
  for (;;) {
    const slot = table.next(namespace, cursor, Infinity);
    if (slot === NO_SLOT) return removed;
    table.remove(slot, seq);
    removed++;
  }
}

/** Replays what others have logged: recovery's records, a snapshot's entries, a primary's stream. */
export class Replayer {
  readonly #table: Table;
  readonly #onlyNewer: boolean;
  #namespaceBytes = Buffer.alloc(0);
  #namespace = NO_NAMESPACE;
  /** Entries that had to go because there is less memory for them than there was. */
  evicted = 0;

  /**
   * @param onlyNewer passes over records older than the entry they would change: for salvage, where
   *   what lies between may be missing. A whole log needs no such care.
   */
  constructor(table: Table, onlyNewer = false) {
    this.#table = table;
    this.#onlyNewer = onlyNewer;
  }

  /** Applies a record; throws MEMORY_FULL when it can't be held, CORRUPTION for an unknown one. */
  record(bytes: Buffer, view: RecordView, seq: number): void {
    const table = this.#table;
    const namespace = this.#namespaceOf(bytes, view.nsAt, view.nsLen, view.op === OP.SET);
    if (namespace === NO_NAMESPACE) return;
    if (view.op === OP.CLEAR) {
      if (this.#onlyNewer) this.#clearOlder(namespace, seq);
      else this.#clear(namespace, seq);
      this.#namespaceBytes = Buffer.alloc(0);
      return;
    }
    const hash = table.hash(namespace, bytes, view.keyAt, view.keyLen);
    const slot = table.find(namespace, hash, bytes, view.keyAt, view.keyLen);
    if (this.#onlyNewer && slot !== NO_SLOT && table.version(slot) > seq) return;
    if (view.op === OP.SET) this.#set(namespace, hash, slot, bytes, view, view.flags, seq);
    else if (slot === NO_SLOT) return;
    else if (view.op === OP.DELETE) table.remove(slot, seq);
    else if (view.op === OP.EXPIRE) this.#deadline(slot, view.deadlineMs, seq);
    else throw new PyKVError("CORRUPTION", `the log holds a record of unknown kind ${view.op}`);
  }

  /**
   * Puts the table's limits in force once all is replayed. What fitted before fits again, but not to
   * the byte, since it comes to lie elsewhere: a little too much is let pass, MEMORY_FULL is thrown
   * when lower limits are the reason.
   */
  restrict(): void {
    const table = this.#table;
    if (table.restrict(this.#evict) > table.maxBytes * OVERFLOW_SHARE_MAX) throw this.#memoryFull();
  }

  /**
   * Applies an entry of a snapshot. `isFirst` promises that the table does not have the key yet.
   */
  entry(bytes: Buffer, view: EntryView, isFirst = false): void {
    const namespace = this.#namespaceOf(bytes, view.nsAt, view.nsLen, true);
    const hash = this.#table.hash(namespace, bytes, view.keyAt, view.keyLen);
    const slot = isFirst
      ? NO_SLOT
      : this.#table.find(namespace, hash, bytes, view.keyAt, view.keyLen);
    this.#set(namespace, hash, slot, bytes, view, view.kind, view.version);
  }

  #set(
    namespace: NamespaceId,
    hash: number,
    slot: SlotRef,
    bytes: Buffer,
    view: RecordView | EntryView,
    kind: number,
    seq: number,
  ): void {
    const { keyAt, keyLen, valueAt, valueLen, deadlineMs } = view;
    const table = this.#table;
    const block = table.makeRoom(namespace, slot, keyLen, valueLen, deadlineMs > 0, this.#evict);
    if (block === NO_BLOCK) throw this.#memoryFull();
    // prettier-ignore
    table.put(
      namespace, hash, slot, block, bytes, keyAt, keyLen, bytes, valueAt, valueLen,
      kind, view.isAscii, deadlineMs, seq,
    );
  }

  #deadline(slot: SlotRef, deadlineMs: number, seq: number): void {
    const block = roomForDeadline(this.#table, slot, deadlineMs, this.#evict);
    if (block === NO_BLOCK) throw this.#memoryFull();
    applyDeadline(this.#table, slot, block, deadlineMs, seq);
  }

  /** Gives back at once what live writes leave to the background, which does not run meanwhile. */
  #clear(namespace: NamespaceId, seq: number): void {
    applyClear(this.#table, namespace, seq);
    while (this.#table.reap(REAP_SLOTS) > 0);
  }

  /** What was written after the namespace was cleared stays. */
  #clearOlder(namespace: NamespaceId, seq: number): void {
    const table = this.#table;
    const cursor = { ordinal: 0, page: 0, place: 0 };
    for (;;) {
      const slot = table.next(namespace, cursor, Infinity);
      if (slot === NO_SLOT) return;
      if (table.version(slot) < seq) table.remove(slot, seq);
    }
  }

  readonly #evict = (victim: SlotRef): boolean => {
    this.evicted++;
    this.#table.remove(victim, 0);
    return true;
  };

  #memoryFull(): PyKVError {
    const detail =
      `the data on disk does not fit into ${this.#table.maxBytes} bytes (--max-memory) ` +
      `and --capacity with --eviction none; raise the limits`;
    return new PyKVError("MEMORY_FULL", detail);
  }

  /**
   * Runs of records mostly share their namespace, so the last one is looked at first. What only takes
   * away makes none: a snapshot may hold neither the namespace nor room for it.
   */
  #namespaceOf(bytes: Buffer, at: number, length: number, make: boolean): NamespaceId {
    const last = this.#namespaceBytes;
    if (last.length === length) {
      let i = 0;
      while (i < length && bytes[at + i] === last[i]) i++;
      if (i === length && length > 0) return this.#namespace;
    }
    const name = latin1Slice(bytes, at, at + length);
    const { namespaces } = this.#table;
    if (!make && namespaces.find(name) === NO_NAMESPACE) return NO_NAMESPACE;
    this.#namespace = namespaces.findOrCreate(name);
    if (this.#namespace === NO_NAMESPACE) {
      throw new PyKVError("TOO_MANY_NAMESPACES", `no room for namespace ${JSON.stringify(name)}`);
    }
    this.#namespaceBytes = Buffer.from(name, "latin1");
    return this.#namespace;
  }
}

const REAP_SLOTS = 4096;

/** How far beyond the memory limit, as a share of it, a store may start. */
const OVERFLOW_SHARE_MAX = 1 / 16;
