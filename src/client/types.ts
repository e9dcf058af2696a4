/**
 * What the SDK takes and gives, as types alone.
 *
 * Reports of the server (statistics, latencies, health) keep the names that REST gives them, so that
 * docs/rest.md describes both.
 */
import type { PyKVError } from "./errors.ts";
import type { RawJson } from "./values.ts";

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a key may hold: a string, bytes, or any JSON value. */
export type Value = Json | Uint8Array;

/** What has no form as JSON; a promise here is an `await` that was forgotten. */
type Unstorable =
  | undefined
  | bigint
  | symbol
  | ((...args: never) => unknown)
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | PromiseLike<unknown>;

type IsAny<T> = 0 extends 1 & T ? true : false;

/**
 * Accepts a `T` that can be stored. Interfaces are fine, which a plain `Json` would refuse because
 * they have no index signature.
 */
export type Storable<T> = T &
  (IsAny<T> extends true ? unknown : [Extract<T, Unstorable>] extends [never] ? unknown : never);

export interface RetryOptions {
  /** How often a request is tried in all, from 1; default 4. */
  readonly attempts: number;
  /** Before the second attempt at most this long, then twice that, and so on; default 50. */
  readonly baseDelayMs: number;
  /** Longest pause between two attempts that the client chooses by itself; default 2000. */
  readonly delayMsMax: number;
}

