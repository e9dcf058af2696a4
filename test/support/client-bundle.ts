/** The SDK as one script, as a browser gets it, and a program that shows whether it works there. */
import { resolve } from "node:path";
import { build } from "vite";

const ENTRY = resolve(import.meta.dirname, "../../src/client/index.ts");

/** A function of the server's URL, where `PyKVClient` is the bundle; resolves with JSON. */
export const PROBE = `(async (url) => {
  const { PyKV, PyKVError, rawJson } = PyKVClient;
  const kv = new PyKV({ url, namespace: "browser" });
  const codeOf = (promise) => promise.then(
    () => "none",
    (error) => (error instanceof PyKVError ? error.code : String(error)),
  );
  await kv.set("user", { name: "Ada" }, { ttl: 60 });
  await kv.set("bytes", new Uint8Array([255, 0]));
  await kv.set("..", rawJson("12345678901234567890"));
  await kv.set("k".repeat(5000), 1);
  const keys = [];
  for await (const key of kv.list()) keys.push(key.length);
  const nobody = new PyKV({ url: "http://127.0.0.1:9", retry: false });
  return JSON.stringify({
    node: [typeof process, typeof Buffer, typeof require, typeof setImmediate],
    user: await kv.get("user"),
    bytes: [...(await kv.get("bytes"))],
    exact: new TextDecoder().decode((await kv.getBytes("..")).bytes),
    sum: String(await kv.increment("n", 2n ** 60n)),
    has: [await kv.has("user"), await kv.has("none"), await kv.get("none") === undefined],
    keys: keys.sort((a, b) => a - b),
    failed: await codeOf(kv.increment("user")),
    stale: await codeOf(kv.set("user", 1, { ifAbsent: true })),
    unreachable: await codeOf(nobody.get("a")),
    aborted: await codeOf(kv.get("a", { signal: AbortSignal.abort() })),
  });
})`;

export const PROBE_RESULT = {
  node: ["undefined", "undefined", "undefined", "undefined"],
  user: { name: "Ada" },
  bytes: [255, 0],
  exact: "12345678901234567890",
  sum: String(2n ** 60n),
  has: [true, false, true],
  keys: [2, 4, 5, 5000],
  failed: "NOT_AN_INTEGER",
  stale: "CONDITION_FAILED",
  unreachable: "UNREACHABLE",
  aborted: "ABORTED",
};

export async function bundleClient(): Promise<string> {
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
  const [chunk] = chunks;
  if (chunks.length !== 1 || chunk === undefined || chunk.imports.length > 0) {
    throw new Error("the client is not one script without imports");
  }
  return chunk.code;
}
