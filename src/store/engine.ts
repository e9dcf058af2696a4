/**
 * The engine: decides, logs, applies.
 *
 * Every write goes the same way, without an await between its first look and its last change: resolve
 * the namespace and the conditions against what is there; ask the log whether it takes the record;
 * find memory, evicting as needed, each victim a record of its own; append; apply. What can be
 * refused is refused before the first append, so a refusal changes nothing.
 *
 * Keys and values are stretches of bytes that the caller owns (`Draft`), so that a door that has them
 * as bytes makes no strings. Results are left in fields of the engine, good until its next call: a
 * write costs no object. Doors that speak in strings are served by store.ts.
 *
 * `barrier` tells what a reader must wait for. An entry's version is the seq of the write that made
 * it, so a reply that shows it waits until that seq is acknowledged; a reply that shows a miss waits
 * for the last removal in the namespace. Swapped namespaces show entries that are older than the swap;
 * so until the last swap is acknowledged, every reply waits for it. Nothing is ever shown that a crash
 * could take back.
 */
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import { writeInteger } from "../base/integers.ts";
import { KiB, MiB } from "../base/units.ts";
import { ASCII, DELETE_REASON, OP, recordBytes } from "../format/record.ts";
import type { Journal } from "../log/journal.ts";
import { NO_BLOCK } from "../memory/arena.ts";
import type { BlockRef } from "../memory/arena.ts";
import { KIND } from "../memory/entry.ts";
import { NAMESPACE_TOTAL, NO_NAMESPACE } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import { applyClear, applyDeadline, applySwap, holdsKeys, roomForDeadline } from "./apply.ts";
import { addInteger } from "./integers.ts";
import { checkNamespace } from "./names.ts";
import { CHANGE, REMOVALS } from "./observer.ts";
import type { Observer } from "./observer.ts";
import { conditionHolds, groupFull, groupTooLarge, memoryFull } from "./refusals.ts";
import type { Condition } from "./types.ts";

const NO_BYTES = Buffer.alloc(0);
const ZERO = Buffer.from("0");
const INTEGER_BYTES_MAX = 20;
const REAP_SLOTS = 1024;
/** Log that a group asks for at a time, beyond what it has announced. */
const GROUP_EXTRA_BYTES = 64 * KiB;
/** Log that a group may announce. */
const GROUP_BYTES_MAX = 512 * MiB;

/** A write as a door hands it in; one object serves all writes of a door. */
export interface Draft {
  namespace: string;
  key: Buffer;
  keyAt: number;
  keyLength: number;
  value: Buffer;
  valueAt: number;
  valueLength: number;
  /** KIND of memory/entry.ts. */
  kind: number;
  /** The value is text with no byte above 127; false is always right. */
  ascii: boolean;
  /** Milliseconds since 1970; 0 is none. */
  deadlineMs: number;
  keepDeadline: boolean;
  condition: Condition | null;
}

/** done: logged and applied. unmet: nothing changed. wait: nothing changed, ask again after room. */
export type Verdict = "done" | "unmet" | "wait";

export class Engine {
  readonly table: Table;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly #valueBytesMax: number;
  readonly #digits = Buffer.alloc(INTEGER_BYTES_MAX);
  /** Names of namespaces as bytes for the log, by their number. */
  readonly #names: Buffer[] = [];

  // The result of the last call.
  /** Whether the write was done; else a condition did not hold. */
  isDone = false;
  /** Of a done write: its seq, which is the entry's version. */
  version = 0;
  /** Of a done write: whether the key is new. Of an unmet one: whether it is there. */
  created = false;
  exists = false;
  deadlineMs = 0;
  /** A number when the increment was one and both it and the sum are exact as such. */
  integer: number | bigint = 0;
  /** The seq that must be acknowledged before the result may be shown; 0 when it may be at once. */
  barrier = 0;
  /** The seq of the last swap: whatever is shown after it must wait for it too. */
  floorSeq = 0;
  /** After "wait": the bytes to ask the journal's room for. */
  bytesWanted = 0;
  /** Set by every "wait" and never taken back here: who looks at it clears it before. */
  mustWait = false;
  /** Told of every change, if anybody wants to know. */
  observer: Observer | null = null;

