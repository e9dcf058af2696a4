/**
 * What replies look like. They serve the OpenAPI document, and the tests hold every reply against
 * them; at run time nothing is validated on its way out.
 */
import { Type } from "typebox";
import { ERRORS, type ErrorCode } from "../base/errors.ts";
import { OPERATIONS } from "../store/performance.ts";
import { HistogramReply } from "./reply-schemas-server.ts";
import { Encoding, Key, Namespace, Value } from "./schemas.ts";

const STRICT = { additionalProperties: false } as const;

const Version = Type.Integer({
  minimum: 1,
  description: "Grows with every change of the key; the entity tag is this in quotes",
  examples: [42],
});

const TtlLeft = Type.Unsafe<number | null>({
  type: ["number", "null"],
  minimum: 0,
  description: "Seconds left, or null when the key does not expire",
  examples: [59.5, null],
});

const Count = Type.Integer({ minimum: 0, examples: [3] });
const Seconds = Type.Number({ minimum: 0 });
const Milliseconds = Type.Number({ minimum: 0, examples: [0.08] });
const Share = Type.Number({ minimum: 0, maximum: 1, examples: [0] });

const itemFields = {
  key: Key,
  value: Value,
  version: Version,
  ttl: TtlLeft,
  encoding: Type.Optional(Encoding),
};

const entry = { ...itemFields, namespace: Namespace };

const written = { key: Key, namespace: Namespace, version: Version, ttl: TtlLeft };

const Integer = Type.Integer({
  format: "int64",
  description:
    "Exact to all its 64 bits: clients whose numbers are doubles need a big-number parser",
  examples: [7],
});

export const EntryReply = Type.Object(entry, STRICT);

export const WriteReply = Type.Object(
  { status: Type.Union([Type.Literal("created"), Type.Literal("updated")]), ...written },
  STRICT,
);

export const DeleteReply = Type.Object(
  { status: Type.Literal("deleted"), key: Key, namespace: Namespace },
  STRICT,
);

export const IncrReply = Type.Object({ key: Key, value: Integer, version: Version }, STRICT);

export const ListReply = Type.Object(
  {
    namespace: Namespace,
    keys: Type.Array(Key, { examples: [["user:1", "user:2"]] }),
    count: Count,
    cursor: Type.Unsafe<string | null>({
      type: ["string", "null"],
      description: "For the next page; null at the end",
      examples: [null],
    }),
    items: Type.Optional(Type.Array(Type.Object(itemFields, STRICT))),
  },
  STRICT,
);

export const Problem = Type.Object(
  {
    type: Type.String({ description: "urn:pykv:error: and the code" }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: "What is special to this occurrence" }),
    code: Type.Unsafe<ErrorCode>({ type: "string", enum: Object.keys(ERRORS) }),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, STRICT), {
        description: "The fields that are wrong, such as body/ttl or query/ns",
      }),
    ),
    limit: Type.Optional(Type.Integer({ description: "The limit that was exceeded, in bytes" })),
  },
  { ...STRICT, $id: "Problem", description: "Problem details (RFC 9457)" },
);

const op = <Name extends string>(name: Name) => ({
  op: Type.Literal(name),
  key: Key,
  namespace: Namespace,
});

const status = <Name extends string>(name: Name) => ({ status: Type.Literal(name) });

const BatchResult = Type.Union([
  Type.Object({ ...op("get"), ...status("found"), ...entry }, STRICT),
  Type.Object({ ...op("set"), ...status("created"), ...written }, STRICT),
  Type.Object({ ...op("set"), ...status("updated"), ...written }, STRICT),
  Type.Object({ ...op("delete"), ...status("deleted") }, STRICT),
  Type.Object({ ...op("incr"), ...status("updated"), value: Integer, version: Version }, STRICT),
  Type.Object(
    {
      op: Type.Union([Type.Literal("get"), Type.Literal("delete")]),
      key: Key,
      namespace: Namespace,
      ...status("not_found"),
    },
    STRICT,
  ),
  Type.Object(
    {
      op: Type.String(),
      key: Key,
      namespace: Namespace,
      ...status("failed"),
      error: Type.Ref("Problem#"),
    },
    STRICT,
  ),
]);

