/**
 * What requests look like: the one source of validation, types and the OpenAPI document.
 */
import { Type, type TSchema } from "typebox";
import { NAMESPACE_PATTERN } from "../store/names.ts";
import { TTL_SECONDS_MAX } from "./fields.ts";

export const LIST_LIMIT_DEFAULT = 1000;
const LIST_LIMIT_MAX = 10_000;
/** Bounds the memory and the time that one batch takes; larger jobs go in several. */
const BATCH_OPERATIONS_MAX = 10_000;

const STRICT = { additionalProperties: false } as const;

export const Namespace = Type.String({
  pattern: NAMESPACE_PATTERN,
  description: "Namespace: 1 to 64 letters, digits and . _ : -",
  examples: ["default"],
});

export const Key = Type.String({
  minLength: 1,
  description: "1 to 65,535 bytes of UTF-8",
  examples: ["user:1"],
});

/** Any JSON value, as both validation and type. */
export const Value = Type.Unknown({
  description:
    "Any JSON value. A string is stored as its UTF-8 bytes; anything else as the very JSON text that " +
    "was sent, and comes back as the same JSON.",
  examples: [{ name: "Ada", visits: 3 }],
});

const Ttl = Type.Unsafe<number | null>({
  type: ["number", "null"],
  exclusiveMinimum: 0,
  maximum: TTL_SECONDS_MAX,
  description: "Seconds until the key expires, fractions to the millisecond; null never",
  examples: [60, 0.25, null],
});

export const Encoding = Type.Literal("base64", {
  description: "The value is a string of base64 (RFC 4648, with padding) that stands for bytes",
});

const By = Type.Integer({
  format: "int64",
  description: "What to add, an integer of 64 bits; negative subtracts",
  examples: [1],
});

const Version = Type.Integer({ minimum: 1, description: "The version that the key must have" });

const bodyNamespace = Type.Optional(Namespace);
const optionalTtl = Type.Optional(Ttl);
const optionalEncoding = Type.Optional(Encoding);

export const KeyParams = Type.Object({
  key: Type.String({
    description: "The key, percent-encoded (a slash as %2F)",
    examples: ["user:1"],
  }),
});

export const NamespaceParams = Type.Object({ ns: Namespace });

export const NoQuery = Type.Object({}, STRICT);

export const PerformanceQuery = Type.Object(
  {
    histogram: Type.Optional(
      Type.Boolean({ default: false, description: "Adds the distribution of each operation" }),
    ),
  },
  STRICT,
);

export const NsQuery = Type.Object({ ns: Type.Optional(Namespace) }, STRICT);

export const PutQuery = Type.Object(
  {
    ns: Type.Optional(Namespace),
    upsert: Type.Optional(
      Type.Boolean({ default: false, description: "Adds the key when it does not exist" }),
    ),
  },
  STRICT,
);

export const ListQuery = Type.Object(
  {
    ns: Type.Optional(Namespace),
    prefix: Type.Optional(
      Type.String({ description: "Only keys that start with this", examples: ["user:"] }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LIST_LIMIT_MAX,
        default: LIST_LIMIT_DEFAULT,
        description: "Keys in the page",
      }),
    ),
    cursor: Type.Optional(
      Type.String({ minLength: 1, description: "The cursor of the page before; absent starts" }),
    ),
    values: Type.Optional(
      Type.Boolean({ default: false, description: "Adds `items` with the values to the reply" }),
    ),
  },
  STRICT,
);

const ifNoneMatch = Type.Optional(
  Type.String({ description: "`*`, or versions in quotes that the key must not have" }),
);

/** Headers are for the document alone: nothing checks them by it. */
export const ReadHeaders = Type.Object({ "if-none-match": ifNoneMatch });

export const WriteHeaders = Type.Object({
  "if-match": Type.Optional(
    Type.String({ description: "`*`, or versions in quotes of which the key must have one" }),
  ),
  "if-none-match": ifNoneMatch,
});

export const SetBody = Type.Object(
  {
    key: Key,
    value: Value,
    ttl: optionalTtl,
    namespace: bodyNamespace,
    encoding: optionalEncoding,
  },
  { ...STRICT, examples: [{ key: "user:1", value: { name: "Ada" }, ttl: 60 }] },
);

export const PutBody = Type.Object(
  { value: Value, ttl: optionalTtl, namespace: bodyNamespace, encoding: optionalEncoding },
  { ...STRICT, examples: [{ value: "new" }, { value: "new", ttl: null }] },
);

export const PatchBody = Type.Object(
  { ttl: Ttl, namespace: bodyNamespace },
  { ...STRICT, examples: [{ ttl: 60 }, { ttl: null }] },
);

export const IncrBody = Type.Object(
  { by: Type.Optional(By), ttl: optionalTtl, namespace: bodyNamespace },
  { ...STRICT, examples: [{ by: 5 }, {}] },
);

const conditions = {
  if_version: Type.Optional(Version),
  if_absent: Type.Optional(Type.Boolean({ description: "Only when the key does not exist" })),
  if_present: Type.Optional(Type.Boolean({ description: "Only when the key exists" })),
};

const target = { key: Key, namespace: bodyNamespace };

/** Each operation of a batch has its own schema, so that errors speak of the one that was meant. */
export const OPERATION_SCHEMAS = {
  get: Type.Object({ op: Type.Literal("get"), ...target }, STRICT),
  set: Type.Object(
    {
      op: Type.Literal("set"),
      ...target,
      value: Value,
      ttl: optionalTtl,
      encoding: optionalEncoding,
      ...conditions,
    },
    STRICT,
  ),
  delete: Type.Object({ op: Type.Literal("delete"), ...target, ...conditions }, STRICT),
  incr: Type.Object(
    { op: Type.Literal("incr"), ...target, by: Type.Optional(By), ttl: optionalTtl, ...conditions },
    STRICT,
  ),
} as const;

function batchBody<Operation extends TSchema>(operation: Operation) {
  return Type.Object(
    {
      operations: Type.Array(operation, {
        maxItems: BATCH_OPERATIONS_MAX,
        description: "Carried out in order",
      }),
      atomic: Type.Optional(
        Type.Boolean({ default: true, description: "All or none, as one record of the log" }),
      ),
    },
    {
      ...STRICT,
      examples: [
        {
          operations: [
            { op: "set", key: "a", value: 1 },
            { op: "incr", key: "hits", by: 2 },
            { op: "get", key: "a" },
          ],
        },
      ],
    },
  );
}

export const BatchBody = batchBody(
  Type.Union([
    OPERATION_SCHEMAS.get,
    OPERATION_SCHEMAS.set,
    OPERATION_SCHEMAS.delete,
    OPERATION_SCHEMAS.incr,
  ]),
);

/** The envelope alone, for checking before each operation is checked against its own schema. */
export const BatchEnvelope = batchBody(Type.Unknown());