  /** What stopped the evictions since `evictBeside`, if anything but the lack of victims did. */
  evictionVerdict: "ok" | "wait" | PyKVError = "ok";

  #wantedBeyond = 0;
  /** Bytes of log that the group under way may still use, for its own records and for victims. */
  #granted = 0;
  #grantedToEvict = 0;
  /** How many `begin`s it is deep. */
  #groupDepth = 0;

  constructor(table: Table, journal: Journal, clock: Clock, valueBytesMax: number) {
    this.table = table;
    this.journal = journal;
    this.clock = clock;
    this.#valueBytesMax = valueBytesMax;
  }

  // --- reading -------------------------------------------------------------------------------

  /**
   * The live entry of a key, or NO_SLOT; sets `barrier`. With `use`, counts a hit or a miss and
   * makes the key the most recently used. Cost: O(1), no allocation.
   */
  read(name: string, key: Buffer, at: number, length: number, use: boolean): SlotRef {
    const { table } = this;
    const namespace = table.namespaces.find(name);
    if (namespace === NO_NAMESPACE) {
      // The name may have been in the directory until its last key went.
      this.barrier = this.#unlessAcknowledged(table.namespaces.removalSeq(NO_NAMESPACE));
      return NO_SLOT;
    }
    const slot = this.#live(namespace, key, at, length);
    if (use) {
      const isMiss = slot === NO_SLOT;
      table.count(namespace, isMiss ? NAMESPACE_TOTAL.misses : NAMESPACE_TOTAL.hits);
      if (!isMiss) table.touch(namespace, slot);
    }
    return slot;
  }

  /** Counts a hit for an entry and makes it the most recently used. */
  used(slot: SlotRef): void {
    const namespace = this.table.namespaceOf(slot);
    this.table.count(namespace, NAMESPACE_TOTAL.hits);
    this.table.touch(namespace, slot);
  }

  /** Sets `barrier` for a reply that shows what the records up to `seq` have made. */
  showing(seq: number): void {
    this.barrier = this.#unlessAcknowledged(seq);
  }

  // --- writing -------------------------------------------------------------------------------

  /**
   * Adds or replaces. Throws VALUE_TOO_LARGE, INVALID_NAMESPACE, TOO_MANY_NAMESPACES, MEMORY_FULL,
   * DISK_FULL, LOG_FAILED, SHUTTING_DOWN; then nothing has changed (victims may have gone).
   */
  set(draft: Draft): Verdict {
    const { table } = this;
    this.checkValue(draft.valueLength);
    const namespace = this.namespaceFor(draft.namespace);
    const { key, keyAt, keyLength } = draft;
    const hash = table.hash(namespace, key, keyAt, keyLength);
    const found = table.find(namespace, hash, key, keyAt, keyLength);
    const isLive = found !== NO_SLOT && !table.isExpired(found);
    if (draft.condition !== null && !this.#holds(draft.condition, found, isLive)) {
      return this.#unmet(namespace, found, isLive);
    }
    let { deadlineMs } = draft;
    if (draft.keepDeadline && isLive) deadlineMs = table.deadline(found);
    return this.#write(namespace, hash, found, isLive, draft, deadlineMs);
  }

