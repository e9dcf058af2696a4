import { expect, test } from "vitest";
import { createRandom, randomBelow } from "../../test/support/random.ts";
import type { Random } from "../../test/support/random.ts";
import { globMatches } from "./glob.ts";

function matches(pattern: string, text: string, ignoreCase = false): boolean {
  const bytes = Buffer.from(text, "latin1");
  return globMatches(Buffer.from(pattern, "latin1"), bytes, 0, bytes.length, ignoreCase);
}

const CASES: readonly (readonly [
  pattern: string,
  yes: readonly string[],
  no: readonly string[],
])[] = [
  ["", [""], ["a"]],
  ["abc", ["abc"], ["", "ab", "abcd", "xabc", "ABC"]],
  ["*", ["a", "abc", "\0\xff\r\n"], [""]],
  ["**", ["a"], [""]],
  ["a*", ["a", "ab", "aaa"], ["", "ba"]],
  ["*a", ["a", "ba", "aaa"], ["", "ab"]],
  ["a*c", ["ac", "abc", "acc", "abcbc"], ["a", "c", "acb"]],
  ["a***c", ["ac", "abc"], ["a"]],
  ["*a*b*", ["ab", "xaxbx", "aab"], ["ba", "a", "b"]],
  ["?", ["a", "\xff", "?"], ["", "ab"]],
  ["a?c", ["abc", "a?c"], ["ac", "abbc"]],
  ["?*", ["a", "ab"], [""]],
  ["h[ae]llo", ["hello", "hallo"], ["hillo", "hllo"]],
  ["h[^e]llo", ["hallo", "h^llo"], ["hello", "hllo"]],
  ["[a-c]", ["a", "b", "c"], ["d", "-", "B", ""]],
  ["[c-a]", ["a", "b", "c"], ["d", "-"]],
  ["[a-cx-z]", ["b", "y"], ["d", "w"]],
  ["[^a-c]", ["d", "-"], ["a", "b", "c", ""]],
  ["[-a]", ["-", "a"], ["b"]],
  ["[\xf0-\xff]", ["\xf8", "\xff"], ["\x7f", "a"]],
  ["[\\]]", ["]"], ["\\", "["]],
  ["[\\-z]", ["-", "z"], ["a"]],
  ["[a\\", ["a", "\\"], ["b"]],
  // A class that ends at once matches nothing, or everything.
  ["[]", [], ["]", "a", ""]],
  ["[]a", [], ["a", "]a"]],
  ["[^]a", ["xa", "]a"], ["a"]],
  // A class without its end goes to the end of the pattern.
  ["[abc", ["a", "c"], ["d", "[abc"]],
  ["x[", [], ["x", "x["]],
  ["[^", ["a"], [""]],
  ["[a-]", ["]", "a", "_"], ["-", "b"]],
  ["\\*", ["*"], ["a", "\\*"]],
  ["\\?\\[", ["?["], ["a["]],
  ["a\\", ["a\\"], ["a"]],
  ["\\\\", ["\\"], ["\\\\"]],
  ["\\a", ["a"], ["\\a"]],
];

for (const [pattern, yes, no] of CASES) {
  test(`${JSON.stringify(pattern)} matches what it should and nothing else`, () => {
    for (const text of yes) expect([text, matches(pattern, text)]).toEqual([text, true]);
    for (const text of no) expect([text, matches(pattern, text)]).toEqual([text, false]);
  });
}

test("ignores case when told to, but not of what is escaped in a class", () => {
  expect(matches("FoO*", "fOobar", true)).toBe(true);
  expect(matches("[A-C]x", "bX", true)).toBe(true);
  expect(matches("[^A]", "a", true)).toBe(false);
  expect(matches("[\\A]", "a", true)).toBe(false);
  expect(matches("\xc0", "\xe0", true)).toBe(false);
});

test("looks at nothing but the given stretch of the text", () => {
  const text = Buffer.from("xxabcxx");
  expect(globMatches(Buffer.from("a*c"), text, 2, 3)).toBe(true);
  expect(globMatches(Buffer.from("a*x"), text, 2, 3)).toBe(false);
  expect(globMatches(Buffer.from("abc*x"), text, 2)).toBe(true);
});

test("says the same as a plain recursion for random patterns and texts", () => {
  const seed = Date.now() & 0xffff;
  const random = createRandom(seed);
  let matched = 0;
  for (let i = 0; i < 30_000; i++) {
    const pattern = randomText(random, "ab-B*?[]^\\", 10);
    const text = randomText(random, "abB-]\\", 8);
    const ignoreCase = random() < 0.3;
    const expected = reference(pattern, text, ignoreCase);
    if (expected) matched++;
    expect([seed, pattern, text, ignoreCase, matches(pattern, text, ignoreCase)]).toEqual([
      seed,
      pattern,
      text,
      ignoreCase,
      expected,
    ]);
  }
  expect(matched).toBeGreaterThan(300);
});

