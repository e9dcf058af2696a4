import { expect, test } from "vitest";
import { printsAs, stepsOf } from "./tour.ts";

const MARKDOWN = `
\`\`\`sh
not part of it
\`\`\`

\`\`\`sh tour
one --flag
# first
# second

two
# ...
\`\`\`

\`\`\`sh tour restart
three
# third
four
# fourth
\`\`\`
`;

test("the steps are the commands of the blocks of the tour, with what they print", () => {
  expect(stepsOf(MARKDOWN)).toEqual([
    { command: "one --flag", prints: "first\nsecond", restart: false },
    { command: "two", prints: "...", restart: false },
    { command: "three", prints: "third", restart: true },
    { command: "four", prints: "fourth", restart: false },
  ]);
});

const PRINTED: [string, string, boolean][] = [
  ["plain", "plain\n", true],
  ["plain", "plane", false],
  ["plain", "plain and more", false],
  ['{"a":[1],...}', '{"a":[1],"b":2}', true],
  ['{"a":[1],...}', '{"a":[2],"b":2}', false],
  ["a...c", "a\nb\nc", true],
  ["a.c", "abc", false],
];
for (const [expected, actual, same] of PRINTED) {
  test(`${JSON.stringify(actual)} is ${same ? "" : "not "}what ${expected} says`, () => {
    expect(printsAs(expected, actual)).toBe(same);
  });
}
