/**
 * The in-process door: a store inside one's own program.
 *
 * Reads are synchronous and see every write made before them in this process, acknowledged or not.
 * Writes resolve once they are acknowledged, as the fsync policy says; they take effect in the order
 * in which they were called, awaited or not. Strings come back as strings, bytes as bytes, anything
 * else as the JSON it was.
 */
import { PyKVError, toError } from "../base/errors.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import { DEFAULT_NAMESPACE, checkNamespace } from "./names.ts";
import type { Store } from "./store.ts";
import type { Condition, ListPage, StoreStats } from "./types.ts";
import { KIND } from "../memory/entry.ts";

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** What may be stored: a string, bytes, or any JSON value. */
export type Value = Json | Uint8Array;

export interface WriteOptions extends Condition {
  /** Seconds until the key expires, fractions to the millisecond; null or absent is never. */
  readonly ttl?: number | null | undefined;
}

export interface SetOptions extends WriteOptions {
  /** Keeps the deadline that the key has; `ttl` then counts only when the key is new. */
  readonly keepTtl?: boolean | undefined;
}

export interface Meta<T> {
  readonly value: T;
  /** Grows with every change of the key; for `ifVersion`. */
  readonly version: number;
  /** Seconds left, or null when the key does not expire. */
  readonly ttl: number | null;
}

export interface ListOptions {
  readonly prefix?: string | undefined;
  /** 1 to 10,000; default 1000. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | undefined;
}

const LIST_LIMIT = 1000;
const LIST_LIMIT_MAX = 10_000;
const MS = 1000;
/** Deadlines are kept in 48 bits. */
const TTL_SECONDS_MAX = 100 * 365 * 24 * 3600;

export class Kv {
  readonly #store: Store;
  readonly #namespace: string;

  /** Use `open`. */
  constructor(store: Store, namespace = DEFAULT_NAMESPACE) {
    checkNamespace(namespace);
    this.#store = store;
    this.#namespace = namespace;
  }

  /** The same store, seen through another namespace. Throws INVALID_NAMESPACE. */
  namespace(name: string): Kv {
    return new Kv(this.#store, name);
  }

