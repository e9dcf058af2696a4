/**
 * The program in docs/sdk.md: its blocks, put together, compile and print what the page says.
 *
 * In a block that starts with "```ts tour", each line that starts with "//" is a line of output.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "./support/server-process.ts";
import { printsAs } from "./support/tour.ts";

const ROOT = resolve(import.meta.dirname, "..");
const run = promisify(execFile);
/** Where the page's server listens; the test's is on a free port. */
const ADDRESS = "127.0.0.1:8000";
const LINES_MIN = 15;
/** Compiling takes a few seconds, and on a busy machine much longer. */
const TIMEOUT_MS = 180_000;

const page = readFileSync(join(ROOT, "docs/sdk.md"), "utf8");
const program = [...page.matchAll(/^```ts tour\n(.*?)^```$/gms)].map(([, body]) => body).join("\n");
const prints = [...program.matchAll(/^ *\/\/ (.*)$/gm)].map(([, line]) => line).join("\n");

/** JavaScript of a TypeScript file in the project. */
function compile(path: string): { readonly errors: string[]; readonly code: string } {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const tour = ts.createProgram([path], { ...options, noEmit: false });
  const errors = ts
    .getPreEmitDiagnostics(tour)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  const code: string[] = [];
  tour.emit(tour.getSourceFile(path), (_, text) => code.push(text));
  return { errors, code: code.join("") };
}

test("it compiles, and prints what the page says", { timeout: TIMEOUT_MS }, async () => {
  expect(prints.split("\n").length).toBeGreaterThanOrEqual(LINES_MIN);
  const place = join(ROOT, `dist.sdk-docs-${process.pid}`);
  mkdirSync(place);
  onTestFinished(() => rmSync(place, { recursive: true }));
  writeFileSync(join(place, "tour.ts"), program);
  const { errors, code } = compile(join(place, "tour.ts"));
  expect(errors).toEqual([]);

  const server = await startServerProcess(["--data-dir", "none"]);
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  const file = join(place, "tour.js");
  writeFileSync(file, code.replaceAll(ADDRESS, server.address));
  const { stdout } = await run(process.execPath, [file]);
  expect(printsAs(prints, stdout), `expected\n${prints}\nprinted\n${stdout}`).toBe(true);
});
