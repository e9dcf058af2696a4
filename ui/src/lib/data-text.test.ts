/** What is shown of data: invisible characters, JSON, bytes, times. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTimeLeft, parseTtl, splitTtl, tickMs } from "./deadline.ts";
import { hexLine, hexLineCount } from "./hex.ts";
import { compactJson, isJsonDocument, jsonFault, prettyJson } from "./json-layout.ts";
import { shorten, visible, visiblePieces } from "./visible.ts";

describe("invisible characters", () => {
  test.each([
    ["plain text", "plain text"],
    ["a\u202eb", "a\\u202eb"],
    ["a\u200bb", "a\\u200bb"],
    ["\0\t\n\r\x1b\x7f\x9f", "\\0\\t\\n\\r\\x1b\\x7f\\x9f"],
    [" a b ", "·a b·"],
    ["a\u00a0b", "a\\xa0b"],
    ["\ud800", "\\ud800"],
    ["\u{e0041}", "\\u{e0041}"],
    ["👩\u200d💻", "👩\u200d💻"],
    ["a\u200db", "a\\u200db"],
    ["❤\ufe0f", "❤\ufe0f"],
    ["שלום", "שלום"],
  ])("%j is shown as %s", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("nothing gets lost, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = visiblePieces(text).filter(({ isEscape }) => !isEscape);
        for (const piece of plain) expect(text).toContain(piece.text);
        expect(visible(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  test("a text is cut in the middle of no character", () => {
    expect(shorten("abc", 3)).toBe("abc");
    expect(shorten("abcd", 3)).toBe("ab…");
    expect(shorten("a🦊bc", 3)).toBe("a…");
  });
});

describe("the layout of JSON", () => {
  test("changes white space alone", () => {
    const text = '{"b":9223372036854775807,"a":[1.0,1e400,{}],"b":"x: {,}\\"","c":[],"d":null}';
    expect(prettyJson(text)).toBe(
      [
        "{",
        '  "b": 9223372036854775807,',
        '  "a": [',
        "    1.0,",
        "    1e400,",
        "    {}",
        "  ],",
        '  "b": "x: {,}\\"",',
        '  "c": [],',
        '  "d": null',
        "}",
      ].join("\n"),
    );
    expect(compactJson(prettyJson(text))).toBe(text);
  });

  test("any JSON is the same when it is laid out and compacted", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(compactJson(prettyJson(text))).toBe(compactJson(text));
        expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
        expect(compactJson(JSON.stringify(JSON.parse(text), null, 3))).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
    );
  });

  test("nothing is too deep or too long for it", () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    expect(compactJson(prettyJson(deep))).toBe(deep);
    const long = JSON.stringify("\\".repeat(1_000_000));
    expect(prettyJson(long)).toBe(long);
  });

  test("tells JSON from what only looks like it", () => {
    expect(jsonFault("{")).toMatch(/JSON/);
    expect(jsonFault("1")).toBeNull();
    expect([isJsonDocument(' {"a":1}'), isJsonDocument("1"), isJsonDocument("{a}")]).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe("a hex dump", () => {
  test("has offset, bytes and letters", () => {
    const bytes = Uint8Array.from([0, 0x41, 0x7e, 0x7f, 0xff]);
    expect(hexLineCount(17, 16)).toBe(2);
    expect(hexLine(bytes, 0, 4)).toEqual({
      offset: "00000000",
      digits: ["00", "41", "7e", "7f"],
      letters: ".A~.",
    });
    expect(hexLine(bytes, 1, 4)).toEqual({ offset: "00000004", digits: ["ff"], letters: "." });
  });
});

describe("times to live", () => {
  test.each([
    ["", "s", null],
    [" 5 ", "min", 300],
    ["1.5", "h", 5400],
    [".25", "s", 0.25],
    ["0", "s", undefined],
    ["-1", "s", undefined],
    ["1e3", "s", undefined],
    ["x", "s", undefined],
    ["0.0001", "s", undefined],
    ["99999999999", "s", undefined],
  ] as const)("%j %s is %s", (text, unit, seconds) => {
    expect(parseTtl(text, unit)).toBe(seconds);
  });

  test("are edited in the largest unit that fits", () => {
    expect(splitTtl(7200)).toEqual({ amount: "2", unit: "h" });
    expect(splitTtl(90)).toEqual({ amount: "90", unit: "s" });
    expect(splitTtl(0.5)).toEqual({ amount: "0.5", unit: "s" });
  });

  test("run down, at the end in tenths", () => {
    expect(formatTimeLeft(75_000, 0)).toBe("1 min 15 s");
    expect(formatTimeLeft(4_200, 0)).toBe("4.2 s");
    expect(formatTimeLeft(0, 1)).toBe("now");
    expect([tickMs(60_000, 0), tickMs(5_000, 0)]).toEqual([1000, 100]);
  });
});
