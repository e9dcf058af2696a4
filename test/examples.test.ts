/** Every example runs with its one command, and prints what examples/README.md says. */
import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { PyKV } from "../src/client/index.ts";
import { startServerProcess } from "./support/server-process.ts";
import { printsAs } from "./support/tour.ts";

const ROOT = resolve(import.meta.dirname, "..");
const RUNNER = join(ROOT, "scripts/example.mjs");
const run = promisify(execFile);
/** Together they take a few seconds, and on a busy machine much longer. */
const timeout = 180_000;

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

test(
  "without PYKV_URL, they run on a server that is started for them and stopped",
  { timeout },
  async () => {
    expect([...outputs.keys()].sort()).toEqual(names.sort());
    const { stdout } = await run(process.execPath, [RUNNER, ...names], { env: env() });
    const printed = stdout.split(/^== (.*)\n/m).slice(1);
    expect(printed.length).toBe(2 * names.length);
    for (const [i, name] of names.entries()) {
      const [heading, text = ""] = printed.slice(2 * i);
      expect(heading).toBe(name);
      expect(printsAs(outputs.get(name)!, text), `${name} printed\n${text}`).toBe(true);
    }
    expect(readdirSync(ROOT).filter((name) => name.startsWith("dist.example"))).toEqual([]);
  },
);

test(
  "with PYKV_URL they run on that server, and touch nothing of others",
  { timeout },
  async () => {
    const server = await startServerProcess(["--data-dir", "none"]);
    onTestFinished(async () => {
      await server.end("SIGKILL");
    });
    const url = `http://${server.address}`;
    const kv = new PyKV({ url, namespace: "tenant:acme" });
    await kv.set("mine", 1);
    const { stdout } = await run(process.execPath, [RUNNER, "namespaces"], { env: env(url) });
    expect(printsAs(outputs.get("namespaces")!, stdout), stdout).toBe(true);
    expect((await kv.performance()).total_operations).toBeGreaterThan(10);
    expect([await kv.get("mine"), await kv.namespaces()]).toEqual([1, ["tenant:acme"]]);
  },
);

for (const args of [[], ["sessions", "nope"], ["../scripts/build"]]) {
  test(`asked for ${JSON.stringify(args)}, it says which examples there are`, () => {
    const { status, stderr } = spawnSync(process.execPath, [RUNNER, ...args], {
      ...{ env: env(), encoding: "utf8" },
    });
    expect(status).toBe(2);
    expect(stderr).toContain("npm run example -- api-cache | configuration");
    expect(stderr).not.toContain("    at ");
  });
}
