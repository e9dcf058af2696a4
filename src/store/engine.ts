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
 * for the last removal in the namespace. Nothing is ever shown that a crash could take back.
 */
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import { ASCII, DELETE_REASON, OP, recordBytes } from "../format/record.ts";
import type { Journal } from "../log/journal.ts";
import { NO_BLOCK } from "../memory/arena.ts";
import { KIND } from "../memory/entry.ts";
import { NAMESPACE_TOTAL, NO_NAMESPACE } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import { applyClear, applyDeadline, roomForDeadline } from "./apply.ts";
import { addInteger } from "./integers.ts";
import { checkNamespace } from "./names.ts";
import type { Condition } from "./types.ts";

const NO_BYTES = Buffer.alloc(0);
const INTEGER_BYTES_MAX = 20;
const REAP_SLOTS = 1024;

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
  integer = 0n;
  /** The seq that must be acknowledged before the result may be shown; 0 when it may be at once. */
  barrier = 0;
  /** After "wait": the bytes to ask the journal's room for. */
  bytesWanted = 0;

  /** What stopped the evictions since `evictBeside`, if anything but the lack of victims did. */
  evictionVerdict: "ok" | "wait" | PyKVError = "ok";

  #wantedBeyond = 0;

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

  // --- writing -------------------------------------------------------------------------------

  /**
   * Adds or replaces. Throws VALUE_TOO_LARGE, INVALID_NAMESPACE, TOO_MANY_NAMESPACES, MEMORY_FULL,
   * DISK_FULL, LOG_FAILED, SHUTTING_DOWN; then nothing has changed (victims may have gone).
   */
  set(draft: Draft): Verdict {
    const { table } = this;
    if (draft.valueLength > this.#valueBytesMax) throw this.#valueTooLarge(draft.valueLength);
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
    const isLive = slot !== NO_SLOT;
    if (!isLive || !this.#holds(draft.condition, slot, isLive)) {
      return this.#unmet(namespace, slot, isLive);
    }
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
    const isLive = slot !== NO_SLOT;
    if (!isLive || !this.#holds(draft.condition, slot, isLive)) {
      return this.#unmet(namespace, slot, isLive);
    }
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
    return this.#done(seq, false, deadlineMs);
  }

  /**
   * Adds `by` to an integer, 0 when the key is not there; the draft's deadline is for a key that is
   * new. `integer` is the new value. Throws NOT_AN_INTEGER besides what `set` throws.
   */
  increment(draft: Draft, by: bigint): Verdict {
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
    const isLong = isLive && table.valueLength(found) > INTEGER_BYTES_MAX;
    const sum = addInteger(isLong ? "long" : isLive ? table.valueText(found) : "0", by);
    draft.value = this.#digits;
    draft.valueAt = 0;
    draft.valueLength = this.#digits.write(sum.toString(), 0, "latin1");
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
    return { verdict: this.#done(seq, false, 0), cleared };
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
    // A key that has reached its deadline is gone for good, whatever the log holds yet.
    const removalSeq = slot === NO_SLOT ? table.namespaces.removalSeq(namespace) : 0;
    this.barrier = this.#unlessAcknowledged(removalSeq);
    return NO_SLOT;
  }

  #unlessAcknowledged(seq: number): number {
    return seq > this.journal.ackSeq ? seq : 0;
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
    const { key, keyAt, keyLength, value, valueAt, valueLength, kind } = draft;
    const name = this.nameBytes(namespace);
    const bytes = recordBytes(deadlineMs, name.length, keyLength, valueLength);
    if (!this.#admit(bytes)) return "wait";
    const evict = this.evictBeside(bytes);
    const block = table.makeRoom(namespace, found, keyLength, valueLength, deadlineMs > 0, evict);
    if (block === NO_BLOCK) return this.#noRoom();
    // prettier-ignore
    const seq = this.journal.append(
      OP.SET, draft.ascii ? kind | ASCII : kind, deadlineMs, name, key, keyAt, keyLength, value, valueAt, valueLength,
    );
    // prettier-ignore
    table.put(
      namespace, hash, found, block, key, keyAt, keyLength, value, valueAt, valueLength,
      kind, draft.ascii, deadlineMs, seq,
    );
    return this.#done(seq, !isLive, deadlineMs);
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
    this.barrier = 0;
    if (isLive) this.barrier = this.#unlessAcknowledged(this.table.version(found));
    else if (found === NO_SLOT) {
      this.barrier = this.#unlessAcknowledged(this.table.namespaces.removalSeq(namespace));
    }
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
    const verdict = this.journal.admit(bytes);
    if (verdict === "ok") return true;
    this.bytesWanted = bytes;
    if (verdict === "wait") return false;
    throw verdict;
  }

  readonly #evict = (victim: SlotRef): boolean => {
    const bytes = this.#wantedBeyond + this.removalBytes(victim);
    this.evictionVerdict = this.journal.admit(bytes);
    if (this.evictionVerdict !== "ok") {
      this.bytesWanted = bytes;
      return false;
    }
    this.table.count(this.table.namespaceOf(victim), NAMESPACE_TOTAL.evictions);
    this.remove(victim, DELETE_REASON.evicted);
    return true;
  };

  #noRoom(): "wait" {
    if (this.evictionVerdict === "wait") return "wait";
    if (this.evictionVerdict !== "ok") throw this.evictionVerdict;
    throw memoryFull(this.table);
  }

  #valueTooLarge(length: number): PyKVError {
    const detail = `the value has ${length} bytes, the limit is ${this.#valueBytesMax}`;
    return new PyKVError("VALUE_TOO_LARGE", detail);
  }
}

export function memoryFull(table: Table): PyKVError {
  const detail =
    `${table.usedBytes} of ${table.maxBytes} bytes (--max-memory) are used` +
    (table.capacity > 0 ? `, a namespace holds at most ${table.capacity} keys (--capacity)` : "");
  return new PyKVError("MEMORY_FULL", `${detail}, and nothing may give way`);
}

/** Whether a condition holds for a key that is live or not, with this version. */
export function conditionHolds(condition: Condition, isLive: boolean, version: number): boolean {
  const { ifVersion, ifNotVersion, ifAbsent, ifPresent } = condition;
  if (ifVersion !== undefined && !(isLive && version === ifVersion)) return false;
  if (ifNotVersion !== undefined && isLive && version === ifNotVersion) return false;
  if (ifAbsent === true && isLive) return false;
  return !(ifPresent === true && !isLive);
}
