/** The last line of CI counts everything, and nothing that went wrong ends green. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const SCRIPT = resolve(import.meta.dirname, "../scripts/count-tests.mjs");

interface FileReport {
  readonly status: "passed" | "failed";
  readonly assertionResults: readonly { readonly status: "passed" | "failed" }[];
}

const GOOD: FileReport = { status: "passed", assertionResults: [{ status: "passed" }] };
const BAD: FileReport = { status: "failed", assertionResults: [{ status: "failed" }] };
const UNLOADED: FileReport = { status: "failed", assertionResults: [] };

// what, files of the report or null for no report, exit code of the tests, checks, line, exit code
const CASES: [string, FileReport[] | null, number, [number, number], string, number][] = [
  ["all is well", [GOOD, GOOD], 0, [4, 0], "6 passed, 0 failed", 0],
  ["a test fails", [GOOD, BAD], 1, [4, 0], "5 passed, 1 failed", 1],
  ["a check fails", [GOOD], 0, [3, 1], "4 passed, 1 failed", 1],
  ["a file does not load", [GOOD, UNLOADED], 1, [4, 0], "5 passed, 1 failed", 1],
  ["a test fails and a file does not load", [BAD, UNLOADED], 1, [4, 0], "4 passed, 2 failed", 1],
  ["all pass and the run ends badly", [GOOD], 1, [4, 0], "5 passed, 1 failed", 1],
  ["no test ran", [], 0, [4, 0], "4 passed, 1 failed", 1],
  ["there is no report", null, 1, [4, 0], "4 passed, 1 failed", 1],
];

for (const [what, files, exitCode, checks, line, status] of CASES) {
  test(`when ${what}, CI ends with "${line}"`, () => {
    const dir = mkdtempSync(join(tmpdir(), "pykv-ci-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const path = join(dir, "report.json");
    if (files !== null) writeFileSync(path, JSON.stringify(reportOf(files)));
    const args = [SCRIPT, path, exitCode, ...checks].map(String);
    const ended = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(ended.stdout).toBe(`${line}\n`);
    expect(ended.status).toBe(status);
  });
}

function reportOf(testResults: FileReport[]) {
  const results = testResults.flatMap((file) => file.assertionResults);
  const countOf = (status: string) => results.filter((each) => each.status === status).length;
  return { numPassedTests: countOf("passed"), numFailedTests: countOf("failed"), testResults };
}
