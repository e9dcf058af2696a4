/** Values as they are shown: nothing stored may take over a terminal, and no digit is lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hexDump, safeLine, safeText } from "./escape.ts";
import { valueOfText } from "./given.ts";
import { layOutJson } from "./json-layout.ts";
import { lineText, pipedBytes, terminalText, valueMembers } from "./shown.ts";

const SAFE: [string, string][] = [
  ["plain é 漢 😀", "plain é 漢 😀"],
  ["tab\tand\nline", "tab\tand\nline"],
  ["\u001b[2J", "\\x1b[2J"],
  ["\r\0\u007f\u009b", "\\x0d\\x00\\x7f\\x9b"],
  ["user\u202etxt.exe", "user\\u202etxt.exe"],
];

for (const [given, shown] of SAFE) {
  test(`${JSON.stringify(given)} is safe as ${shown}`, () => {
    expect(safeText(given)).toBe(shown);
  });
}

test("a line stays a line", () => {
  expect(safeLine("a\\b\n\tc\r")).toBe("a\\\\b\\n\\tc\\x0d");
});

test("a dump shows places, bytes and ASCII, and ends where it is told", () => {
  const bytes = Buffer.from("PyKV\0\xff and more\n", "latin1");
  expect(hexDump(bytes, 100)).toBe(
    "00000000: 5079 4b56 00ff 2061 6e64 206d 6f72 650a  PyKV.. and more.\n",
  );
  expect(hexDump(bytes.subarray(0, 3), 100)).toBe(
    "00000000: 5079 4b                                  PyK\n",
  );
  expect(hexDump(bytes, 2)).toBe(
    "00000000: 5079                                     Py\n... 14 more bytes\n",
  );
});

const LAYOUTS: [string, string, string][] = [
  ['{"a":[1]}', '{\n  "a": [\n    1\n  ]\n}', '{"a": [1]}'],
  ["[ ]", "[]", "[]"],
  ['{"a" : {}}', '{\n  "a": {}\n}', '{"a": {}}'],
  ["[1.0,1e400,null]", "[\n  1.0,\n  1e400,\n  null\n]", "[1.0, 1e400, null]"],
  ['"\\"}"', '"\\"}"', '"\\"}"'],
];

for (const [given, lines, line] of LAYOUTS) {
  test(`${given} is laid out`, () => {
    expect(layOutJson(given)).toBe(lines);
    expect(layOutJson(given, undefined, "line")).toBe(line);
  });
}

test("laid out JSON is the same JSON", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      for (const over of ["lines", "line"] as const) {
        expect(JSON.parse(layOutJson(json, undefined, over))).toEqual(JSON.parse(json));
      }
    }),
  );
});

test("depth and length exhaust nothing", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(layOutJson(deep, undefined, "line")).toBe(deep);
  const long = JSON.stringify('\\"'.repeat(500_000));
  expect(layOutJson(long)).toBe(long);
});

const bytes = Buffer.from([0, 255]);
const text = { bytes: Buffer.from("a\nb"), kind: "text" } as const;
const json = { bytes: Buffer.from('{"n": 1.0}'), kind: "json" } as const;
const binary = { bytes, kind: "binary" } as const;

test("a value for each place", () => {
  expect(valueMembers(text)).toBe('"value":"a\\nb"');
  expect(valueMembers(json)).toBe('"value":{"n": 1.0}');
  expect(valueMembers(binary)).toBe('"value":"AP8=","encoding":"base64"');
  expect([text, json, binary].map(lineText)).toEqual(["a\\nb", '{"n": 1.0}', "base64:AP8="]);
  expect(terminalText(text)).toBe("a\nb\n");
  expect(terminalText(binary)).toMatch(/^00000000: 00ff/);
  expect(terminalText(text, "binary")).toMatch(/^00000000: 610a/);
  expect(pipedBytes(binary, "binary")).toBe(bytes);
  expect(pipedBytes(json, "json")).toBe('{\n  "n": 1.0\n}\n');
  expect(() => pipedBytes(binary, "text")).toThrow("not text: it is not UTF-8");
  expect(() => pipedBytes(text, "json")).toThrow("not JSON");
});

test("what is typed is text unless it is an object or array", async () => {
  for (const typed of ["5", "true", "null", '"a"', "{a}", "[1", "", " x"]) {
    expect(await valueOfText(typed)).toBe(typed);
  }
  for (const typed of ["{}", " [1]", '{"a":1}']) {
    expect(await valueOfText(typed)).toMatchObject({ text: typed });
  }
  expect(await valueOfText("5", "json")).toMatchObject({ text: "5" });
  expect(await valueOfText("{}", "text")).toBe("{}");
});
