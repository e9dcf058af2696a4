/**
 * Reloading over a small checkout of the test's own: its build copies a file or fails, its server says
 * which build it is from.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";

const BUILD = `
import { readFileSync, writeFileSync } from "node:fs";
const root = new URL("..", import.meta.url);
const source = readFileSync(new URL("src/a.ts", root), "utf8");
if (source.includes("broken")) {
  console.error("src/a.ts: it is broken");
  process.exit(1);
}
writeFileSync(new URL("built.txt", root), source);
`;

const SERVER = `
import { readFileSync } from "node:fs";
const built = readFileSync(new URL("../built.txt", import.meta.url), "utf8");
process.on("SIGTERM", () => { console.log("stopped " + built); process.exit(0); });
process.on("SIGINT", () => { console.log("interrupted " + built); process.exit(0); });
setInterval(() => undefined, 1000);
console.log("serving " + built + " with " + process.argv.slice(2).join(" "));
if (built.includes("crashing")) process.exit(7);
`;

/** Runs serveReloading in a process of its own: it shares its output with its children. */
function start() {
  const root = mkdtempSync(join(tmpdir(), "pykv-reload-"));
  for (const dir of ["src", "scripts", "bin"]) mkdirSync(join(root, dir));
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write("package.json", '{"type":"module"}');
  write("scripts/build.mjs", BUILD);
  write("bin/pykv.js", SERVER);
  write("src/a.ts", "one");
  write("built.txt", "one");
  const module = new URL("../../dist/cli/reload.js", import.meta.url).href;
  const io = new URL("../../dist/cli/io.js", import.meta.url).href;
  const script =
    `const { serveReloading } = await import(${JSON.stringify(module)});` +
    `const { processIo } = await import(${JSON.stringify(io)});` +
    `const options = { root: ${JSON.stringify(root)}, argv: ["--port", "1"], firstArgv: ["--open"] };` +
    "process.exitCode = await serveReloading(options, processIo());";
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = new Promise<number | null>((settle) => child.once("close", settle));
  onTestFinished(() => {
    child.kill("SIGKILL");
    rmSync(root, { recursive: true, force: true });
  });
  const until = async (expected: string) => {
    while (!output.includes(expected)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { write, until, child, ended, output: () => output };
}

test("a change is built and served; one that does not build leaves the server alone", async () => {
  const { write, until, child, ended, output } = start();
  await until("watching src");
  await until("serving one with serve --port 1 --open\n");
  write("src/a.ts", "two");
  await until("stopped one");
  await until("serving two with serve --port 1\n");
  write("src/a.ts", "broken");
  await until("src/a.ts: it is broken");
  await until("the build failed, see above; waiting for the next change");
  expect(output()).not.toContain("stopped two");
  write("src/a.ts", "crashing");
  await until("the server ended with 7; waiting for a change");
  write("src/a.ts", "three");
  await until("serving three");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(output()).toContain("stopped three");
});

test("Ctrl-C ends the server and the watching", async () => {
  const { until, child, ended, output } = start();
  await until("serving one");
  await until("watching src");
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(output()).toContain("interrupted one");
});
