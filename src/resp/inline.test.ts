import { expect, test } from "vitest";
import { splitInline } from "./inline.ts";

// line, words as a redis-server reads them; null when it refuses the line
const LINES: [string, string[] | null][] = [
  ["", []],
  [" \t\v\f\r\n ", []],
  ["PING", ["PING"]],
  ["  SET  k   v ", ["SET", "k", "v"]],
  ["a\tb\vc\fd\re", ["a", "b", "c", "d", "e"]],
  ['""', [""]],
  ["''", [""]],
  ['"" \'\' ""', ["", "", ""]],
  ['"a b"', ["a b"]],
  ["'a b'", ["a b"]],
  ['a"b c"', ["ab c"]],
  ["a'b c'", ["ab c"]],
  ['"\\n\\r\\t\\b\\a"', ["\n\r\t\b\x07"]],
  ['"\\x00\\xff\\xAb"', ["\x00\xff\xab"]],
  ['"\\xZZ"', ["xZZ"]],
  ['"\\x4"', ["x4"]],
  ['"\\q\\"\\\\"', ['q"\\']],
  ["'it\\'s'", ["it's"]],
  ["'\\n\\x41'", ["\\n\\x41"]],
  ["\\n\\x41", ["\\n\\x41"]],
  ["\xff\x80", ["\xff\x80"]],
  ['"\xff"', ["\xff"]],
  ['"', null],
  ["'", null],
  ['"a', null],
  ["'a", null],
  ['"a\\', null],
  ['"a\\"', null],
  ["'a\\'", null],
  ['"a"b', null],
  ["'a'b", null],
  ["\"a\"'b'", null],
  ['a "b', null],
];

for (const [line, words] of LINES) {
  test(`splits ${JSON.stringify(line)} into ${JSON.stringify(words)}`, () => {
    const split = splitInline(Buffer.from(line, "latin1"));
    expect(split?.map((word) => word.toString("latin1")) ?? null).toEqual(words);
  });
}

test("hands out copies", () => {
  const line = Buffer.from("key");
  const words = splitInline(line);
  line.fill(0);
  expect(words).toEqual([Buffer.from("key")]);
});
