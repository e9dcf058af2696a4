import { expect, test } from "vitest";
import { wantsColor } from "./io.ts";

const CASES: [string, Record<string, string>, boolean, boolean][] = [
  ["a terminal", {}, true, true],
  ["no terminal", {}, false, false],
  ["a terminal, with NO_COLOR", { NO_COLOR: "1" }, true, false],
  ["a terminal, with an empty NO_COLOR", { NO_COLOR: "" }, true, true],
  ["a dumb terminal", { TERM: "dumb" }, true, false],
  ["no terminal, with FORCE_COLOR", { FORCE_COLOR: "1" }, false, true],
  ["a terminal, with FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, false],
  ["both", { FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
];

for (const [what, env, isTerminal, colored] of CASES) {
  test(`${what} ${colored ? "gets" : "gets no"} colours`, () => {
    expect(wantsColor(env, isTerminal)).toBe(colored);
  });
}
