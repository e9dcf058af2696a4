/** The tour in the README does what it says, in order, against a server from the build. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "../support/server-process.ts";
import { printsAs, stepsOf } from "../support/tour.ts";

const run = promisify(execFile);
const README = resolve(import.meta.dirname, "../../README.md");
/** Where the README's server listens; the test's is on a free port. */
const ADDRESS = "127.0.0.1:8000";
const STEPS_MIN = 10;

test("every command of the tour prints what the README says", async () => {
  const steps = stepsOf(readFileSync(README, "utf8"));
  expect(steps.length).toBeGreaterThanOrEqual(STEPS_MIN);
  expect(steps.some((step) => step.restart)).toBe(true);

  const dataDir = mkdtempSync(join(tmpdir(), "pykv-tour-"));
  let server = await startServerProcess(["--data-dir", dataDir]);
  onTestFinished(async () => {
    await server.end("SIGKILL");
    rmSync(dataDir, { recursive: true });
  });
  for (const { command, prints, restart } of steps) {
    if (restart) {
      await server.end("SIGKILL");
      server = await startServerProcess(["--data-dir", dataDir]);
    }
    const { stdout } = await run("bash", ["-c", command.replaceAll(ADDRESS, server.address)]);
    expect(printsAs(prints, stdout), `${command}\nprinted ${stdout}`).toBe(true);
  }
});

test("a server that is asked to stop ends with 0", async () => {
  const server = await startServerProcess(["--data-dir", "none"]);
  expect(await server.end("SIGTERM"), server.output()).toBe(0);
});
