/**
 * What GET /events sends, as the console reads it; test/ui/events-types.test.ts holds it against the
 * server's own schema.
 */

/** The figures of a second that the server keeps for the charts; rates are per second. */
export const COLUMNS = [
  "time_ms",
  "ops_get",
  "ops_set",
  "ops_delete",
  "ops_incr",
  "ops_expire",
  "ops_list",
  "ops_batch",
  "ops_other",
  "rest_ops",
  "redis_ops",
  "rest_p50_ms",
  "rest_p95_ms",
  "rest_p99_ms",
  "redis_p50_ms",
  "redis_p95_ms",
  "redis_p99_ms",
  "hit_ratio",
  "lookups",
  "keys",
  "memory_bytes",
  "evictions",
  "expirations",
  "records",
  "log_bytes",
  "lag_records",
] as const;

export type Column = (typeof COLUMNS)[number];

/** Null where there was nothing to measure, such as a latency in a second without requests. */
export type Columns = Readonly<Record<Column, readonly (number | null)[]>>;

export interface NamespaceFigures {
  readonly name: string;
  readonly total_keys: number;
  readonly bytes: number;
  readonly cache_hits: number;
  readonly cache_misses: number;
  readonly evictions: number;
  readonly expired: number;
  readonly reads_per_second: number;
}

/** What is true now and needs no history. */
export interface Now {
  readonly version: string;
  readonly uptime_seconds: number;
  readonly health: {
    readonly status: "healthy" | "degraded";
    readonly reasons: readonly string[];
    readonly log: "ok" | "failed" | "full" | "off";
  };
  readonly memory_max_bytes: number;
  readonly totals: {
    readonly keys: number;
    readonly cache_hits: number;
    readonly cache_misses: number;
    readonly evictions: number;
    readonly expired: number;
  };
  readonly log: {
    readonly fsync: "always" | "everysec" | "no" | null;
    readonly records: number;
    readonly bytes: number;
    readonly segments: number;
    readonly last_seq: number;
    readonly durable_seq: number;
    readonly unsynced_bytes: number;
  };
  readonly compaction: {
    readonly running: boolean;
    readonly last: string | null;
    readonly last_seconds: number | null;
    readonly snapshot_bytes: number;
  };
  readonly redis_connections: number | null;
  readonly namespace_count: number;
  readonly namespaces: readonly NamespaceFigures[];
}

export interface HistoryEvent {
  readonly interval_seconds: number;
  readonly columns: Columns;
  /** Reads per second of the busiest, a number for each interval, the newest last. */
  readonly namespaces: Readonly<Record<string, readonly number[]>>;
  readonly now: Now;
}

export interface SampleEvent {
  readonly figures: Readonly<Record<Column, number | null>>;
  readonly now: Now;
}
