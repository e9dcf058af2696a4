/**
 * Every benchmark runs, in tiny sizes: that it works, not how fast. They measure the build, so it is
 * made first when it is stale; all run in one process, since to load it takes longer than most.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

let stdout = "";
let reports: Report[] = [];

afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(async () => {
  const args = [join(ROOT, "scripts/build.mjs"), "--tools"];
  const built = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(built.stderr).toBe("");
  expect(built.status).toBe(0);
  const temporary = join(directory, "tmp");
  const json = join(directory, "reports.json");
  mkdirSync(temporary);
  const env = { ...process.env, TMPDIR: temporary };
  ({ stdout } = await run(process.execPath, [RUN, "--quick", "--json", json], { env }));
  ({ reports } = JSON.parse(readFileSync(json, "utf8")) as { reports: Report[] });
  expect(readdirSync(temporary), "no benchmark leaves a file behind").toEqual([]);
}, 300_000);

for (const { name, title } of BENCHMARKS) {
  test(`the benchmark ${name} works`, () => {
    expect(stdout).toContain(`## ${name}: ${title}`);
    const report = reports.find((it) => it.name === name);
    const { rows, skipped } = report!;
    // What it is compared with may not be installed here; then it says so.
    expect(rows.length + skipped.length).toBeGreaterThan(0);
    for (const { what, median, rounds, aim, met } of rows) {
      expect(Number.isFinite(median), what).toBe(true);
      expect(rounds.length, what).toBe(1);
      expect(met === null, what).toBe(aim === null);
    }
  });
}

test("they run in the order in which they are listed", () => {
  expect(reports.map(({ name }) => name)).toEqual(BENCHMARKS.map(({ name }) => name));
});

test("a benchmark that does not exist is refused, and those that do are listed", async () => {
  const failing = run(process.execPath, [RUN, "tables"]);
  await expect(failing).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no benchmark tables[^]*table +in process/) as unknown,
  });
});