export const BatchReply = Type.Object({ results: Type.Array(BatchResult), count: Count }, STRICT);

export const NamespacesReply = Type.Object(
  { namespaces: Type.Array(Namespace), count: Count },
  STRICT,
);

export const NamespaceKeysReply = Type.Object({ namespace: Namespace, total_keys: Count }, STRICT);

export const NamespaceClearReply = Type.Object(
  { status: Type.Literal("cleared"), namespace: Namespace, keys_deleted: Count },
  STRICT,
);

const NamespaceStats = Type.Object(
  {
    cache_hits: Count,
    cache_misses: Count,
    total_keys: Count,
    evictions: Count,
    bytes: Count,
  },
  STRICT,
);

const MemoryStats = Type.Object(
  {
    used_bytes: Count,
    max_bytes: Count,
    arena_bytes: Count,
    wasted_bytes: Count,
    index_bytes: Count,
  },
  STRICT,
);

export const StatsReply = Type.Object(
  {
    total_keys: Count,
    cache_hits: Count,
    cache_misses: Count,
    hit_ratio: Share,
    evictions: Count,
    expired: Count,
    log_size: Type.Integer({
      minimum: 0,
      description: "Records in the log since the last snapshot",
    }),
    log_bytes: Count,
    last_compaction: Type.Unsafe<string | null>({
      type: ["string", "null"],
      description: "ISO 8601, or null when there was none",
      examples: [null],
    }),
    uptime_seconds: Seconds,
    memory: MemoryStats,
    namespaces: Type.Record(Type.String(), NamespaceStats),
    namespace: Type.Optional(Namespace),
    namespace_stats: Type.Optional(NamespaceStats),
  },
  STRICT,
);

const latencyFields = {
  total_operations: Count,
  error_rate: Share,
  avg_latency_ms: Milliseconds,
  p50_latency_ms: Milliseconds,
  p95_latency_ms: Milliseconds,
  p99_latency_ms: Milliseconds,
  p999_latency_ms: Milliseconds,
};

const latencies = { ...latencyFields, operations_per_second: Type.Number({ minimum: 0 }) };

const Latencies = Type.Object({ ...latencies, histogram: Type.Optional(HistogramReply) }, STRICT);

const RedisLatencies = Type.Object(
  { ...latencyFields, histogram: Type.Optional(HistogramReply) },
  STRICT,
);

const perOperation = Type.Object(
  Object.fromEntries(OPERATIONS.map((name) => [name, Latencies])),
  STRICT,
);

export const PerformanceReply = Type.Object(
  {
    ...latencies,
    per_operation: perOperation,
    last_minute: Type.Object({ ...latencies, per_operation: perOperation }, STRICT),
    redis: Type.Unsafe<object | null>({
      anyOf: [
        Type.Record(Type.String(), RedisLatencies, {
          description:
            "Commands of Redis clients that have been called, in lower case, since the start or the " +
            "last CONFIG RESETSTAT",
        }),
        { type: "null", description: "The Redis door is off" },
      ],
    }),
  },
  STRICT,
);

export const HealthReply = Type.Object(
  {
    status: Type.Union([Type.Literal("healthy"), Type.Literal("degraded")]),
    store_size: Type.Integer({ minimum: 0, description: "Keys in the store" }),
    log: Type.Union([
      Type.Literal("ok"),
      Type.Literal("failed"),
      Type.Literal("full"),
      Type.Literal("off"),
    ]),
    version: Type.String({ examples: ["0.1.0"] }),
    reason: Type.Optional(Type.String({ description: "Why the status is not healthy" })),
  },
  STRICT,
);

export const ReadyReply = Type.Object({ status: Type.Literal("ready") }, STRICT);

export const CompactReply = Type.Object({ status: Type.Literal("compaction_started") }, STRICT);
