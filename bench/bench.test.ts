/**
 * Every benchmark runs, in tiny sizes: that it works, not how fast. They measure the build, in
 * processes of their own, so the build is made first when it is stale.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BENCHMARKS } from "./registry.ts";
import type { Report } from "./support/benchmark.ts";

const ROOT = resolve(import.meta.dirname, "..");
const RUN = join(ROOT, "dist-tools/bench/run.js");

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "pykv-bench-test-"));

afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => {
  const args = [join(ROOT, "scripts/build.mjs"), "--tools"];
  const built = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(built.stderr).toBe("");
  expect(built.status).toBe(0);
});

/** Runs the command with a directory of its own for temporary files. */
async function bench(...args: readonly string[]) {
  const temporary = mkdtempSync(join(directory, "run-"));
  const json = `${temporary}.json`;
  const env = { ...process.env, TMPDIR: temporary };
  const { stdout } = await run(process.execPath, [RUN, ...args, "--json", json], { env });
  const { reports } = JSON.parse(readFileSync(json, "utf8")) as { reports: Report[] };
  return { stdout, reports, left: readdirSync(temporary) };
}

for (const { name, title } of BENCHMARKS) {
  test(`the benchmark ${name} works and leaves no file behind`, async () => {
    const { stdout, reports, left } = await bench("--quick", name);
    expect(left).toEqual([]);
    expect(stdout).toContain(`## ${name}: ${title}`);
    expect(reports.map((report) => report.name)).toEqual([name]);
    const { rows, skipped } = reports[0]!;
    // What it is compared with may not be installed here; then it says so.
    expect(rows.length + skipped.length).toBeGreaterThan(0);
    for (const { what, median, rounds, aim, met } of rows) {
      expect(Number.isFinite(median), what).toBe(true);
      expect(rounds.length, what).toBe(1);
      expect(met === null, what).toBe(aim === null);
    }
  });
}

test("a benchmark that does not exist is refused, and those that do are listed", async () => {
  const failing = run(process.execPath, [RUN, "tables"]);
  await expect(failing).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no benchmark tables[^]*table +in process/) as unknown,
  });
});
