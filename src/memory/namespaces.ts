/**
 * The namespace directory: one fixed record a namespace, in the shard.
 *
 * A namespace is *live* while its name means it. Clearing one is O(1) whatever it holds: the record
 * becomes *dying*, loses its name, and a new record takes the name; what the old one held is given
 * back in the background. Since a namespace's number is mixed into the hash of its keys, the new one
 * can't see the entries of the old.
 *
 * A record whose namespace is empty is reused when no other is left. What must be known of a name
 * that is no longer in the directory, the highest seq that removed a key, is kept in record 0, which
 * stands for all of them. The map from names to numbers below is a cache of the directory and holds
 * nothing that the directory does not.
 */
import { assert } from "../base/assert.ts";
import { latin1Slice } from "../base/bytes.ts";
import { COUNTER, NAMESPACE_WORDS } from "./shard.ts";
import type { Shard } from "./shard.ts";

/** The number of a namespace, 1 to 65,534. */
export type NamespaceId = number & { readonly unit: "namespace-id" };
export const NO_NAMESPACE = 0 as NamespaceId;

/** 16 bits of a slot name the namespace. */
export const NAMESPACES_MAX = 65_534;

/** Fields of a record, in words from its start. */
export const NAMESPACE = {
  state: 0,
  nameLength: 1,
  lruHead: 2,
  lruTail: 3,
  /** Pages of slots, in the order in which they joined. */
  firstPage: 4,
  lastPage: 5,
  /** Pages of slots that have a free one. */
  partialPage: 6,
  keys: 8,
  /** Of an unused or a dying record: the next one of its kind. */
  nextOfKind: 9,
  /** Doubles from here on; see NAMESPACE_TOTAL. */
  totals: 16,
  name: 48,
} as const;

/** Fields that are doubles, in doubles from the start of the record. */
export const NAMESPACE_TOTAL = {
  bytes: 8,
  hits: 9,
  misses: 10,
  evictions: 11,
  expired: 12,
  /** The highest seq that removed a key here. */
  removalSeq: 13,
  /** The ordinal that the last page of slots got. */
  lastOrdinal: 14,
  /** Keys that have a deadline. */
  deadlines: 15,
} as const;

/** Totals that belong to what the record holds, not to the name. */
const OF_SLOTS: ReadonlySet<number> = new Set([
  NAMESPACE_TOTAL.bytes,
  NAMESPACE_TOTAL.lastOrdinal,
  NAMESPACE_TOTAL.deadlines,
]);
const OF_PAGES = [NAMESPACE.firstPage, NAMESPACE.lastPage, NAMESPACE.partialPage] as const;

const STATE = { unused: 0, live: 1, dying: 2 } as const;

export class Namespaces {
  readonly #shard: Shard;
  readonly #u32: Uint32Array;
  readonly #f64: Float64Array;
  readonly #ids = new Map<string, NamespaceId>();
  /** See `watch`. */
  #held: Set<string> | null = null;

  constructor(shard: Shard) {
    this.#shard = shard;
    this.#u32 = shard.u32;
    this.#f64 = shard.f64;
  }

  /** The namespace of that name, or NO_NAMESPACE. */
  find(name: string): NamespaceId {
    return this.#ids.get(name) ?? NO_NAMESPACE;
  }

  /**
   * The namespace of that name, made when there is none; NO_NAMESPACE when the directory is full
   * of namespaces that hold keys. The name must have been checked: 1 to 64 bytes of ASCII.
   */
  findOrCreate(name: string): NamespaceId {
    return this.#ids.get(name) ?? this.#create(name);
  }

