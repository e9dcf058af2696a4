/** What GET /events sends, for the OpenAPI document and the tests that hold the events against it. */
import { Type } from "typebox";
import { COLUMNS, COLUMN_DOCS } from "./columns.ts";
import type { Column } from "./columns.ts";

const STRICT = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const Rate = Type.Number({ minimum: 0 });

function Figure(description?: string) {
  return Type.Unsafe<number | null>({
    type: ["number", "null"],
    ...(description === undefined ? {} : { description }),
  });
}

type Of<T> = Readonly<Record<Column, T>>;

const Figures = Type.Unsafe<Of<number | null>>(
  Type.Object(Object.fromEntries(COLUMNS.map((name) => [name, Figure(COLUMN_DOCS[name])])), STRICT),
);

const Columns = Type.Unsafe<Of<(number | null)[]>>(
  Type.Object(
    Object.fromEntries(
      COLUMNS.map((name) => [name, Type.Array(Figure(), { description: COLUMN_DOCS[name] })]),
    ),
    STRICT,
  ),
);

const Namespace = Type.Object(
  {
    name: Type.String(),
    total_keys: Count,
    bytes: Count,
    cache_hits: Count,
    cache_misses: Count,
    evictions: Count,
    expired: Count,
    reads_per_second: Rate,
  },
  STRICT,
);

const Health = Type.Object(
  {
    status: Type.Union([Type.Literal("healthy"), Type.Literal("degraded")]),
    reasons: Type.Array(Type.String()),
    log: Type.Union(["ok", "failed", "full", "off"].map((each) => Type.Literal(each))),
  },
  STRICT,
);

const Log = Type.Object(
  {
    fsync: Type.Unsafe<"always" | "everysec" | "no" | null>({
      enum: ["always", "everysec", "no", null],
      description: "Null without a data directory",
    }),
    records: Type.Integer({ minimum: 0, description: "Since the last snapshot" }),
    bytes: Count,
    segments: Count,
    last_seq: Count,
    durable_seq: Count,
    unsynced_bytes: Count,
  },
  STRICT,
);

const Compaction = Type.Object(
  {
    running: Type.Boolean(),
    last: Type.Unsafe<string | null>({ type: ["string", "null"], description: "ISO 8601" }),
    last_seconds: Type.Unsafe<number | null>({ type: ["number", "null"], minimum: 0 }),
    snapshot_bytes: Count,
  },
  STRICT,
);

const Now = Type.Object(
  {
    version: Type.String(),
    uptime_seconds: Rate,
    health: Health,
    memory_max_bytes: Count,
    totals: Type.Object(
      { keys: Count, cache_hits: Count, cache_misses: Count, evictions: Count, expired: Count },
      STRICT,
    ),
    log: Log,
    compaction: Compaction,
    redis_connections: Type.Unsafe<number | null>({
      type: ["integer", "null"],
      minimum: 0,
      description: "Null when the Redis door is off",
    }),
    namespace_count: Type.Integer({ minimum: 0, description: "Namespaces that hold keys" }),
    namespaces: Type.Array(Namespace, { description: "At most 20, the busiest first" }),
  },
  STRICT,
);

export const HistoryEvent = Type.Object(
  {
    interval_seconds: Type.Number({ exclusiveMinimum: 0 }),
    columns: Columns,
    namespaces: Type.Record(Type.String(), Type.Array(Rate), {
      description: "Reads per second, a number for each interval, the newest last",
    }),
    now: Now,
  },
  { ...STRICT, description: "Data of the event `history`: up to 900 intervals, the newest last" },
);

export const SampleEvent = Type.Object(
  { figures: Figures, now: Now },
  { ...STRICT, description: "Data of the event `sample`" },
);

export const EventsQuery = Type.Object(
  {
    since: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          "The id of the last event that was seen, for clients that cannot send Last-Event-ID, " +
          "which counts for more. The history then has only what came after it.",
        examples: ["m3x1k2-41"],
      }),
    ),
  },
  STRICT,
);
