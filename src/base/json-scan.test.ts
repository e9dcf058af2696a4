import fc from "fast-check";
import { expect, test } from "vitest";
import { elementSpans, memberSpans } from "./json-scan.ts";

const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 3 });

/** JSON text of random values, with white space thrown in between all tokens. */
const spacedJson = fc.tuple(fc.json({ maxDepth: 4 }), space).map(([text, gap]) => {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^"{}[\],:\s]+/gu) ?? [];
  return gap + tokens.join(gap) + gap;
});

test("each member of an object, cut out and parsed, is the parsed member", () => {
  const members = fc.array(fc.tuple(fc.string({ unit: "binary" }), spacedJson));
  fc.assert(
    fc.property(members, space, (pairs, gap) => {
      const body = pairs.map(([name, value]) => `${JSON.stringify(name)}${gap}:${value}`);
      const text = `${gap}{${gap}${body.join(`,${gap}`)}}`;
      const parsed = new Map(Object.entries(JSON.parse(text) as object));
      const spans = memberSpans(text);
      expect(new Set(spans.keys())).toEqual(new Set(parsed.keys()));
      for (const [name, { start, end }] of spans) {
        expect(JSON.parse(text.slice(start, end))).toEqual(parsed.get(name));
      }
    }),
  );
});

test("each element of an array, cut out and parsed, is the parsed element", () => {
  fc.assert(
    fc.property(fc.array(spacedJson), space, (values, gap) => {
      const text = `${gap}[${gap}${values.join(`${gap},`)}]${gap}`;
      const cut = elementSpans(text).map(
        ({ start, end }) => JSON.parse(text.slice(start, end)) as unknown,
      );
      expect(cut).toEqual(JSON.parse(text));
    }),
  );
});

const CASES: readonly [title: string, text: string, value: string][] = [
  ["digits beyond 2^53", '{"value":9007199254740993}', "9007199254740993"],
  ["a fraction of zero", '{"value": 1.0 ,"x":1}', "1.0"],
  ["numbers beyond a double", '{"x":1,"value":1e400}', "1e400"],
  ["equal names inside", '{"value":{"a":1,"a":2}}', '{"a":1,"a":2}'],
  ["the last of equal names outside", '{"value":1,"value":[2]}', "[2]"],
  ["a name with escapes", '{"val\\u0075e":true}', "true"],
  ["brackets inside strings", '{"value":["]}",{"}":"\\"]"}]}', '["]}",{"}":"\\"]"}]'],
  ["a string that ends in backslashes", '{"value":"\\\\\\\\","x":"\\""}', '"\\\\\\\\"'],
  ["a member called __proto__", '{"__proto__":1,"value":{"__proto__":2}}', '{"__proto__":2}'],
  ["nothing but spaces around", ' \r\n\t{ "value" : null } ', "null"],
];

for (const [title, text, value] of CASES) {
  test(`${title}: the text comes out as it was`, () => {
    const { start, end } = memberSpans(text).get("value")!;
    expect(text.slice(start, end)).toBe(value);
  });
}

test("nesting a million deep needs no stack", () => {
  const nested = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  const span = memberSpans(`{"value":${nested}}`).get("value")!;
  expect(span).toEqual({ start: 9, end: 9 + nested.length });
});
