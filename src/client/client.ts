/**
 * The client: every operation of the server as a method, over fetch.
 *
 * It keeps no connection of its own and no state but which server works, so that one instance serves
 * a whole program, and `namespace(name)` is as cheap as an object.
 */
import { runBatch } from "./batch.ts";
import { checkNamespace, DEFAULT_NAMESPACE } from "./keys.ts";
import { listBytes, listEntries, listKeys, listPage } from "./listing.ts";
import { hasKey, readBytes, readEntry } from "./reading.ts";
import * as reports from "./reports.ts";
import { Transport } from "./transport.ts";
import type { Scope } from "./scope.ts";
import type {
  BatchOperation,
  BatchOptions,
  BatchResults,
  BytesEntry,
  CallOptions,
  DeleteOptions,
  Entry,
  Health,
  IncrementOptions,
  KeyedBytesEntry,
  ListOptions,
  Page,
  PageOptions,
  PerformanceReport,
  PyKVOptions,
  SetOptions,
  Stats,
  Storable,
  UpdateOptions,
  Value,
  Written,
} from "./types.ts";
import type { RawJson } from "./values.ts";
import { deleteKey, incrementKey, numberOf, setKey, setTtl, updateKey } from "./writing.ts";

/**
 * A PyKV server, seen through one of its namespaces.
 *
 * Every method rejects with a `PyKVError`: beside the codes named at the method, with UNREACHABLE,
 * TIMED_OUT, ABORTED or BAD_RESPONSE, and with INVALID_KEY for what is no key. A write is resolved
 * when it is as durable as the server's `--fsync` says. A write that rejects with UNREACHABLE,
 * TIMED_OUT or ABORTED may have been made or not; with any other code it was not.
 *
 *   const kv = new PyKV({ url: "http://127.0.0.1:8000" });
 *   await kv.set("user:1", { name: "Ada" }, { ttl: 3600 });
 *   await kv.get<User>("user:1");
 */
export class PyKV {
  readonly #scope: Scope;

  /**
   * Connects to nothing yet; the first call does.
   *
   * @param options where the server is and how to talk to it.
   * @param transport for `namespace`, which shares the one of the client it is called on.
   * @throws INVALID_OPTION, INVALID_NAMESPACE.
   */
  constructor(options: PyKVOptions = {}, transport: Transport = new Transport(options)) {
    const namespace = checkNamespace(options.namespace ?? DEFAULT_NAMESPACE);
    this.#scope = { transport, namespace };
  }

  get namespaceName(): string {
    return this.#scope.namespace;
  }

  /** Base URL of the server that the next call asks. */
  get url(): string {
    return this.#scope.transport.url;
  }

  /** The same server, seen through another namespace. @throws INVALID_NAMESPACE. */
  namespace(name: string): PyKV {
    return new PyKV({ namespace: name }, this.#scope.transport);
  }

