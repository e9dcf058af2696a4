import { expect, test } from "vitest";
import { fitted } from "./screen.ts";

const RED = "\u001b[31m";
const OFF = "\u001b[0m";

test.each([
  ["abc", 5, "abc"],
  ["abc", 3, "abc"],
  ["abcd", 3, `abc${OFF}`],
  [`${RED}abc${OFF}`, 3, `${RED}abc${OFF}`],
  [`${RED}abcd${OFF}`, 3, `${RED}abc${OFF}`],
  ["a\u{1f600}b", 2, `a\u{1f600}${OFF}`],
  ["", 0, ""],
])("%j in %i columns is %j", (line, columns, expected) => {
  expect(fitted(line, columns)).toBe(expected);
});
