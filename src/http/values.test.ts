import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry, ValueKind } from "../store/types.ts";
import { valueIn, valueMembers, type GivenValue } from "./values.ts";

function given(rawText: string, encoding?: "base64"): GivenValue {
  return { parsed: JSON.parse(rawText) as unknown, rawText: () => rawText, encoding, at: "body" };
}

function entry(kind: ValueKind, value: Buffer): Entry {
  return { kind, value, version: 1, deadlineMs: 0 };
}

function out(stored: Entry): Record<string, unknown> {
  return JSON.parse(`{${valueMembers(stored)}}`) as Record<string, unknown>;
}

test("any JSON value comes back as the same JSON", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const { kind, value } = valueIn(given(text), 1_000_000);
      expect(out(entry(kind, Buffer.from(value)))).toEqual({ value: JSON.parse(text) as unknown });
    }),
  );
});

for (const text of ["9007199254740993", "1.0", "1e400", '{"a":1,"a":2}', '{"__proto__":null}']) {
  test(`${text} is stored and shown digit by digit`, () => {
    const { kind, value } = valueIn(given(text), 100);
    expect(kind).toBe("json");
    expect(valueMembers(entry(kind, Buffer.from(value)))).toBe(`"value":${text}`);
  });
}

test("bytes go in and out as base64, but as a string when they are UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const base64 = Buffer.from(bytes).toString("base64");
      const { kind, value } = valueIn(given(JSON.stringify(base64), "base64"), 1000);
      expect(Buffer.from(value)).toEqual(Buffer.from(bytes));
      const shown = out(entry(kind, Buffer.from(value)));
      const back = Buffer.from(String(shown.value), shown.encoding ? "base64" : "utf8");
      expect(back).toEqual(Buffer.from(bytes));
    }),
  );
});

test("text that is not UTF-8 is shown as base64", () => {
  const broken = entry("text", Buffer.from([0x61, 0xff]));
  expect(out(broken)).toEqual({ value: "Yf8=", encoding: "base64" });
});

test("a replacement character that was stored as such is text", () => {
  expect(out(entry("text", Buffer.from("a\ufffdb")))).toEqual({ value: "a\ufffdb" });
});

const REFUSED: readonly [title: string, value: GivenValue, code: string][] = [
  ["half of a surrogate pair", given('"\\ud800"'), "INVALID_VALUE"],
  ["base64 that is a number", given("1", "base64"), "INVALID_VALUE"],
  ["base64 without padding", given('"YQ"', "base64"), "INVALID_VALUE"],
  ["base64 of the URL alphabet", given('"-_=="', "base64"), "INVALID_VALUE"],
  ["eleven bytes where ten fit", given('"12345678901"'), "VALUE_TOO_LARGE"],
  ["four characters of twelve bytes", given('"€€€€"'), "VALUE_TOO_LARGE"],
  ["eleven bytes of JSON", given("12345678901"), "VALUE_TOO_LARGE"],
];

for (const [title, value, code] of REFUSED) {
  test(`${title} is refused with ${code}`, () =>
    expect(() => valueIn(value, 10)).toThrow(expect.objectContaining({ code })));
}

test("ten bytes fit where ten fit", () => {
  expect(valueIn(given('"1234567890"'), 10).value).toBe("1234567890");
  expect(valueIn(given('"€€€1"'), 10).value).toBe("€€€1");
});

test("megabytes of base64 are read", () => {
  const bytes = Buffer.alloc(6_000_000, 0xfe);
  const value = given(JSON.stringify(bytes.toString("base64")), "base64");
  expect(bytes.equals(valueIn(value, bytes.length).value as Buffer)).toBe(true);
});