export interface PyKVOptions {
  /**
   * Where the server is, such as `https://kv.example.com/base`; default `http://127.0.0.1:8000`. Of
   * several, the first that works serves, and when it fails the next takes over.
   */
  readonly url?: string | readonly string[] | undefined;
  /** Default `default`. */
  readonly namespace?: string | undefined;
  /** Sent as `Authorization: Bearer`, for a proxy that asks for it. */
  readonly token?: string | undefined;
  /** How long one attempt may take, from the connection to the last byte; default 5000, 0 never ends. */
  readonly timeoutMs?: number | undefined;
  /** False tries once. */
  readonly retry?: Partial<RetryOptions> | false | undefined;
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface CallOptions {
  /** Ends the call, also while it waits to try again; it rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's own. */
  readonly timeoutMs?: number | undefined;
}

export interface TtlOption {
  /** Seconds until the key expires, above 0, fractions to the millisecond; null never. */
  readonly ttl?: number | null | undefined;
}

/** What must hold for a write to be made; all of those given. */
export interface Conditions {
  /** The key must have this version. */
  readonly ifVersion?: number | undefined;
  readonly ifAbsent?: boolean | undefined;
  readonly ifPresent?: boolean | undefined;
}

export interface SetOptions extends CallOptions, TtlOption, Conditions {}

export interface UpdateOptions extends CallOptions, TtlOption {
  readonly ifVersion?: number | undefined;
  /** Adds the key when it does not exist. */
  readonly upsert?: boolean | undefined;
}

export interface DeleteOptions extends CallOptions {
  readonly ifVersion?: number | undefined;
}

/** `ttl` counts when the key is new. */
export interface IncrementOptions extends CallOptions, TtlOption {}

export interface ListOptions extends CallOptions {
  /** Only keys that start with this. */
  readonly prefix?: string | undefined;
  /** Keys that one request brings, 1 to 10,000. */
  readonly pageSize?: number | undefined;
}

export interface PageOptions extends CallOptions {
  readonly prefix?: string | undefined;
  /** Keys in the page, 1 to 10,000; default 1000. */
  readonly limit?: number | undefined;
  /** Of the page before; null or absent starts. */
  readonly cursor?: string | null | undefined;
  /** Brings the entries as well. */
  readonly values?: boolean | undefined;
}

export interface Entry<T = Value> {
  readonly key: string;
  readonly value: T;
  /** Grows with every change of the key; for `ifVersion`. */
  readonly version: number;
  /** Seconds left, or null when the key does not expire. */
  readonly ttl: number | null;
  readonly namespace: string;
}

export interface BytesEntry {
  /** As they are stored: JSON is not parsed, nor written anew. */
  readonly bytes: Uint8Array;
  /** `binary` is what is not UTF-8; bytes that are UTF-8 cannot be told from text. */
  readonly kind: "text" | "json" | "binary";
  readonly version: number;
  readonly ttl: number | null;
}

export interface KeyedBytesEntry extends BytesEntry {
  readonly key: string;
}

export interface Written {
  readonly status: "created" | "updated";
  readonly key: string;
  readonly namespace: string;
  readonly version: number;
  readonly ttl: number | null;
}

export interface Page<T = Value> {
  readonly keys: string[];
  /** For the next page; null at the end. */
  readonly cursor: string | null;
  /** With `values`; keys that expired meanwhile are left out. */
  readonly entries?: Entry<T>[];
}

interface Target {
  readonly key: string;
  /** Default: the client's. */
  readonly namespace?: string | undefined;
}

export interface GetOperation extends Target {
  readonly op: "get";
}

export interface SetOperation extends Target, TtlOption, Conditions {
  readonly op: "set";
  /** As in `set`; what has no form as JSON is refused with INVALID_VALUE. */
  readonly value: Value | RawJson | object;
}

export interface DeleteOperation extends Target, Conditions {
  readonly op: "delete";
}

export interface IncrOperation extends Target, TtlOption, Conditions {
  readonly op: "incr";
  /** Default 1. A bigint is exact to 64 bits, and makes the result one. */
  readonly by?: number | bigint | undefined;
}

export type BatchOperation = GetOperation | SetOperation | DeleteOperation | IncrOperation;

interface ResultOf<Op extends string, Status extends string> {
  readonly op: Op;
  readonly status: Status;
  readonly key: string;
  readonly namespace: string;
}

/** Only where the batch is not atomic. */
interface Failed<Op extends string> extends ResultOf<Op, "failed"> {
  readonly error: PyKVError;
}

export type GetResult =
  (ResultOf<"get", "found"> & Entry) | ResultOf<"get", "not_found"> | Failed<"get">;

export type SetResult = (ResultOf<"set", "created" | "updated"> & Written) | Failed<"set">;

export type DeleteResult = ResultOf<"delete", "deleted" | "not_found"> | Failed<"delete">;

/** The sum is a bigint where `by` was one. */
export type IncrResult<N extends number | bigint = number | bigint> =
  (ResultOf<"incr", "updated"> & { readonly value: N; readonly version: number }) | Failed<"incr">;

export type BatchResult = GetResult | SetResult | DeleteResult | IncrResult;

/** The result that an operation has, by its `op`. */
export type BatchResultOf<Operation extends BatchOperation> = Operation extends GetOperation
  ? GetResult
  : Operation extends SetOperation
    ? SetResult
    : Operation extends DeleteOperation
      ? DeleteResult
      : Operation extends { readonly op: "incr"; readonly by: bigint }
        ? IncrResult<bigint>
        : Operation extends { readonly op: "incr"; readonly by?: number }
          ? IncrResult<number>
          : IncrResult;

export type BatchResults<Operations extends readonly BatchOperation[]> = {
  -readonly [Index in keyof Operations]: BatchResultOf<Operations[Index]>;
};

export interface BatchOptions extends CallOptions {
  /** All or none, the default: a condition that does not hold rejects and nothing is changed. */
  readonly atomic?: boolean | undefined;
}

export interface NamespaceStats {
  readonly cache_hits: number;
  readonly cache_misses: number;
  readonly total_keys: number;
  readonly evictions: number;
  readonly bytes: number;
}

/** GET /stats: of the whole store, and of the client's namespace. */
export interface Stats {
  readonly total_keys: number;
  readonly cache_hits: number;
  readonly cache_misses: number;
  readonly hit_ratio: number;
  readonly evictions: number;
  readonly expired: number;
  /** Records in the log since the last snapshot. */
  readonly log_size: number;
  readonly log_bytes: number;
  /** ISO 8601, or null when there was none. */
  readonly last_compaction: string | null;
  readonly uptime_seconds: number;
  readonly memory: {
    readonly used_bytes: number;
    readonly max_bytes: number;
    readonly arena_bytes: number;
    readonly wasted_bytes: number;
    readonly index_bytes: number;
  };
  readonly namespaces: Readonly<Record<string, NamespaceStats>>;
  readonly namespace: string;
  readonly namespace_stats: NamespaceStats;
}

export interface LatencyReport {
  readonly total_operations: number;
  readonly operations_per_second: number;
  readonly error_rate: number;
  readonly avg_latency_ms: number;
  readonly p50_latency_ms: number;
  readonly p95_latency_ms: number;
  readonly p99_latency_ms: number;
  readonly p999_latency_ms: number;
}

/** GET /performance: since the start, and over the last minute. */
export interface PerformanceReport extends LatencyReport {
  readonly per_operation: Readonly<Record<string, LatencyReport>>;
  readonly last_minute: LatencyReport & {
    readonly per_operation: Readonly<Record<string, LatencyReport>>;
  };
}

/** GET /health. */
export interface Health {
  readonly status: "healthy" | "degraded";
  /** Keys in the store. */
  readonly store_size: number;
  readonly log: "ok" | "failed" | "full" | "off";
  readonly version: string;
  /** Why it is not healthy. */
  readonly reason?: string;
}
