/**
 * Prints "N passed, N failed" for CI and exits with 1 when anything failed.
 *
 *   node scripts/count-tests.mjs <vitest's JSON report> <exit code of the tests> <passed> <failed>
 *
 * The last two are what was counted elsewhere. A test file that did not even load counts as a
 * failure, and so do tests that ended badly without a failed one: a crash must not look green.
 */
import { readFileSync } from "node:fs";

const [, , reportPath, exitCode, passedBefore, failedBefore] = process.argv;

const tests = countTests();
const passed = Number(passedBefore) + tests.passed;
const failed = Number(failedBefore) + tests.failed;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function countTests() {
  const report = readReport();
  const unloaded = report.testResults.filter(
    (file) =>
      file.status === "failed" && file.assertionResults.every((each) => each.status !== "failed"),
  );
  const failures = report.numFailedTests + unloaded.length;
  const endedBadly = exitCode !== "0" || report.numPassedTests === 0;
  return { passed: report.numPassedTests, failed: endedBadly ? Math.max(1, failures) : failures };
}

function readReport() {
  try {
    return JSON.parse(readFileSync(reportPath, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}
