import { expect, test } from "vitest";
import { Args, argsOf } from "./args.ts";

test("keeps the places of any number of arguments", () => {
  const args = new Args();
  args.buffer = Buffer.from("abc");
  for (let i = 0; i < 3000; i++) args.add(i % 3, 1);
  expect(args.count).toBe(3000);
  expect([0, 1, 2, 2999].map((i) => args.latin1(i))).toEqual(["a", "b", "c", "c"]);
});

test("gives much room back when it is cleared, and keeps a little", () => {
  const args = new Args();
  for (let i = 0; i < 100; i++) args.add(0, 0);
  const { at } = args;
  args.clear();
  expect(args.count).toBe(0);
  expect(args.at).toBe(at);
  for (let i = 0; i < 2000; i++) args.add(0, 0);
  args.clear();
  expect([args.at.length, args.length.length]).toEqual([8, 8]);
});

test("reads text by UTF-8, and bytes by latin1", () => {
  const args = argsOf(["gr\u00fc\u00df", Buffer.from([0xff])]);
  expect(args.text(0)).toBe("gr\u00fc\u00df");
  expect(args.latin1(0)).toBe("gr\u00c3\u00bc\u00c3\u009f");
  expect(args.text(1)).toBe("\ufffd");
  expect(args.latin1(1)).toBe("\u00ff");
});

// argument, word, whether it is
const WORDS: [string, string, boolean][] = [
  ["EX", "EX", true],
  ["ex", "EX", true],
  ["eX", "EX", true],
  ["", "EX", false],
  ["E", "EX", false],
  ["EXX", "EX", false],
  ["PX", "EX", false],
  ["NO-EVICT", "NO-EVICT", true],
  ["no\revict", "NO-EVICT", false],
  ["{", "[", false],
  ["", "", true],
];

for (const [argument, word, isIt] of WORDS) {
  test(`says that ${JSON.stringify(argument)} is ${isIt ? "" : "not "}the word ${word}`, () => {
    expect(argsOf(["x", argument]).is(1, word)).toBe(isIt);
  });
}

test("gives words in capitals", () => {
  expect(argsOf(["client", "No-Evict"]).word(1)).toBe("NO-EVICT");
});

test("copies what outlives the command, and views what does not", () => {
  const args = argsOf(["a", "bcd"]);
  const copy = args.copy(1);
  const view = args.view(1);
  args.buffer.fill(0x7a);
  expect(copy.toString()).toBe("bcd");
  expect(view.toString()).toBe("zzz");
});

test("reads integers of 64 bits, and those that a double holds", () => {
  const args = argsOf(["x", "-9223372036854775808", "12", "1.5", ""]);
  expect([1, 2, 3, 4].map((i) => args.integer(i))).toEqual([-(2n ** 63n), 12n, null, null]);
  expect([1, 2, 3, 4].map((i) => args.safeInteger(i))).toEqual([NaN, 12, NaN, NaN]);
});

test("compares two arguments by their bytes", () => {
  const args = argsOf(["a", "A", "a", "ab", ""]);
  expect([1, 2, 3, 4].map((i) => args.same(0, i))).toEqual([false, true, false, false]);
});
