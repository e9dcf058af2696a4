/** Every example runs with its one command, and prints what examples/README.md says. */
import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "./support/server-process.ts";
import { printsAs } from "./support/tour.ts";

const ROOT = resolve(import.meta.dirname, "..");
const RUNNER = join(ROOT, "scripts/example.mjs");
const run = promisify(execFile);

const readme = readFileSync(join(ROOT, "examples/README.md"), "utf8");
const outputs = new Map(
  [...readme.matchAll(/^```text ([\w-]+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [
    ...[name, text.trim()],
  ]) as [string, string][],
);
const names = readdirSync(join(ROOT, "examples"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

/** Nothing of the environment that an example looks at, but where the server is. */
const env = (url?: string) => ({
  PATH: process.env.PATH,
  ...(url === undefined ? {} : { PYKV_URL: url }),
});

test("all of them, at the same time on one server", async () => {
  expect([...outputs.keys()].sort()).toEqual(names.sort());
  const server = await startServerProcess(["--data-dir", "none"]);
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  const url = `http://${server.address}`;
  const printed = await Promise.all(
    names.map((name) => run(process.execPath, [RUNNER, name], { env: env(url) })),
  );
  for (const [i, { stdout }] of printed.entries()) {
    expect(printsAs(outputs.get(names[i]!)!, stdout), `${names[i]} printed\n${stdout}`).toBe(true);
  }
});

test("without PYKV_URL an example starts a server of its own, and stops it", async () => {
  const { stdout } = await run(process.execPath, [RUNNER, "rate-limiter"], { env: env() });
  expect(printsAs(outputs.get("rate-limiter")!, stdout), stdout).toBe(true);
  expect(readdirSync(ROOT).filter((name) => name.startsWith("dist.example"))).toEqual([]);
});

for (const args of [[], ["nope"], ["sessions", "more"], ["../scripts/build"]]) {
  test(`asked for ${JSON.stringify(args)}, it says which examples there are`, () => {
    const { status, stderr } = spawnSync(process.execPath, [RUNNER, ...args], {
      ...{ env: env(), encoding: "utf8" },
    });
    expect(status).toBe(2);
    expect(stderr).toContain("npm run example -- api-cache | configuration");
    expect(stderr).not.toContain("    at ");
  });
}
