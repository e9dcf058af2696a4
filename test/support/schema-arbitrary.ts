/**
 * Random values that a JSON Schema allows, for the part of JSON Schema that our documents use.
 */
import fc from "fast-check";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
}

/** Few names, so that requests meet each other's keys and conditions have something to test. */
const NAMES = ["a", "b", "c", "a/b", "\u0000", "__proto__", "ü😀"];

export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...(schema.type as string[]).map((type) => arbitraryOf({ ...schema, type })));
  }
  switch (schema.type) {
    case "object":
      return objectOf(schema);
    case "array":
      return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: 6 });
    case "string":
      return stringOf(schema);
    case "integer":
      return integerOf(schema);
    case "number":
      return numberOf(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.oneof(fc.integer(), fc.jsonValue({ maxDepth: 3 }));
  }
}

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(
    ([name, one]) => [name, arbitraryOf(one)] as const,
  );
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] as never[] });
}

function stringOf({ pattern, minLength = 0 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.constantFrom("default", "x", "a.b:c-d_e");
  const texts = [fc.constantFrom(...NAMES), fc.string({ unit: "binary", minLength })];
  return fc.oneof(...texts, fc.string({ minLength, maxLength: 1200, size: "max" }));
}

function integerOf({ minimum, maximum, format }: Schema): fc.Arbitrary<number> {
  if (format === "int64")
    return fc.oneof(fc.integer(), fc.constantFrom(2 ** 63, -(2 ** 63), 2 ** 53));
  return fc.oneof(
    fc.integer({ min: minimum ?? -10, max: Math.min(maximum ?? 30, 30) }),
    fc.integer({ min: minimum ?? -(2 ** 31), max: maximum ?? 2 ** 31 - 1 }),
  );
}

function numberOf({ minimum, exclusiveMinimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = exclusiveMinimum ?? minimum ?? -1e9;
  const excluded = exclusiveMinimum !== undefined;
  return fc.double({ min, minExcluded: excluded, max: maximum ?? 1e9, noNaN: true });
}