  /**
   * The value, or undefined when there is no such key. Strings come back as strings and JSON as what
   * it means. Bytes come back as a Uint8Array unless they happen to be UTF-8, which cannot be told
   * from text: use `getBytes` for those. `T` is what you say it is; nothing checks it.
   */
  async get<T = Value>(key: string, options?: CallOptions): Promise<T | undefined> {
    return (await readEntry<T>(this.#scope, key, options))?.value;
  }

  /** The value with its version, for `ifVersion`, and the seconds it has left. */
  getWithMeta<T = Value>(key: string, options?: CallOptions): Promise<Entry<T> | undefined> {
    return readEntry<T>(this.#scope, key, options);
  }

  /** The stored bytes themselves: JSON is neither parsed nor written anew. */
  getBytes(key: string, options?: CallOptions): Promise<BytesEntry | undefined> {
    return readBytes(this.#scope, key, options);
  }

  /**
   * Whether the key is there; counts neither as a use of it nor as a hit. Node's fetch closes its
   * connection after this one, for it is a HEAD request; in a hot loop `get` is cheaper.
   */
  has(key: string, options?: CallOptions): Promise<boolean> {
    return hasKey(this.#scope, key, options);
  }

  /**
   * Adds or replaces; without `ttl` the key does not expire. Rejects with CONDITION_FAILED when a
   * condition does not hold, INVALID_VALUE, INVALID_TTL, VALUE_TOO_LARGE, MEMORY_FULL, DISK_FULL or
   * LOG_FAILED.
   */
  set<T>(
    key: string,
    value: Value | RawJson | Storable<T>,
    options?: SetOptions,
  ): Promise<Written> {
    return setKey(this.#scope, key, value, options);
  }

  /**
   * Replaces the value of a key that exists; its ttl stays unless given, and null clears it. Rejects
   * with KEY_NOT_FOUND, and otherwise as `set`.
   */
  update<T>(
    key: string,
    value: Value | RawJson | Storable<T>,
    options?: UpdateOptions,
  ): Promise<Written> {
    return updateKey(this.#scope, key, value, options);
  }

  /**
   * Resolves with whether the key was there, and is gone now. Rejects with CONDITION_FAILED when it
   * has another version than `ifVersion`.
   */
  delete(key: string, options?: DeleteOptions): Promise<boolean> {
    return deleteKey(this.#scope, key, options);
  }

  /**
   * Adds to a 64-bit integer, atomically; a key that does not exist counts as 0, and `ttl` applies
   * when it is added. Resolves with the sum. Rejects with NOT_AN_INTEGER, also for a sum that 64 bits
   * cannot hold.
   *
   * With a number, rejects with BAD_RESPONSE when the sum is beyond 2^53; it was added all the same.
   * With a bigint, all 64 bits are exact.
   */
  increment(key: string, by?: number, options?: IncrementOptions): Promise<number>;
  increment(key: string, by: bigint, options?: IncrementOptions): Promise<bigint>;
  async increment(
    key: string,
    by?: number | bigint,
    options?: IncrementOptions,
  ): Promise<number | bigint> {
    const sum = await incrementKey(this.#scope, key, by, options);
    return typeof by === "bigint" ? sum : numberOf(sum);
  }

  /** Lets a key expire after so many seconds from now. False when there is no such key. */
  expire(key: string, ttlSeconds: number, options?: CallOptions): Promise<boolean> {
    return setTtl(this.#scope, key, ttlSeconds, options);
  }

  /** Lets a key stay. False when there is no such key. */
  persist(key: string, options?: CallOptions): Promise<boolean> {
    return setTtl(this.#scope, key, null, options);
  }

  /**
   * All keys, in no order, asked for a page at a time. A key that exists all the while is listed; one
   * that comes or goes may be or not, and a key may be listed twice.
   */
  list(options?: ListOptions): AsyncIterable<string> {
    return listKeys(this.#scope, options);
  }

  /** Like `list`, with values, versions and ttls. */
  entries<T = Value>(options?: ListOptions): AsyncIterable<Entry<T>> {
    return listEntries<T>(this.#scope, options);
  }

  /** Like `entries`, with the stored bytes themselves, as `getBytes` gives them. */
  bytesEntries(options?: ListOptions): AsyncIterable<KeyedBytesEntry> {
    return listBytes(this.#scope, options);
  }

  /** One page. Rejects with INVALID_CURSOR, or VALUE_TOO_LARGE when its values exceed 64 MiB. */
  listPage<T = Value>(options?: PageOptions): Promise<Page<T>> {
    return listPage<T>(this.#scope, options);
  }

  /**
   * Up to 10,000 operations in order, in one request, with a result each. Atomic (the default) makes
   * all or none of them: rejects with CONDITION_FAILED, NOT_AN_INTEGER and the errors of `set`.
   * Otherwise a failed operation has the status `failed` and an `error`, and the others are made.
   */
  async batch<const Operations extends readonly BatchOperation[]>(
    operations: Operations,
    options?: BatchOptions,
  ): Promise<BatchResults<Operations>> {
    const results = await runBatch(this.#scope, operations, options);
    return results as unknown as BatchResults<Operations>;
  }

  /** Names of all namespaces that hold keys. */
  namespaces(options?: CallOptions): Promise<string[]> {
    return reports.readNamespaces(this.#scope, options);
  }

  /** How many keys the namespace holds. */
  size(options?: CallOptions): Promise<number> {
    return reports.countKeys(this.#scope, options);
  }

  /** Deletes every key of the namespace; resolves with how many there were. */
  clear(options?: CallOptions): Promise<number> {
    return reports.clearNamespace(this.#scope, options);
  }

  /** Figures of the whole store, and of this namespace. */
  stats(options?: CallOptions): Promise<Stats> {
    return reports.readStats(this.#scope, options);
  }

  /** Rates and latencies. */
  performance(options?: CallOptions): Promise<PerformanceReport> {
    return reports.readPerformance(this.#scope, options);
  }

  /** How the server is; `degraded` resolves as well, with the reason. Not retried. */
  health(options?: CallOptions): Promise<Health> {
    return reports.readHealth(this.#scope, options);
  }

  /** Whether a server serves: false while it starts or stops, and when none is reached. Not retried. */
  ready(options?: CallOptions): Promise<boolean> {
    return reports.isReady(this.#scope, options);
  }

  /** Starts a snapshot. Rejects with COMPACTION_RUNNING while one is being taken. */
  compact(options?: CallOptions): Promise<void> {
    return reports.startCompaction(this.#scope, options);
  }
}
