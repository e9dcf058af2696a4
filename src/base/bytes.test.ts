import { expect, test } from "vitest";
import { latin1Slice, utf8Slice, writeText } from "./bytes.ts";

/** Texts by name; each is written, counted, and read back as node's own conversion has it. */
const TEXTS: Record<string, string> = {
  nothing: "",
  "one character": "a",
  "the last of ASCII": "\x7f",
  "the first beyond ASCII": "\x80",
  "two bytes": "é",
  "the last of two bytes": "\u07ff",
  "the first of three bytes": "\u0800",
  "three bytes": "€",
  "a pair": "😀",
  "a lone high surrogate": "\ud83d",
  "a lone low surrogate": "\ude00",
  "a pair the wrong way round": "\ude00\ud83d",
  "a high surrogate at the end": "abc\ud800",
  "a NUL": "a\0b",
  "a byte order mark": "\ufeffa",
};
for (const length of [63, 64, 65, 66, 127, 1000]) {
  TEXTS[`${length} of ASCII`] = "x".repeat(length);
  TEXTS[`${length} of three bytes`] = "€".repeat(length);
  TEXTS[`${length} of which the last is not ASCII`] = "x".repeat(length - 1) + "é";
  TEXTS[`${length} of which the first is not ASCII`] = "é" + "x".repeat(length - 1);
  TEXTS[`${length} of which the last is half a pair`] = "x".repeat(length - 1) + "\ud83d";
}

for (const [name, text] of Object.entries(TEXTS)) {
  test(`${name}: written as UTF-8, and told whether it is ASCII`, () => {
    const expected = Buffer.from(text, "utf8");
    const target = Buffer.alloc(10 + text.length * 3 + 10, 0xaa);
    const written = writeText(target, 10, text);
    const isAscii = expected.every((byte) => byte < 0x80);
    expect(written >= 0).toBe(isAscii);
    const length = written >= 0 ? written : ~written;
    expect(length).toBe(expected.length);
    expect(target.subarray(10, 10 + length)).toEqual(expected);
    expect(target.subarray(0, 10)).toEqual(Buffer.alloc(10, 0xaa));
    expect(target.subarray(10 + text.length * 3)).toEqual(Buffer.alloc(10, 0xaa));
    expect(utf8Slice(target, 10, 10 + length)).toBe(expected.toString("utf8"));
    if (isAscii) expect(latin1Slice(target, 10, 10 + length)).toBe(text);
  });
}

test("text is written to the very end of the target, and nothing to no room", () => {
  const target = Buffer.alloc(3);
  expect(writeText(target, 0, "abc")).toBe(3);
  expect(writeText(target, 0, "€")).toBe(~3);
  expect(writeText(target, 3, "")).toBe(0);
  expect(target).toEqual(Buffer.from("€"));
});

test("latin1 reads each byte as one character", () => {
  const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i));
  expect(latin1Slice(bytes, 0, 256)).toBe(bytes.toString("latin1"));
  expect(latin1Slice(bytes, 200, 200)).toBe("");
});

test("bytes that are not UTF-8 are read as U+FFFD", () => {
  expect(utf8Slice(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]), 0, 5)).toBe("a\ufffdb\ufffd");
});
