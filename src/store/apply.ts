/**
 * Applying changes to the table: the one place where memory follows the log.
 *
 * A live write has its memory found and its record logged before it comes here; recovery and
 * followers bring records that others logged. Both end in the same four functions, so what a restart
 * rebuilds is what was there. Every change is absolute and carries its seq, which becomes the
 * entry's version: applying a record twice is the same as once.
 */
import { assert } from "../base/assert.ts";
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

/**
 * Two namespaces exchange what they hold, in O(1). False, and nothing has changed, when there is no
 * room for one that is to be made; never while one of them holds keys and the directory has any
 * record that holds none.
 */
export function applySwap(table: Table, one: string, other: string, seq: number): boolean {
  const { namespaces } = table;
  const ids = [namespaces.findOrCreate(one), namespaces.findOrCreate(other)] as const;
  // Making the second one may have taken the record of the first, when that is empty.
  const isMade = ids[1] !== NO_NAMESPACE && namespaces.find(one) === ids[0];
  if (ids[0] === NO_NAMESPACE || !isMade) return false;
  if (ids[0] !== ids[1]) namespaces.swap(...ids, seq);
  return true;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * What is taken in before it is applied together: enough for the memory to have several of its words
 * under way at once, and few enough for all that they touch to stay in the nearest cache.
 */
const GROUP_MAX = 32;

/** A record or an entry, decoded and hashed, that waits for its group. */
interface Change {
  op: number;
  namespace: NamespaceId;
  hash: number;
  /** The table does not have the key yet. */
  isNew: boolean;
  keyAt: number;
  keyLen: number;
  valueAt: number;
  valueLen: number;
  kind: number;
  isAscii: boolean;
  deadlineMs: number;
  seq: number;
}

/**
 * Replays what others have logged: recovery's records, a snapshot's entries, a primary's stream.
 *
 * Keys lie at random in the index, so each change would wait for memory on its own: half the time of
 * a replay. Changes are therefore taken in groups: hashed first, then their places in the index are
 * fetched all at once, then they are applied in their order. Nothing depends on what is fetched.
 */
export class Replayer {
  readonly #table: Table;
  readonly #onlyNewer: boolean;
  readonly #group: readonly Change[];
  readonly #hashes = new Int32Array(GROUP_MAX);
  /** Changes in the group, and where their keys and values are. */
  #count = 0;
  /** Whether one of them may be in the table already. */
  #isToFind = false;
  #bytes: Buffer = NO_BYTES;
  #namespaceBytes = NO_BYTES;
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
    // Who salvages has bytes that may go at any moment, and is in no hurry.
    this.#group = Array.from({ length: onlyNewer ? 1 : GROUP_MAX }, newChange);
  }

  /**
   * Takes in a record, which is applied by the next `flush` at the latest: call that before its bytes
   * go. Throws MEMORY_FULL when a change can't be held, CORRUPTION for an unknown one.
   */
  record(bytes: Buffer, view: RecordView, seq: number): void {
    if (view.op === OP.SWAP) return this.#swap(bytes, view, seq);
    if (view.op === OP.CLEAR) this.flush();
    const namespace = this.#namespaceOf(bytes, view.nsAt, view.nsLen, view.op === OP.SET);
    if (namespace === NO_NAMESPACE) return;
    if (view.op === OP.CLEAR) {
      this.settle();
      if (this.#onlyNewer) this.#clearOlder(namespace, seq);
      else this.#clear(namespace, seq);
      this.#namespaceBytes = NO_BYTES;
    } else this.#take(namespace, bytes, view, view.op, view.flags, seq, false);
  }

  /**
   * Takes in an entry of a snapshot, as `record` does a record. `isFirst` promises that the table
   * does not have the key yet.
   */
  entry(bytes: Buffer, view: EntryView, isFirst = false): void {
    const namespace = this.#namespaceOf(bytes, view.nsAt, view.nsLen, true);
    this.#take(namespace, bytes, view, OP.SET, view.kind, view.version, isFirst);
  }

  /** Applies all that was taken in; what is new of it may be found only after `settle`. */
  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return;
    if (this.#isToFind || !this.#defer(count)) {
      this.settle();
      if (count > 1) this.#table.fetch(this.#hashes, count);
    }
    this.#isToFind = false;
    for (let i = 0; i < count; i++) this.#apply(this.#group[i]!);
  }

  /** Has the index take up so many new keys later, with others; false when it can't. */
  #defer(count: number): boolean {
    if (this.#table.defer(count)) return true;
    this.settle();
    return this.#table.defer(count);
  }

  /** Lets everything be found that was applied. */
  settle(): void {
    if (!this.#table.settle()) throw this.#memoryFull();
  }

  /**
   * Puts the table's limits in force once all is replayed. What fitted before fits again, but not to
   * the byte, since it comes to lie elsewhere: a little too much is let pass, MEMORY_FULL is thrown
   * when lower limits are the reason.
   */
  restrict(): void {
    this.settle();
    const table = this.#table;
    if (table.restrict(this.#evict) > table.maxBytes * OVERFLOW_SHARE_MAX) throw this.#memoryFull();
  }

  #take(
    namespace: NamespaceId,
    bytes: Buffer,
    view: RecordView | EntryView,
    op: number,
    kind: number,
    seq: number,
    isNew: boolean,
  ): void {
    assert(this.#count === 0 || bytes === this.#bytes, "a group is applied before its bytes go");
    const i = this.#count++;
    const hash = this.#table.hash(namespace, bytes, view.keyAt, view.keyLen);
    this.#bytes = bytes;
    this.#hashes[i] = hash;
    const change = this.#group[i]!;
    change.op = op;
    change.namespace = namespace;
    change.hash = hash;
    change.isNew = isNew;
    change.keyAt = view.keyAt;
    change.keyLen = view.keyLen;
    change.valueAt = view.valueAt;
    change.valueLen = view.valueLen;
    change.kind = kind;
    change.isAscii = view.isAscii;
    change.deadlineMs = view.deadlineMs;
    change.seq = seq;
    if (!isNew) this.#isToFind = true;
    if (this.#count === this.#group.length) this.flush();
  }

  #apply(change: Change): void {
    const table = this.#table;
    const { op, namespace, hash, keyAt, keyLen, seq } = change;
    const slot = change.isNew ? NO_SLOT : table.find(namespace, hash, this.#bytes, keyAt, keyLen);
    if (this.#onlyNewer && slot !== NO_SLOT && table.version(slot) > seq) return;
    if (op === OP.SET) this.#set(slot, change);
    else if (slot === NO_SLOT) return;
    else if (op === OP.DELETE) table.remove(slot, seq);
    else if (op === OP.EXPIRE) this.#deadline(slot, change.deadlineMs, seq);
    else throw new PyKVError("CORRUPTION", `the log holds a record of unknown kind ${op}`);
  }

  #set(slot: SlotRef, change: Change): void {
    const { namespace, keyAt, keyLen, valueAt, valueLen, deadlineMs } = change;
    const table = this.#table;
    const block = table.makeRoom(namespace, slot, keyLen, valueLen, deadlineMs > 0, this.#evict);
    if (block === NO_BLOCK) throw this.#memoryFull();
    const bytes = this.#bytes;
    // prettier-ignore
    table.put(
      namespace, change.hash, slot, block, bytes, keyAt, keyLen, bytes, valueAt, valueLen,
      change.kind, change.isAscii, deadlineMs, change.seq,
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

  /**
   * Only ever called for a log whose table is just what it was when the record was made. Salvage can't
   * promise that: where records before this one are lost it still does what the log says, since most of
   * what both hold belongs where that puts it.
   */
  #swap(bytes: Buffer, view: RecordView, seq: number): void {
    this.flush();
    this.settle();
    this.#namespaceBytes = NO_BYTES;
    const table = this.#table;
    const one = latin1Slice(bytes, view.nsAt, view.keyAt);
    const other = latin1Slice(bytes, view.keyAt, view.valueAt);
    if (!holdsKeys(table, one) && !holdsKeys(table, other)) return;
    if (!applySwap(table, one, other, seq)) throw noRoomFor(other);
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
    this.settle();
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
    if (namespaces.find(name) === NO_NAMESPACE) {
      if (!make) return NO_NAMESPACE;
      // A namespace that is empty may give way to a new one: not one that a change waits to fill.
      this.flush();
    }
    this.#namespace = namespaces.findOrCreate(name);
    if (this.#namespace === NO_NAMESPACE) throw noRoomFor(name);
    this.#namespaceBytes = Buffer.from(name, "latin1");
    return this.#namespace;
  }
}

/** Whether a namespace of that name is there and not empty. */
export function holdsKeys({ namespaces }: Table, name: string): boolean {
  const namespace = namespaces.find(name);
  return namespace !== NO_NAMESPACE && namespaces.keys(namespace) > 0;
}

function noRoomFor(name: string): PyKVError {
  return new PyKVError("TOO_MANY_NAMESPACES", `no room for namespace ${JSON.stringify(name)}`);
}

function newChange(): Change {
  return {
    op: 0,
    namespace: NO_NAMESPACE,
    hash: 0,
    isNew: false,
    keyAt: 0,
    keyLen: 0,
    valueAt: 0,
    valueLen: 0,
    kind: 0,
    isAscii: false,
    deadlineMs: 0,
    seq: 0,
  };
}

const REAP_SLOTS = 4096;

/** How far beyond the memory limit, as a share of it, a store may start. */
const OVERFLOW_SHARE_MAX = 1 / 16;