test("a pattern of many stars over a long text takes steps by their product, not their power", () => {
  const text = "a".repeat(20_000);
  expect(matches("a*".repeat(200) + "b", text)).toBe(false);
  expect(matches("*a".repeat(200) + "*", text)).toBe(true);
  expect(matches("*[a]?".repeat(200) + "[b-z]", text)).toBe(false);
});

test("searches for what stands between stars in the end, and says the same", () => {
  const seed = Date.now() & 0xffff;
  const random = createRandom(seed);
  const answers = { true: 0, false: 0 };
  for (let i = 0; i < 60; i++) {
    // Runs of one letter, in which every place nearly fits.
    const text = "a".repeat(600) + randomText(random, "aab", 40) + "a".repeat(600);
    const run =
      randomText(random, i % 2 === 0 ? "a" : "aaaa?", 300) + (random() < 0.3 ? "[ab]" : "");
    const pattern = `*${run}b${randomText(random, "ab?*", 20)}${random() < 0.5 ? "*" : ""}`;
    const expected = byTable(pattern, text);
    answers[`${expected}`]++;
    expect([seed, pattern, matches(pattern, text)]).toEqual([seed, pattern, expected]);
  }
  expect(Math.min(answers.true, answers.false)).toBeGreaterThan(0);
});

test("finds nothing in a long text for a long pattern without trying every place in full", () => {
  const text = "a".repeat(60_000);
  const half = "a".repeat(20_000);
  expect(matches(`*${half}b*`, text)).toBe(false);
  expect(matches(`*b${half}*`, text)).toBe(false);
  expect(matches(`*${half}?b${half}*`, text)).toBe(false);
  expect(matches(`*${half}[ab]*${half}?*`, text)).toBe(true);
});

/** By a table of which parts of the pattern fit which beginnings of the text; for `*`, `?` and [ab]. */
function byTable(pattern: string, text: string): boolean {
  const parts = pattern.match(/\[ab\]|./g) ?? [];
  const fits = new Uint8Array(text.length + 1);
  fits[0] = 1;
  for (const part of parts) {
    let before = fits[0];
    if (part !== "*") fits[0] = 0;
    for (let t = 1; t <= text.length; t++) {
      const present = fits[t]!;
      const c = text[t - 1]!;
      if (part === "*") fits[t] = present | fits[t - 1]!;
      else fits[t] = part === "?" || part.includes(c) ? before : 0;
      before = present;
    }
  }
  return fits[text.length] === 1;
}

function randomText(random: Random, alphabet: string, lengthMax: number): string {
  const length = randomBelow(random, lengthMax + 1);
  return Array.from({ length }, () => alphabet[randomBelow(random, alphabet.length)]).join("");
}

/** The pattern taken apart, then matched by the plainest of recursions. */
function reference(pattern: string, text: string, ignoreCase: boolean): boolean {
  if (text === "") return pattern === "";
  const parts: ("*" | ((c: string) => boolean))[] = [];
  const fold = (c: string): string => (ignoreCase ? c.toLowerCase() : c);
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === "*") parts.push("*");
    else if (c === "?") parts.push(() => true);
    else if (c === "[") {
      const { test: isIn, end } = readClass(pattern, i + 1, fold);
      parts.push(isIn);
      i = end;
    } else {
      if (c === "\\" && i + 1 < pattern.length) i++;
      const wanted = fold(pattern[i]!);
      parts.push((byte) => fold(byte) === wanted);
    }
  }
  const go = (p: number, t: number): boolean => {
    const part = parts[p];
    if (part === undefined) return t === text.length;
    if (part === "*") return go(p + 1, t) || (t < text.length && go(p, t + 1));
    return t < text.length && part(text[t]!) && go(p + 1, t + 1);
  };
  return go(0, 0);
}

function readClass(
  pattern: string,
  from: number,
  fold: (c: string) => string,
): { test: (c: string) => boolean; end: number } {
  const tests: ((c: string) => boolean)[] = [];
  const isNegated = pattern[from] === "^";
  let i = isNegated ? from + 1 : from;
  for (; i < pattern.length && pattern[i] !== "]"; i++) {
    const first = pattern[i]!;
    const last = pattern[i + 2];
    if (first === "\\" && i + 1 < pattern.length) {
      const wanted = pattern[++i]!;
      tests.push((c) => c === wanted);
    } else if (pattern[i + 1] === "-" && last !== undefined) {
      const [low, high] = first < last ? [first, last] : [last, first];
      tests.push((c) => fold(c) >= fold(low) && fold(c) <= fold(high));
      i += 2;
    } else tests.push((c) => fold(c) === fold(first));
  }
  return { test: (c) => tests.some((each) => each(c)) !== isNegated, end: i };
}