  /**
   * The value, or undefined. Makes the key the most recently used. Throws INVALID_KEY.
   * Cost: O(1); a copy of the value.
   */
  get<T = Value>(key: string): T | undefined {
    const slot = this.#store.find(this.#namespace, key, true);
    return slot === NO_SLOT ? undefined : (this.#value(slot) as T);
  }

  /** The value with its version and its time left, or undefined. */
  getWithMeta<T = Value>(key: string): Meta<T> | undefined {
    const slot = this.#store.find(this.#namespace, key, true);
    if (slot === NO_SLOT) return undefined;
    const { table } = this.#store.engine;
    const ttl = this.#secondsLeft(table.deadline(slot));
    return { value: this.#value(slot) as T, version: table.version(slot), ttl };
  }

  /** Whether the key is there; neither a use of it nor a hit or a miss. */
  has(key: string): boolean {
    return this.#store.find(this.#namespace, key, false) !== NO_SLOT;
  }

  /** Seconds until the key expires; null when it does not, undefined when it is not there. */
  ttl(key: string): number | null | undefined {
    const slot = this.#store.find(this.#namespace, key, false);
    if (slot === NO_SLOT) return undefined;
    return this.#secondsLeft(this.#store.engine.table.deadline(slot));
  }

  /**
   * Adds or replaces. Resolves with the new version once that is acknowledged, or with null when a
   * condition does not hold. Rejects with INVALID_KEY, INVALID_VALUE, INVALID_TTL, VALUE_TOO_LARGE,
   * MEMORY_FULL, DISK_FULL or SHUTTING_DOWN; then nothing has changed. After LOG_FAILED, which ends
   * all writing, the change may show in memory and may or may not be there after a restart.
   */
  set(key: string, value: Value, options?: SetOptions): Promise<number | null> {
    if (options === undefined && typeof value === "string") {
      return this.#store.put(this.#namespace, key, value, "text", 0, null);
    }
    try {
      return this.#set(key, value, options ?? {});
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  /** Resolves with whether the key was there (and the conditions held) and is gone now. */
  async delete(key: string, condition?: Condition): Promise<boolean> {
    const namespace = this.#namespace;
    return (await this.#store.delete({ ...condition, namespace, key })).done;
  }

  /**
   * Adds to an integer, 0 when the key is not there; `ttl` counts when the key is new. Resolves with
   * the sum, or null when a condition does not hold. Rejects with NOT_AN_INTEGER, also for a sum
   * outside 64 bits, and RangeError for one that a number can't hold: pass `by` as bigint for those.
   */
  increment(key: string, by?: number, options?: WriteOptions): Promise<number | null>;
  increment(key: string, by: bigint, options?: WriteOptions): Promise<bigint | null>;
  async increment(
    key: string,
    by: number | bigint = 1,
    options: WriteOptions = {},
  ): Promise<number | bigint | null> {
    if (typeof by === "number" && !Number.isSafeInteger(by)) {
      throw new PyKVError("INVALID_REQUEST", "by must be a whole number");
    }
    const { ttl, ...condition } = options;
    const deadlineMs = this.#deadline(ttl);
    const namespace = this.#namespace;
    const request = { ...condition, namespace, key, by: BigInt(by), deadlineMs };
    const outcome = await this.#store.increment(request);
    if (!outcome.done) return null;
    if (typeof by === "bigint") return outcome.value;
    const sum = Number(outcome.value);
    if (Number.isSafeInteger(sum)) return sum;
    throw new RangeError(`the sum is ${outcome.value}, which needs a bigint; it was stored`);
  }

  /** Sets the time to live, in seconds; null clears it. Resolves with whether the key was there. */
  async expire(key: string, ttl: number | null, condition?: Condition): Promise<boolean> {
    const deadlineMs = this.#deadline(ttl);
    const namespace = this.#namespace;
    return (await this.#store.expire({ ...condition, namespace, key, deadlineMs })).done;
  }

  /** Clears the time to live. Resolves with whether the key was there. */
  persist(key: string, condition?: Condition): Promise<boolean> {
    return this.expire(key, null, condition);
  }

  /**
   * A page of keys, in no particular order; every key that is there throughout a listing is in
   * exactly one of its pages. Rejects with INVALID_CURSOR.
   */
  async list(options: ListOptions = {}): Promise<{ keys: string[]; cursor: string | null }> {
    const { prefix, cursor, limit = LIST_LIMIT } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT_MAX) {
      throw new PyKVError("INVALID_REQUEST", `limit is 1 to ${LIST_LIMIT_MAX}`);
    }
    const page: ListPage = await this.#store.list({
      namespace: this.#namespace,
      prefix,
      limit,
      cursor,
    });
    return { keys: page.items.map((item) => item.key), cursor: page.cursor };
  }

  /** Deletes every key of this namespace, at once; resolves with how many there were. */
  clear(): Promise<number> {
    return this.#store.clear(this.#namespace);
  }

  /** Names of all namespaces that hold keys. */
  namespaces(): string[] {
    return this.#store.namespaces();
  }

  /** Keys in this namespace. */
  get size(): number {
    return this.#store.keyCount(this.#namespace);
  }

  stats(): StoreStats {
    return this.#store.stats();
  }

  /** Takes a snapshot and shortens the log. Rejects with COMPACTION_RUNNING, DISK_FULL, ... */
  compact(): Promise<{ entries: number; bytes: number; seconds: number }> {
    return this.#store.compact();
  }

  /** Resolves when every write so far is on disk, under any fsync policy. */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  /** Makes everything durable and lets go of the data directory. */
  close(): Promise<void> {
    return this.#store.close();
  }

  #set(key: string, value: Value, options: SetOptions): Promise<number | null> {
    const { ttl, keepTtl, ...condition } = options;
    const deadlineMs = this.#deadline(ttl);
    const namespace = this.#namespace;
    const { kind, bytes } = encode(value);
    if (keepTtl !== true) {
      return this.#store.put(namespace, key, bytes, kind, deadlineMs, condition);
    }
    const request = { ...condition, namespace, key, kind, value: bytes, deadlineMs };
    return this.#store
      .set({ ...request, keepDeadline: true })
      .then((outcome) => (outcome.done ? outcome.version : null));
  }

  #value(slot: SlotRef): unknown {
    const { table } = this.#store.engine;
    const kind = table.kind(slot);
    if (kind === KIND.text) return table.valueText(slot);
    if (kind === KIND.json) return JSON.parse(table.valueText(slot)) as unknown;
    const from = table.valueAt(slot);
    return Buffer.from(table.shard.bytes.subarray(from, from + table.valueLength(slot)));
  }

  #deadline(ttl: number | null | undefined): number {
    if (ttl === null || ttl === undefined) return 0;
    if (!(ttl > 0 && ttl <= TTL_SECONDS_MAX)) {
      throw new PyKVError("INVALID_TTL", `ttl is in seconds, above 0, at most ${TTL_SECONDS_MAX}`);
    }
    return this.#store.engine.clock.nowMs() + Math.max(1, Math.round(ttl * MS));
  }

  #secondsLeft(deadlineMs: number): number | null {
    if (deadlineMs === 0) return null;
    return (deadlineMs - this.#store.engine.clock.nowMs()) / MS;
  }
}

function encode(value: Value): { kind: "text" | "json" | "bytes"; bytes: string | Uint8Array } {
  if (typeof value === "string") return { kind: "text", bytes: value };
  if (value instanceof Uint8Array) return { kind: "bytes", bytes: value };
  const json = JSON.stringify(value) as string | undefined;
  if (json !== undefined) return { kind: "json", bytes: json };
  throw new PyKVError("INVALID_VALUE", "the value is no JSON: undefined, a function or a symbol");
}
