/** What replies about the server itself look like; see reply-schemas.ts. */
import { Type } from "typebox";

const STRICT = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const NullableText = Type.Unsafe<string | null>({ type: ["string", "null"] });

export const ConfigReply = Type.Object(
  {
    options: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: "Of the flag, without its dashes" }),
          group: Type.String(),
          value: Type.String({ description: "As the flag would be given it" }),
          default: Type.String({ description: "Or the rule that makes it" }),
          source: Type.Union(
            ["default", "flag", "environment", "file", "argument", "runtime"].map((each) =>
              Type.Literal(each),
            ),
          ),
          source_name: Type.Unsafe<string | null>({
            type: ["string", "null"],
            description: "The flag, the variable, or the path of the file",
          }),
          environment: Type.String({ description: "The variable that sets it" }),
          accepts: Type.String(),
          description: Type.String(),
          secret: Type.Boolean({ description: "Its value is never shown" }),
        },
        STRICT,
      ),
    ),
  },
  STRICT,
);

const fileFields = {
  name: Type.String(),
  seq: Type.Integer({
    minimum: 0,
    description: "The first record of a segment, the one that a snapshot was begun at",
  }),
  bytes: Type.Integer({ minimum: 0, description: "Of the file, room reserved in it included" }),
};

export const StorageReply = Type.Object(
  {
    data_dir: NullableText,
    free_bytes: Type.Unsafe<number | null>({
      type: ["integer", "null"],
      minimum: 0,
      description: "What the file system says may still be written",
    }),
    segments: Type.Array(
      Type.Object(
        { ...fileFields, active: Type.Boolean({ description: "Being written" }) },
        STRICT,
      ),
      { description: "The oldest first" },
    ),
    snapshots: Type.Array(Type.Object(fileFields, STRICT)),
  },
  STRICT,
);

export const HistogramReply = Type.Array(
  Type.Object(
    { from_ms: Type.Number({ minimum: 0 }), to_ms: Type.Number({ minimum: 0 }), count: Count },
    STRICT,
  ),
  { description: "With histogram=true: the buckets that are not empty, the shortest first" },
);
