/**
 * The SDK where there is no node: bundled as for a browser, and run with nothing but what the web has.
 */
import { join, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import ts from "typescript";
import { expect, onTestFinished, test } from "vitest";
import { bundleClient, PROBE, PROBE_RESULT } from "../support/client-bundle.ts";
import { startClientServer } from "../support/client-server.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const ENTRY = join(ROOT, "src/client/index.ts");

/** Globals of browsers and edge runtimes that the SDK may use; everything else is undefined. */
const WEB_GLOBALS = {
  ...{ fetch, Headers, URL, AbortController, TextEncoder, TextDecoder, performance, atob, btoa },
  ...{ setTimeout, clearTimeout, AbortSignal },
};

test("bundled into one script, it runs with the globals of the web alone", async () => {
  const server = await startClientServer();
  onTestFinished(() => server.close());
  const context = createContext({ ...WEB_GLOBALS });
  runInContext(`${await bundleClient()}; globalThis.PyKVClient = PyKVClient;`, context);
  const run = runInContext(PROBE, context) as (url: string) => Promise<string>;
  expect(JSON.parse(await run(server.url))).toEqual(PROBE_RESULT);
});

test("it compiles with the types of the web alone, and so do its declarations", () => {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const web = { ...options, types: [], lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] };
  const declared = new Map<string, string>();
  const emit = { ...web, noEmit: false, declaration: true, emitDeclarationOnly: true };
  const program = ts.createProgram([ENTRY], emit);
  expect(messages(ts.getPreEmitDiagnostics(program))).toEqual([]);
  program.emit(undefined, (path, text) => declared.set(path, text));
  expect(declared.size).toBeGreaterThan(10);
  for (const [path, text] of declared)
    expect(`${path}: ${text}`).not.toMatch(/NodeJS|Buffer\b|node:/);
});

function messages(diagnostics: readonly ts.Diagnostic[]): string[] {
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
