import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { bytesFlag, collected, durationMsFlag, integerFlag, numberFlag } from "./flags.ts";

const range = { min: 1, max: 1000 };

const CASES: [string, (text: string) => number, [string, number | null][]][] = [
  [
    "a whole number",
    integerFlag(range),
    [
      ["1", 1],
      ["1000", 1000],
      ["1_000", 1000],
      ["0", null],
      ["1001", null],
      ["1.5", null],
      ["0x10", null],
      ["", null],
      [" 1", null],
      ["1e2", null],
    ],
  ],
  [
    "a number",
    numberFlag({ min: 0, max: 1 }),
    [
      ["0", 0],
      ["0.25", 0.25],
      [".5", 0.5],
      ["1.", 1],
      ["1.01", null],
      ["-0.1", null],
      ["half", null],
      ["", null],
    ],
  ],
  [
    "a duration",
    durationMsFlag({ min: 10, max: 60_000 }, "s"),
    [
      ["10ms", 10],
      ["5", 5000],
      ["1m", 60_000],
      ["9ms", null],
      ["2m", null],
      ["soon", null],
    ],
  ],
  [
    "a size",
    bytesFlag({ min: 1, max: 1024 }),
    [
      ["64", 64],
      ["1kb", 1024],
      ["0", null],
      ["2kb", null],
      ["big", null],
    ],
  ],
];

for (const [what, parse, texts] of CASES) {
  for (const [text, value] of texts) {
    test(`"${text}" as ${what} is ${value ?? "refused, with what would be right"}`, () => {
      if (value === null) {
        expect(() => parse(text)).toThrow(InvalidArgumentError);
        expect(() => parse(text)).toThrow(/It must be a .*\d/);
      } else {
        expect(parse(text)).toBe(value);
      }
    });
  }
}

test("a flag given more than once becomes a list in order", () => {
  const parse = collected(integerFlag(range));
  expect(parse("2", parse("1"))).toEqual([1, 2]);
});