  name(id: NamespaceId): string {
    const at = this.word(id);
    const from = (at + NAMESPACE.name) * 4;
    return latin1Slice(this.#shard.bytes, from, from + this.#u32[at + NAMESPACE.nameLength]!);
  }

  /** Whether the namespace has that name, given as bytes. */
  isNamed(id: NamespaceId, name: Uint8Array): boolean {
    const at = this.word(id);
    const { length } = name;
    if (this.#u32[at + NAMESPACE.nameLength] !== length) return false;
    const from = (at + NAMESPACE.name) * 4;
    const { u8 } = this.#shard;
    for (let i = 0; i < length; i++) if (u8[from + i] !== name[i]) return false;
    return true;
  }

  /** First word of the record. */
  word(id: NamespaceId): number {
    return this.#shard.namespacesAt + id * NAMESPACE_WORDS;
  }

  /** First double of the record. */
  double(id: NamespaceId): number {
    return (this.#shard.namespacesAt + id * NAMESPACE_WORDS) >>> 1;
  }

  keys(id: NamespaceId): number {
    return this.#u32[this.word(id) + NAMESPACE.keys]!;
  }

  keyAdded(id: NamespaceId): void {
    if (this.#u32[this.word(id) + NAMESPACE.keys]!++ > 0) return;
    this.#u32[COUNTER.emptyNamespaces]!--;
    if (this.#held !== null && !this.isOverfull(this.#held)) this.#held.add(this.name(id));
  }

  keyRemoved(id: NamespaceId): void {
    const left = --this.#u32[this.word(id) + NAMESPACE.keys]!;
    if (left === 0 && this.isLive(id)) this.#u32[COUNTER.emptyNamespaces]!++;
  }

  /** Names of all namespaces that hold a key now or at any time until `unwatch`. */
  watch(): ReadonlySet<string> {
    this.#held = new Set();
    for (const id of this.live()) if (this.keys(id) > 0) this.#held.add(this.name(id));
    return this.#held;
  }

  unwatch(): void {
    this.#held = null;
  }

  /** Whether these are more than could hold keys at the same time. */
  isOverfull(names: ReadonlySet<string>): boolean {
    return names.size > this.#shard.namespacesMax;
  }

  total(id: NamespaceId, field: number): number {
    return this.#f64[this.double(id) + field]!;
  }

  /** The highest seq that removed a key of the namespace; of NO_NAMESPACE, of any forgotten one. */
  removalSeq(id: NamespaceId): number {
    return this.total(id, NAMESPACE_TOTAL.removalSeq);
  }

  isLive(id: NamespaceId): boolean {
    return this.#u32[this.word(id) + NAMESPACE.state] === STATE.live;
  }

  isDying(id: NamespaceId): boolean {
    return this.#u32[this.word(id) + NAMESPACE.state] === STATE.dying;
  }

  /** Numbers of all live namespaces, in order. */
  *live(): Generator<NamespaceId> {
    for (let id = 1; id <= this.top; id++) {
      if (this.isLive(id as NamespaceId)) yield id as NamespaceId;
    }
  }

  /** The highest number ever used. */
  get top(): number {
    return this.#u32[COUNTER.namespacesTop]!;
  }

  get dying(): number {
    return this.#u32[COUNTER.dyingNamespaces]!;
  }

  /** A dying namespace, or NO_NAMESPACE. */
  firstDying(): NamespaceId {
    return this.#u32[COUNTER.firstDyingNamespace]! as NamespaceId;
  }

  /**
   * Turns the record into a dying one and gives its name, its counters, and nothing else to a new
   * record, which it returns; NO_NAMESPACE, and nothing changed, when the directory is full.
   */
  detach(id: NamespaceId): NamespaceId {
    assert(this.isLive(id) && this.keys(id) > 0, "what is emptied is live and not empty");
    const fresh = this.#unusedRecord();
    if (fresh === NO_NAMESPACE) return NO_NAMESPACE;
    const name = this.name(id);
    const from = this.double(id);
    this.#initialise(fresh, name);
    const to = this.double(fresh);
    for (const field of Object.values(NAMESPACE_TOTAL)) {
      if (!OF_SLOTS.has(field)) this.#f64[to + field] = this.#f64[from + field]!;
    }
    this.#push(COUNTER.firstDyingNamespace, id, STATE.dying);
    this.#u32[COUNTER.dyingNamespaces]!++;
    return fresh;
  }

  /**
   * Two live namespaces exchange what they hold; hits and the like stay with the names. In O(1): the
   * records exchange their names, and all that leads to what they hold stays as it is.
   *
   * @param seq what both names have seen keys go by
   */
  swap(one: NamespaceId, other: NamespaceId, seq: number): void {
    assert(this.isLive(one) && this.isLive(other) && one !== other, "two live ones are swapped");
    const [name, otherName] = [this.name(one), this.name(other)];
    const [at, otherAt] = [this.double(one), this.double(other)];
    for (const field of Object.values(NAMESPACE_TOTAL)) {
      if (OF_SLOTS.has(field)) continue;
      const total = this.#f64[at + field]!;
      this.#f64[at + field] = this.#f64[otherAt + field]!;
      this.#f64[otherAt + field] = total;
    }
    this.#rename(one, otherName, seq);
    this.#rename(other, name, seq);
  }

  /** Gives back the record of `firstDying`, which holds nothing any more. */
  bury(id: NamespaceId): void {
    assert(id === this.firstDying() && this.keys(id) === 0, "what is buried is dead");
    this.#pop(COUNTER.firstDyingNamespace);
    this.#push(COUNTER.firstUnusedNamespace, id, STATE.unused);
    this.#u32[COUNTER.dyingNamespaces]!--;
  }

  #create(name: string): NamespaceId {
    const id = this.#unusedRecord();
    if (id === NO_NAMESPACE) return NO_NAMESPACE;
    this.#initialise(id, name);
    // The name may have been in the directory before.
    this.#f64[this.double(id) + NAMESPACE_TOTAL.removalSeq] = this.removalSeq(NO_NAMESPACE);
    return id;
  }

  #initialise(id: NamespaceId, name: string): void {
    const u32 = this.#u32;
    const at = this.word(id);
    // A page of slots that was got ready and never used stays with the record.
    const pages = OF_PAGES.map((field) => u32[at + field]!);
    const ordinal = this.total(id, NAMESPACE_TOTAL.lastOrdinal);
    u32.fill(0, at, at + NAMESPACE_WORDS);
    OF_PAGES.forEach((field, i) => (u32[at + field] = pages[i]!));
    this.#f64[this.double(id) + NAMESPACE_TOTAL.lastOrdinal] = ordinal;
    u32[at + NAMESPACE.state] = STATE.live;
    u32[COUNTER.emptyNamespaces]!++;
    this.#setName(id, name);
  }

  #rename(id: NamespaceId, name: string, seq: number): void {
    this.#setName(id, name);
    this.#f64[this.double(id) + NAMESPACE_TOTAL.removalSeq] = seq;
    if (this.#held !== null && this.keys(id) > 0) this.#held.add(name);
  }

  #setName(id: NamespaceId, name: string): void {
    const at = this.word(id);
    this.#u32[at + NAMESPACE.nameLength] = name.length;
    // With the length left out node would take the 4 GiB to the end for one, and write nothing.
    this.#shard.bytes.write(name, (at + NAMESPACE.name) * 4, name.length, "latin1");
    this.#ids.set(name, id);
  }

  #unusedRecord(): NamespaceId {
    if (this.#u32[COUNTER.firstUnusedNamespace] !== 0) {
      return this.#pop(COUNTER.firstUnusedNamespace);
    }
    const top = this.top;
    if (top === this.#shard.namespacesMax) return this.#forgetEmpty();
    this.#u32[COUNTER.namespacesTop] = top + 1;
    return (top + 1) as NamespaceId;
  }

  /** Takes the record of a namespace without keys, the search going round the directory. */
  #forgetEmpty(): NamespaceId {
    const top = this.top;
    if (this.#u32[COUNTER.emptyNamespaces] === 0) return NO_NAMESPACE;
    let id = this.#u32[COUNTER.emptyCursor]! as NamespaceId;
    for (let looks = 0; looks < top; looks++) {
      id = ((id % top) + 1) as NamespaceId;
      if (!this.isLive(id) || this.keys(id) > 0) continue;
      this.#u32[COUNTER.emptyCursor] = id;
      this.#u32[COUNTER.emptyNamespaces]!--;
      this.#ids.delete(this.name(id));
      const removal = Math.max(this.removalSeq(NO_NAMESPACE), this.removalSeq(id));
      this.#f64[this.double(NO_NAMESPACE) + NAMESPACE_TOTAL.removalSeq] = removal;
      return id;
    }
    return NO_NAMESPACE;
  }

  #push(list: number, id: NamespaceId, state: number): void {
    const at = this.word(id);
    this.#u32[at + NAMESPACE.state] = state;
    this.#u32[at + NAMESPACE.nextOfKind] = this.#u32[list]!;
    this.#u32[list] = id;
  }

  #pop(list: number): NamespaceId {
    const id = this.#u32[list]! as NamespaceId;
    this.#u32[list] = this.#u32[this.word(id) + NAMESPACE.nextOfKind]!;
    return id;
  }
}
