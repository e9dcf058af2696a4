/**
 * The SDK where there is no node: bundled as for a browser, and run with nothing but what the web has.
 */
import { join, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import ts from "typescript";
import { build } from "vite";
import { expect, onTestFinished, test } from "vitest";
import { startClientServer } from "../support/client-server.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const ENTRY = join(ROOT, "src/client/index.ts");

/** Globals of browsers and edge runtimes that the SDK may use; everything else is undefined. */
const WEB_GLOBALS = {
  ...{ fetch, Headers, URL, AbortController, TextEncoder, TextDecoder, performance, atob, btoa },
  ...{ setTimeout, clearTimeout },
};

/** Runs in the context, where `PyKVClient` is the bundle. */
const SCRIPT = `(async (url) => {
  const { PyKV, PyKVError, rawJson } = PyKVClient;
  const kv = new PyKV({ url, namespace: "browser" });
  await kv.set("user", { name: "Ada" }, { ttl: 60 });
  await kv.set("bytes", new Uint8Array([255, 0]));
  await kv.set("..", rawJson("12345678901234567890"));
  const keys = [];
  for await (const key of kv.list()) keys.push(key);
  const failed = await kv.increment("user").catch((error) => error);
  return JSON.stringify({
    node: [typeof process, typeof Buffer, typeof require, typeof setImmediate],
    user: await kv.get("user"),
    bytes: [...(await kv.get("bytes"))],
    exact: new TextDecoder().decode((await kv.getBytes("..")).bytes),
    sum: String(await kv.increment("n", 2n ** 60n)),
    keys: keys.sort(),
    failed: [failed instanceof PyKVError, failed.code],
  });
})`;

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: false,
      lib: { entry: ENTRY, formats: ["iife"], name: "PyKVClient" },
    },
  });
  const [output] = [built].flat();
  if (output === undefined || !("output" in output)) throw new Error("vite built nothing");
  const chunks = output.output.filter((part) => part.type === "chunk");
  expect(chunks.map(({ imports }) => imports)).toEqual([[]]);
  return chunks[0]!.code;
}

test("bundled into one script, it runs with the globals of the web alone", async () => {
  const server = await startClientServer();
  onTestFinished(() => server.close());
  const context = createContext({ ...WEB_GLOBALS });
  runInContext(`${await bundle()}; globalThis.PyKVClient = PyKVClient;`, context);
  const run = runInContext(SCRIPT, context) as (url: string) => Promise<string>;
  expect(JSON.parse(await run(server.url))).toEqual({
    node: ["undefined", "undefined", "undefined", "undefined"],
    user: { name: "Ada" },
    bytes: [255, 0],
    exact: "12345678901234567890",
    sum: String(2n ** 60n),
    keys: ["..", "bytes", "user"],
    failed: [true, "NOT_AN_INTEGER"],
  });
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
