/** Cutting values out of JSON text, held against JSON.parse. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { elementTexts, memberTexts } from "./json-text.ts";

test("members come as their own text", () => {
  const text = '{ "a" : 12345678901234567890 ,"b":{"value":"}"},"c\\"":[1,[2]],"d":"\\\\","e":1.0}';
  expect([...memberTexts(text)]).toEqual([
    ...[["a", "12345678901234567890"]],
    ...[["b", '{"value":"}"}']],
    ...[['c"', "[1,[2]]"]],
    ...[["d", '"\\\\"']],
    ...[["e", "1.0"]],
  ]);
});

test("elements come as their own text", () => {
  expect(elementTexts(' [ {"a":[1,2]} , "x,]" , null ] ')).toEqual([
    '{"a":[1,2]}',
    '"x,]"',
    "null",
  ]);
});

for (const text of ["{}", "[]", " [ ] ", "{\n}"]) {
  test(`${JSON.stringify(text)} has nothing in it`, () => {
    expect(elementTexts(text)).toEqual([]);
  });
}

test("of members with one name the last counts, as in JSON.parse", () => {
  expect(memberTexts('{"a":1,"a":2}').get("a")).toBe("2");
});

test("any object is taken apart into what JSON.parse finds in it", () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(objects, fc.constantFrom(0, 2), (object, indent) => {
      const members = memberTexts(JSON.stringify(object, null, indent));
      const parsed = [...members].map(([name, text]) => [name, JSON.parse(text) as unknown]);
      // Through JSON once more: -0 does not survive it.
      expect(parsed).toEqual(Object.entries(JSON.parse(JSON.stringify(object)) as object));
    }),
  );
});