  /** Unmet also when the key is not there. Errors as of `set`, without those of memory. */
  delete(draft: Draft): Verdict {
    const { table } = this;
    const namespace = table.namespaces.find(draft.namespace);
    if (namespace === NO_NAMESPACE) return this.#unmetNowhere();
    const slot = this.#live(namespace, draft.key, draft.keyAt, draft.keyLength);
    if (slot === NO_SLOT) return this.#missing();
    if (!this.#holds(draft.condition, slot, true)) return this.#unmet(namespace, slot, true);
    if (!this.#admit(recordBytes(0, this.nameBytes(namespace).length, draft.keyLength, 0))) {
      return "wait";
    }
    return this.#done(this.remove(slot, DELETE_REASON.user), false, 0);
  }

  /** Sets or clears (0) the deadline of `draft`; unmet also when the key is not there. */
  expire(draft: Draft): Verdict {
    const { table } = this;
    const namespace = table.namespaces.find(draft.namespace);
    if (namespace === NO_NAMESPACE) return this.#unmetNowhere();
    const { deadlineMs, key, keyAt, keyLength } = draft;
    const slot = this.#live(namespace, key, keyAt, keyLength);
    if (slot === NO_SLOT) return this.#missing();
    if (!this.#holds(draft.condition, slot, true)) return this.#unmet(namespace, slot, true);
    const name = this.nameBytes(namespace);
    const bytes = recordBytes(deadlineMs, name.length, keyLength, 0);
    if (!this.#admit(bytes)) return "wait";
    const block = roomForDeadline(table, slot, deadlineMs, this.evictBeside(bytes));
    if (block === NO_BLOCK) return this.#noRoom();
    const { journal } = this;
    // prettier-ignore
    const seq = journal.append(
      OP.EXPIRE, 0, deadlineMs, name, key, keyAt, keyLength, NO_BYTES, 0, 0,
    );
    applyDeadline(table, slot, block, deadlineMs, seq);
    table.touch(namespace, slot);
    if (this.observer !== null) {
      const change = deadlineMs > 0 ? CHANGE.deadline : CHANGE.persisted;
      this.observer.changed(change, namespace, key, keyAt, keyLength, seq);
    }
    return this.#done(seq, false, deadlineMs);
  }

  /**
   * Adds `by` to an integer, 0 when the key is not there; the draft's deadline is for a key that is
   * new. `integer` is the new value. Throws NOT_AN_INTEGER besides what `set` throws.
   */
  increment(draft: Draft, by: number | bigint): Verdict {
    const { table } = this;
    const namespace = this.namespaceFor(draft.namespace);
    const { key, keyAt, keyLength } = draft;
    const hash = table.hash(namespace, key, keyAt, keyLength);
    const found = table.find(namespace, hash, key, keyAt, keyLength);
    const isLive = found !== NO_SLOT && !table.isExpired(found);
    if (!this.#holds(draft.condition, found, isLive)) {
      return this.#unmet(namespace, found, isLive);
    }
    // A refusal tells what the value is not, so it waits like everything else that shows it.
    this.barrier = isLive ? this.#unlessAcknowledged(table.version(found)) : 0;
    const sum = isLive
      ? addInteger(table.shard.bytes, table.valueAt(found), table.valueLength(found), by)
      : addInteger(ZERO, 0, ZERO.length, by);
    draft.value = this.#digits;
    draft.valueAt = 0;
    draft.valueLength = writeInteger(this.#digits, 0, sum);
    draft.kind = isLive ? table.kind(found) : KIND.json;
    draft.ascii = true;
    const deadlineMs = isLive ? table.deadline(found) : draft.deadlineMs;
    const verdict = this.#write(namespace, hash, found, isLive, draft, deadlineMs);
    this.integer = sum;
    return verdict;
  }

  /** Empties a namespace, in O(1); `cleared` keys went. */
  clear(name: string): { verdict: Verdict; cleared: number } {
    const namespace = this.table.namespaces.find(name);
    if (namespace === NO_NAMESPACE || this.table.namespaces.keys(namespace) === 0) {
      this.#unmet(namespace, NO_SLOT, false);
      return { verdict: "unmet", cleared: 0 };
    }
    const bytes = this.nameBytes(namespace);
    if (!this.#admit(recordBytes(0, bytes.length, 0, 0))) return { verdict: "wait", cleared: 0 };
    const seq = this.journal.append(OP.CLEAR, 0, 0, bytes, NO_BYTES, 0, 0, NO_BYTES, 0, 0);
    const cleared = applyClear(this.table, namespace, seq);
    this.observer?.changed(CHANGE.cleared, namespace, NO_BYTES, 0, 0, seq);
    return { verdict: this.#done(seq, false, 0), cleared };
  }

  /**
   * Two namespaces exchange all they hold, in O(1); unmet when they are the same or both are empty.
   * Throws INVALID_NAMESPACE, TOO_MANY_NAMESPACES and what the journal refuses with.
   */
  swap(one: string, other: string): Verdict {
    const { table } = this;
    if (one === other || !(holdsKeys(table, one) || holdsKeys(table, other))) {
      return this.#unmetNowhere();
    }
    // One of them holds keys, so making the other can't take the record of either.
    const ids = [this.namespaceFor(one), this.namespaceFor(other)] as const;
    const name = this.nameBytes(ids[0]);
    const key = this.nameBytes(ids[1]);
    if (!this.#admit(recordBytes(0, name.length, key.length, 0))) return "wait";
    const seq = this.journal.append(OP.SWAP, 0, 0, name, key, 0, key.length, NO_BYTES, 0, 0);
    applySwap(table, one, other, seq);
    this.floorSeq = seq;
    for (const id of ids) this.observer?.changed(CHANGE.cleared, id, NO_BYTES, 0, 0, seq);
    return this.#done(seq, false, 0);
  }

  /** Throws VALUE_TOO_LARGE for a value of so many bytes. */
  checkValue(length: number): void {
    if (length <= this.#valueBytesMax) return;
    const detail = `the value has ${length} bytes, the limit is ${this.#valueBytesMax}`;
    throw new PyKVError("VALUE_TOO_LARGE", detail);
  }

  // --- groups --------------------------------------------------------------------------------

  /**
   * Begins a group: writes until `end` that are not interrupted by a "wait", so that all of their
   * records fall into one frame and a crash keeps all of them or none. False to wait, and nothing
   * has begun. One group may hold others, which then use what the outer one was granted.
   *
   * Evictions have a share of their own, so that they can't use up what the group's own records need.
   *
   * @param bytes an upper bound for the records of all its writes, see `recordBytes`; beyond 512 MiB
   *   the group is refused with MEMORY_FULL, since all of it is in memory at once; a write that
   *   finds it used up, and no more to be had at once, is refused with MEMORY_FULL, and those before it
   *   stand
   */
  begin(bytes: number): boolean {
    if (this.#groupDepth === 0) {
      if (bytes > GROUP_BYTES_MAX) throw groupTooLarge(bytes, GROUP_BYTES_MAX);
      // The record of a victim is mostly no longer than the memory that it makes room with.
      const toEvict = bytes + GROUP_EXTRA_BYTES;
      if (!this.#admit(bytes + toEvict)) return false;
      this.#granted = bytes;
      this.#grantedToEvict = toEvict;
    }
    this.#groupDepth++;
    return true;
  }

  end(): void {
    this.#groupDepth--;
  }

  /** Takes the bytes of records that are going to be `put` from what the group was granted. */
  spend(bytes: number): void {
    this.#admitInGroup(bytes);
  }

  /**
   * The last step of a write: logs and applies it. The journal must have admitted the record, and
   * `block` come from the table's `makeRoom`; can't fail. Returns the seq.
   */
  put(
    namespace: NamespaceId,
    hash: number,
    found: SlotRef,
    isLive: boolean,
    block: BlockRef,
    draft: Draft,
    deadlineMs: number,
  ): number {
    const { key, keyAt, keyLength, value, valueAt, valueLength, kind, ascii } = draft;
    // prettier-ignore
    const seq = this.journal.append(
      OP.SET, ascii ? kind | ASCII : kind, deadlineMs, this.nameBytes(namespace),
      key, keyAt, keyLength, value, valueAt, valueLength,
    );
    const { observer } = this;
    if (observer !== null && found !== NO_SLOT && !isLive) {
      observer.changed(CHANGE.expired, namespace, key, keyAt, keyLength, seq);
    }
    // prettier-ignore
    this.table.put(
      namespace, hash, found, block, key, keyAt, keyLength, value, valueAt, valueLength,
      kind, ascii, deadlineMs, seq,
    );
    if (observer !== null) {
      const change = isLive ? CHANGE.set : CHANGE.created;
      observer.changed(change, namespace, key, keyAt, keyLength, seq);
    }
    this.#done(seq, !isLive, deadlineMs);
    return seq;
  }

  /** Logs and removes an entry; the journal must have admitted the record. Returns the seq. */
  remove(slot: SlotRef, reason: number): number {
    const { table } = this;
    const namespace = table.namespaceOf(slot);
    const name = this.nameBytes(namespace);
    const keyAt = table.keyAt(slot);
    // prettier-ignore
    const seq = this.journal.append(
      OP.DELETE, reason, 0, name, table.shard.bytes, keyAt, table.keyLength(slot), NO_BYTES, 0, 0,
    );
    if (this.observer !== null) {
      const change = REMOVALS[reason]!;
      const keyLength = table.keyLength(slot);
      this.observer.changed(change, namespace, table.shard.bytes, keyAt, keyLength, seq);
    }
    table.remove(slot, seq);
    return seq;
  }

  /** Bytes of the record that `remove` would log. */
  removalBytes(slot: SlotRef): number {
    const { table } = this;
    const name = this.nameBytes(table.namespaceOf(slot));
    return recordBytes(0, name.length, table.keyLength(slot), 0);
  }

  // --- namespaces ----------------------------------------------------------------------------

  /** The namespace of that name, made when there is none. */
  namespaceFor(name: string): NamespaceId {
    const { namespaces } = this.table;
    const known = namespaces.find(name);
    if (known !== NO_NAMESPACE) return known;
    checkNamespace(name);
    do {
      const made = namespaces.findOrCreate(name);
      if (made !== NO_NAMESPACE) return made;
      // Cleared namespaces keep their records until what they held is given back.
    } while (this.table.reap(REAP_SLOTS) > 0);
    throw new PyKVError("TOO_MANY_NAMESPACES", "every namespace that there may be holds keys");
  }

  /** The name for the log. A number may have passed to another name, so it is compared. */
  nameBytes(namespace: NamespaceId): Buffer {
    const known = this.#names[namespace];
    if (known !== undefined && this.table.namespaces.isNamed(namespace, known)) return known;
    const bytes = Buffer.from(this.table.namespaces.name(namespace), "latin1");
    this.#names[namespace] = bytes;
    return bytes;
  }

  /** What logs and removes each victim while memory is found for records of `bytes`. */
  evictBeside(bytes: number): (victim: SlotRef) => boolean {
    this.#wantedBeyond = bytes;
    this.evictionVerdict = "ok";
    return this.#evict;
  }

  // --- private -------------------------------------------------------------------------------

  #live(namespace: NamespaceId, key: Buffer, at: number, length: number): SlotRef {
    const { table } = this;
    const hash = table.hash(namespace, key, at, length);
    const slot = table.find(namespace, hash, key, at, length);
    if (slot !== NO_SLOT && !table.isExpired(slot)) {
      this.barrier = this.#unlessAcknowledged(table.version(slot));
      return slot;
    }
    // A key that has reached its deadline is gone for good, once that deadline can't be taken back.
    const goneSeq = slot === NO_SLOT ? table.namespaces.removalSeq(namespace) : table.version(slot);
    this.barrier = this.#unlessAcknowledged(goneSeq);
    return NO_SLOT;
  }

  #unlessAcknowledged(seq: number): number {
    const shown = seq > this.floorSeq ? seq : this.floorSeq;
    return shown > this.journal.ackSeq ? shown : 0;
  }

  #write(
    namespace: NamespaceId,
    hash: number,
    found: SlotRef,
    isLive: boolean,
    draft: Draft,
    deadlineMs: number,
  ): Verdict {
    const { table } = this;
    const { keyLength, valueLength } = draft;
    const nameLength = this.nameBytes(namespace).length;
    const bytes = recordBytes(deadlineMs, nameLength, keyLength, valueLength);
    if (!this.#admit(bytes)) return "wait";
    const evict = this.evictBeside(bytes);
    const block = table.makeRoom(namespace, found, keyLength, valueLength, deadlineMs > 0, evict);
    if (block === NO_BLOCK) return this.#noRoom();
    this.put(namespace, hash, found, isLive, block, draft, deadlineMs);
    return "done";
  }

  #done(seq: number, created: boolean, deadlineMs: number): "done" {
    this.isDone = true;
    this.version = seq;
    this.created = created;
    this.exists = true;
    this.deadlineMs = deadlineMs;
    this.barrier = this.#unlessAcknowledged(seq);
    return "done";
  }

  #unmet(namespace: NamespaceId, found: SlotRef, isLive: boolean): "unmet" {
    this.isDone = false;
    this.exists = isLive;
    // An entry past its deadline is missing, and its version is of what has set that deadline.
    const shownSeq =
      found === NO_SLOT ? this.table.namespaces.removalSeq(namespace) : this.table.version(found);
    this.barrier = this.#unlessAcknowledged(shownSeq);
    return "unmet";
  }

  /** Of a key for which `#live` has just said what a reply that shows the miss waits for. */
  #missing(): "unmet" {
    this.isDone = false;
    this.exists = false;
    return "unmet";
  }

  #unmetNowhere(): "unmet" {
    return this.#unmet(NO_NAMESPACE, NO_SLOT, false);
  }

  #holds(condition: Condition | null, slot: SlotRef, isLive: boolean): boolean {
    if (condition === null) return true;
    return conditionHolds(condition, isLive, isLive ? this.table.version(slot) : 0);
  }

  /** False for "wait"; throws what the journal refuses with. */
  #admit(bytes: number): boolean {
    if (this.#groupDepth > 0) return this.#admitInGroup(bytes);
    const verdict = this.journal.admit(bytes);
    if (verdict === "ok") return true;
    this.bytesWanted = bytes;
    if (verdict !== "wait") throw verdict;
    this.mustWait = true;
    return false;
  }

  #admitInGroup(bytes: number): true {
    if (bytes > this.#granted) {
      const more = bytes - this.#granted + GROUP_EXTRA_BYTES;
      if (!this.#canHaveMore(more, 0)) throw groupFull();
      this.#granted += more;
    }
    this.#granted -= bytes;
    return true;
  }

  /**
   * Whether the log takes `more` bytes beyond what the group has been granted and not used yet, of
   * which `spent` bytes are promised to a record that is still to come.
   */
  #canHaveMore(more: number, spent: number): boolean {
    return this.journal.admit(spent + this.#granted + this.#grantedToEvict + more) === "ok";
  }

  readonly #evict = (victim: SlotRef): boolean => {
    const removalBytes = this.removalBytes(victim);
    const bytes = this.#wantedBeyond + removalBytes;
    this.evictionVerdict =
      this.#groupDepth === 0 ? this.journal.admit(bytes) : this.#admitInGroupToEvict(removalBytes);
    if (this.evictionVerdict !== "ok") {
      this.bytesWanted = bytes;
      return false;
    }
    this.table.count(this.table.namespaceOf(victim), NAMESPACE_TOTAL.evictions);
    this.remove(victim, DELETE_REASON.evicted);
    return true;
  };

  #admitInGroupToEvict(bytes: number): "ok" | PyKVError {
    if (bytes > this.#grantedToEvict) {
      const more = bytes + GROUP_EXTRA_BYTES;
      if (!this.#canHaveMore(more, this.#wantedBeyond)) return groupFull();
      this.#grantedToEvict += more;
    }
    this.#grantedToEvict -= bytes;
    return "ok";
  }

  #noRoom(): "wait" {
    if (this.evictionVerdict === "wait") {
      this.mustWait = true;
      return "wait";
    }
    if (this.evictionVerdict !== "ok") throw this.evictionVerdict;
    throw memoryFull(this.table);
  }
}
