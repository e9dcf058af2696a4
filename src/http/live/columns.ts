/**
 * The figures of one second, in the order in which the server keeps them: what each is called in
 * GET /events, and what it says. A rate is over the time since the second before.
 */
import type { Operation } from "../../store/performance.ts";

export const COLUMN_DOCS = {
  time_ms: "When, in milliseconds since 1970",
  ops_get: "Reads of keys per second, both doors",
  ops_set: "Writes of values per second, both doors",
  ops_delete: "Deletions per second, both doors",
  ops_incr: "Increments per second, both doors",
  ops_expire: "Changes of a time to live per second, both doors",
  ops_list: "Listings and scans per second, both doors",
  ops_batch: "Batches per second, over REST",
  ops_other: "Everything else per second, both doors",
  rest_ops: "REST requests per second",
  redis_ops: "Redis commands per second",
  rest_p50_ms: "Half of the REST requests took no longer",
  rest_p95_ms: "95 % of the REST requests took no longer",
  rest_p99_ms: "99 % of the REST requests took no longer",
  redis_p50_ms: "Half of the Redis commands took no longer",
  redis_p95_ms: "95 % of the Redis commands took no longer",
  redis_p99_ms: "99 % of the Redis commands took no longer",
  hit_ratio: "Share of the lookups that found their key, 0 to 1",
  lookups: "Keys looked up per second, through whatever door",
  keys: "Keys in the store",
  memory_bytes: "Memory that counts against the limit",
  evictions: "Keys evicted per second",
  expirations: "Keys expired per second",
  records: "Records logged per second",
  log_bytes: "Size of the log",
  lag_records: "Records written and not yet known durable",
} as const;

export type Column = keyof typeof COLUMN_DOCS;

export const COLUMNS = Object.keys(COLUMN_DOCS) as readonly Column[];

/** Where each column is in a row. */
export const AT = Object.fromEntries(COLUMNS.map((name, at) => [name, at])) as Readonly<
  Record<Column, number>
>;

/** Under which column an operation of REST counts. */
export const COLUMN_OF_OPERATION: Readonly<Record<Operation, Column>> = {
  get: "ops_get",
  set: "ops_set",
  update: "ops_set",
  delete: "ops_delete",
  incr: "ops_incr",
  expire: "ops_expire",
  list: "ops_list",
  batch: "ops_batch",
  namespaces: "ops_other",
  other: "ops_other",
};
