/** Values to JSON and back: bytes, text as it is, and what has no form as JSON. */
import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "./base64.ts";
import { rawJson, valueMembers, valueOf } from "./values.ts";

for (const length of [0, 1, 2, 3, 4, 3 * 8192 - 1, 3 * 8192, 3 * 8192 + 1, 100_000]) {
  test(`base64 of ${length} bytes is what node makes of them`, () => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const text = Buffer.from(bytes).toString("base64");
    expect(toBase64(bytes)).toBe(text);
    expect(fromBase64(text)).toEqual(bytes);
  });
}

test("base64 of a view is that of its part alone", () => {
  expect(toBase64(new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4))).toBe("AQID");
});

const MEMBERS: [what: string, value: unknown, members: string][] = [
  ["a string", 'a"\n', String.raw`"value":"a\"\n"`],
  ["an object", { a: [1, null] }, '"value":{"a":[1,null]}'],
  ["null", null, '"value":null'],
  ["false", false, '"value":false'],
  ["a date", new Date(0), '"value":"1970-01-01T00:00:00.000Z"'],
  ["bytes", new Uint8Array([255, 0]), '"value":"/wA=","encoding":"base64"'],
  ["a Buffer", Buffer.from("hi"), '"value":"aGk=","encoding":"base64"'],
  ["raw JSON", rawJson("12345678901234567890"), '"value":12345678901234567890'],
  ["raw JSON with spaces", rawJson(' {"a" : 1.0} '), '"value": {"a" : 1.0} '],
];

for (const [what, value, members] of MEMBERS) {
  test(`${what} becomes ${members}`, () => expect(valueMembers(value)).toBe(members));
}

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

const REFUSED: [what: string, value: unknown, reason: RegExp][] = [
  ["undefined", undefined, /undefined has no form/],
  ["a function", () => 1, /function has no form/],
  ["a symbol", Symbol("s"), /symbol has no form/],
  ["NaN", NaN, /NaN has no form/],
  ["Infinity", Infinity, /Infinity has no form/],
  ["a bigint", 1n, /rawJson/],
  ["a bigint inside", { a: 1n }, /BigInt/],
  ["a cycle", cycle, /circular/],
  ["a promise", Promise.resolve(1), /await/],
  ["a Map", new Map([[1, 2]]), /Map or Set/],
  ["an ArrayBuffer", new ArrayBuffer(2), /Uint8Array/],
  ["other views", new Uint16Array(2), /Uint8Array/],
];

for (const [what, value, reason] of REFUSED) {
  test(`${what} is refused as a value`, () => {
    expect(() => valueMembers(value)).toThrow(reason);
    const error: unknown = expect.objectContaining({ code: "INVALID_VALUE" });
    expect(() => valueMembers(value)).toThrow(error);
  });
}

for (const text of ["", "{", "1,", '1, "ttl": 1', "undefined", "'a'"]) {
  test(`${JSON.stringify(text)} is no raw JSON`, () => {
    const error: unknown = expect.objectContaining({ code: "INVALID_JSON" });
    expect(() => rawJson(text)).toThrow(error);
  });
}

test("a value of a reply is decoded by its mark alone", () => {
  expect(valueOf({ value: "/wA=", encoding: "base64" })).toEqual(new Uint8Array([255, 0]));
  expect(valueOf({ value: "/wA=" })).toBe("/wA=");
  expect(valueOf({ value: { encoding: "base64" } })).toEqual({ encoding: "base64" });
});
