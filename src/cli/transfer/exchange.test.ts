import { expect, test } from "vitest";
import { BadRecord, entryText, parseEntry } from "./exchange.ts";

const NOW_MS = 1_800_000_000_000;
const read = (text: string | Buffer) => parseEntry(Buffer.from(text), NOW_MS);

test("values are the very text that stands in the record", () => {
  for (const value of [
    "9223372036854775807",
    "1.0",
    "1e400",
    '{"b": 1, "a": {"value": 2}, "b": 3}',
    "[1,  2]",
    "null",
    "true",
    '"text \\"quoted\\" \\u00e9"',
    '"\u{1f600}"',
  ]) {
    const { valueText } = read(`{"key": "k", "value": ${value}}`);
    expect(valueText).toBe(value.startsWith('"') ? JSON.stringify(JSON.parse(value)) : value);
  }
});

test("a record names its namespace, encoding and deadline", () => {
  const record = {
    key: "k",
    value: "/w==",
    namespace: "shop",
    encoding: "base64",
    expires_at: "2027-01-01T00:00:00.123Z",
    version: 7,
  };
  expect(read(JSON.stringify(record))).toEqual({
    key: "k",
    namespace: "shop",
    valueText: '"/w=="',
    isBase64: true,
    deadlineMs: Date.UTC(2027, 0, 1, 0, 0, 0, 123),
  });
  expect(read('{"key":"k","value":1,"ttl":1.5}').deadlineMs).toBe(NOW_MS + 1500);
  expect(read('{"key":"k","value":1,"expires_at":1800000000001}').deadlineMs).toBe(NOW_MS + 1);
  const nulls =
    '{"key":"k","value":1,"ttl":null,"expires_at":null,"namespace":null,"encoding":null}';
  expect(read(nulls)).toMatchObject({ deadlineMs: null, namespace: null, isBase64: false });
});

const BAD: [string | Buffer, RegExp][] = [
  ["", /not JSON/],
  ['{"key":"a"', /not JSON/],
  ['{"key":"a","value":1} x', /not JSON/],
  ["[1]", /a record is an object, and this is \[1\]/],
  ["null", /a record is an object/],
  ["{}", /"key" is missing/],
  ['{"key":1,"value":1}', /"key" must be a string/],
  ['{"key":"","value":1}', /"key" must not be empty/],
  ['{"key":"\\ud800","value":1}', /half of a surrogate pair/],
  [`{"key":"${"x".repeat(65536)}","value":1}`, /more than 65535 bytes/],
  ['{"key":"a"}', /"value" is missing/],
  ['{"key":"a","value":"\\udc00"}', /half of a surrogate pair/],
  ['{"key":"a","value":1,"exipres_at":1}', /unknown field "exipres_at"; known are key, value/],
  ['{"key":"a","value":1,"__proto__":1}', /unknown field "__proto__"/],
  ['{"key":"a","value":1,"namespace":"a b"}', /"namespace" must be/],
  ['{"key":"a","value":"x","encoding":"hex"}', /"encoding" must be "base64" or "json"/],
  ['{"key":"a","value":1,"encoding":"base64"}', /a value in base64 must be a string/],
  ['{"key":"a","value":"a","encoding":"base64"}', /not base64/],
  ['{"key":"a","value":"{","encoding":"json"}', /the value is not JSON/],
  ['{"key":"a","value":1,"ttl":0}', /"ttl" is in seconds, above 0/],
  ['{"key":"a","value":1,"ttl":"60"}', /"ttl" is in seconds/],
  ['{"key":"a","value":1,"expires_at":"tomorrow"}', /"expires_at" must be an ISO 8601 time/],
  ['{"key":"a","value":1,"expires_at":-1}', /"expires_at" must be/],
  ['{"key":"a","value":1,"ttl":1,"expires_at":1}', /exclude each other/],
  [Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8/],
];

for (const [text, reason] of BAD) {
  test(`${String(text).slice(0, 50)} is refused: ${reason.source}`, () => {
    expect(() => read(text)).toThrow(BadRecord);
    expect(() => read(text)).toThrow(reason);
  });
}

test("what is written is read back as it was, also JSON with line breaks", () => {
  for (const valueText of ["1", '"a\\nb"', '{\n  "a": 12345678901234567890\r\n}']) {
    const line = entryText({
      keyText: '"k\\n"',
      valueText,
      isBase64: false,
      namespace: "n",
      deadlineMs: NOW_MS + 7,
    });
    expect(line).not.toMatch(/[\n\r]/);
    expect(read(line)).toEqual({
      key: "k\n",
      namespace: "n",
      valueText,
      isBase64: false,
      deadlineMs: NOW_MS + 7,
    });
  }
});
