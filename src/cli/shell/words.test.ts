/** How a line of the shell is split, and when it goes on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { onOneLine, parseLine, quoted, textOf } from "./words.ts";

const texts = (line: string) => parseLine(line).words.map(textOf);

const LINES: [string, string[]][] = [
  ["", []],
  ["  get   a\t b ", ["get", "a", "b"]],
  ['set k "a b"', ["set", "k", "a b"]],
  ["set k 'a \\n \"b'", ["set", "k", 'a \\n "b']],
  ['set k "\\n\\r\\t\\0\\\\\\"\\x41\\u00e9"', ["set", "k", '\n\r\t\0\\"Aé']],
  ['set k ""', ["set", "k", ""]],
  ['set k {"a": [1, "}"]} ttl 5', ["set", "k", '{"a": [1, "}"]}', "ttl", "5"]],
  ["set k [1,\n2]", ["set", "k", "[1,\n2]"]],
  ["a\\b it's {x", ["a\\b", "it's", "{x"]],
  ['k:"q"', ['k:"q"']],
];

for (const [line, words] of LINES) {
  test(`${JSON.stringify(line)} has ${words.length} words`, () => {
    expect(texts(line)).toEqual(words);
  });
}

for (const line of ['set k "a', "set k 'a", 'set k {"a', "set k [1, {2}", 'set k "a\\', '{"']) {
  test(`${line} goes on`, () => expect(parseLine(line).isOpen).toBe(true));
}

for (const [line, message] of [
  ['"\\q"', "unknown escape \\q"],
  ['"\\x4"', "unknown escape \\x"],
  ['"\\u12g4"', "unknown escape \\u"],
  ['"a"b', 'a space is missing behind "a"'],
  ["{}}", "a space is missing behind {}"],
] as const) {
  test(`${line} is a mistake`, () => expect(() => parseLine(line)).toThrow(message));
}

test("escapes make bytes, which keys can't be", () => {
  const [word] = parseLine('"\\xff\\x00"').words;
  expect(word?.bytes).toEqual(Buffer.of(255, 0));
  expect(() => textOf(word!)).toThrow("only values may hold bytes");
});

test("any text survives being quoted", () => {
  const key = fc.string({ unit: "binary", minLength: 1 }).filter((each) => each.isWellFormed());
  fc.assert(
    fc.property(key, (each) => {
      expect(texts(`get ${quoted(each)}`)).toEqual(["get", each]);
    }),
  );
  expect(["user:1", "a b", "{", 'q"', "é"].map(quoted)).toEqual([
    "user:1",
    '"a b"',
    '"{"',
    'q"',
    "é",
  ]);
});

test("a command over lines is one line in the history", () => {
  expect(onOneLine('set k {"a":\n  1\n}\n ttl 5')).toBe('set k {"a": 1 } ttl 5');
  expect(onOneLine('set k "a\nb"')).toBe('set k "a\\nb"');
  expect(onOneLine("set k 'a\nb'")).toBe(null);
});
