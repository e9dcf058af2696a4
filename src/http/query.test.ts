import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery } from "./query.ts";

const CASES: readonly [title: string, text: string, query: object][] = [
  ["nothing", "", {}],
  ["a pair", "ns=a", { ns: "a" }],
  ["several pairs and empty ones", "&ns=a&&prefix=b&", { ns: "a", prefix: "b" }],
  ["a name alone", "values", { values: "" }],
  ["a value with an equals sign", "prefix=a=b", { prefix: "a=b" }],
  ["percent-encoding and plus", "prefix=a%2Fb+c%2B", { prefix: "a/b c+" }],
  ["a name given twice", "ns=a&ns=b", { ns: ["a", "b"] }],
  ["a name given three times", "ns=a&ns=b&ns=c", { ns: ["a", "c"] }],
  ["an encoded name given twice", "ns=a&n%73=b", { ns: ["a", "b"] }],
  ["a malformed value", "ns=%zz", { ns: null }],
  ["a truncated sequence", "ns=%E2%82", { ns: null }],
  ["a malformed name", "%zz=1", { "%zz": null }],
];

for (const [title, text, query] of CASES) {
  test(`${title} is read as it stands`, () => expect({ ...parseQuery(text) }).toEqual(query));
}

test("names of Object.prototype are names like any other", () => {
  const query = parseQuery("__proto__=a&constructor=b&toString");
  expect(Object.entries(query)).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
    ["toString", ""],
  ]);
});

test("whatever URLSearchParams writes is read back", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (pairs) => {
      const query = parseQuery(new URLSearchParams(pairs).toString());
      expect(Object.entries(query).sort()).toEqual([...pairs].sort());
    }),
  );
});
