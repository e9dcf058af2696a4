/**
 * Programs of the system that some tests drive. Such a test is skipped where one is not installed, with
 * a line that says what to run; with REQUIRE_TEST_TOOLS=1, as in CI, it fails instead.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { test } from "vitest";

const REMEDY = "run scripts/install-test-tools.sh";
const told = new Set<string>();

/** `test`, or its skipping form when one of the programs, names or absolute paths, is missing. */
export function testNeeding(...programs: readonly string[]): typeof test | typeof test.skip {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return test;
  const sentence = `${missing.join(" and ")}: not installed; ${REMEDY}`;
  if (process.env.REQUIRE_TEST_TOOLS === "1") throw new Error(sentence);
  if (!told.has(sentence)) process.stderr.write(`skipping tests that need ${sentence}\n`);
  told.add(sentence);
  return test.skip;
}

/** Whether a program is there, by its name or its absolute path. */
export function isInstalled(program: string): boolean {
  const folders = isAbsolute(program) ? ["/"] : (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
