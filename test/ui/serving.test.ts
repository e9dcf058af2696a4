/** How the built console is served: headers, compression, size, and not at all when it is off. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";

const BUILT = resolve(import.meta.dirname, "../../dist-ui");
/** What the first page loads, scripts and all that they import at once, compressed. */
const FIRST_LOAD_BYTES_MAX = 300 * 1024;

const PAGE = readFileSync(join(BUILT, "index.html"), "utf8");
const ENTRY = /src="\/ui\/(assets\/[^"]+\.js)"/.exec(PAGE)![1]!;

let server: ServerProcess;
beforeAll(async () => void (server = await startServerProcess(["--data-dir", "none"])));
afterAll(() => server.end("SIGTERM"));

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://${server.address}${path}`, { headers, redirect: "manual" });

test("the root leads to the console", async () => {
  const reply = await get("/");
  expect([reply.status, reply.headers.get("location")]).toEqual([302, "ui/"]);
});

test("the page is asked for anew each time, with a policy and a nonce of its own", async () => {
  const [one, two] = [await get("/ui/"), await get("/ui/data?ns=shop")];
  const policy = one.headers.get("content-security-policy")!;
  const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)![1]!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  expect(one.headers.get("cache-control")).toBe("no-cache");
  expect(one.headers.get("x-content-type-options")).toBe("nosniff");
  expect(one.headers.get("referrer-policy")).toBe("no-referrer");
  const page = await one.text();
  expect(page).toContain(`nonce="${nonce}"`);
  expect(page).not.toContain("__CSP_NONCE__");
  expect(two.headers.get("content-security-policy")).not.toBe(policy);
});

for (const encoding of ["br", "gzip"] as const) {
  test(`scripts come as ${encoding}, to be kept for ever`, async () => {
    const reply = await get(`/ui/${ENTRY}`, { "accept-encoding": encoding });
    expect(reply.headers.get("content-encoding")).toBe(encoding);
    expect(reply.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await reply.text()).toBe(readFileSync(join(BUILT, ENTRY), "utf8"));
  });
}

for (const path of ["/ui/assets/none.js", "/ui/assets/..%2findex.html", "/nowhere", "/uix"]) {
  test(`${path} is no page but a problem`, async () => {
    const reply = await get(path);
    expect(reply.status).toBe(404);
    expect(reply.headers.get("content-type")).toContain("application/problem+json");
  });
}

test("nothing is loaded from anywhere else, not a font and not a script", () => {
  const assets = readdirSync(join(BUILT, "assets"));
  const styles = assets.filter((name) => name.endsWith(".css"));
  for (const name of styles) {
    expect(readFileSync(join(BUILT, "assets", name), "utf8")).not.toMatch(/url\(["']?https?:/);
  }
  expect(PAGE).not.toMatch(/(?:src|href)="(?!\/)/);
  expect(assets.some((name) => name.endsWith(".woff2"))).toBe(true);
});

test("the scripts of the first load are under 300 KB, compressed", () => {
  const seen = new Set<string>();
  const visit = (path: string): number => {
    if (seen.has(path)) return 0;
    seen.add(path);
    const text = readFileSync(join(BUILT, path), "utf8");
    const imports = [...text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)];
    const below = imports.map((match) => visit(`assets/${match[1]!}`));
    return gzipSync(text, { level: 9 }).length + below.reduce((sum, bytes) => sum + bytes, 0);
  };
  const overview = readdirSync(join(BUILT, "assets")).find((name) =>
    /^overview-.*\.js$/.test(name),
  )!;
  const bytes = visit(ENTRY) + visit(`assets/${overview}`);
  expect(bytes).toBeGreaterThan(50 * 1024);
  expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
});

test("--no-ui serves no console, and the API all the same", async () => {
  const without = await startServerProcess(["--data-dir", "none", "--no-ui"]);
  try {
    for (const path of ["/", "/ui/"]) {
      expect((await fetch(`http://${without.address}${path}`)).status).toBe(404);
    }
    expect((await fetch(`http://${without.address}/health`)).status).toBe(200);
  } finally {
    await without.end("SIGTERM");
  }
});

test("the server stops at once, though a page follows its figures", async () => {
  const stopping = await startServerProcess(["--data-dir", "none"]);
  const events = await fetch(`http://${stopping.address}/events`);
  const startedMs = performance.now();
  expect(await stopping.end("SIGTERM")).toBe(0);
  // Far from the ten seconds that a request may take to end.
  expect(performance.now() - startedMs).toBeLessThan(8000);
  await events.text().catch(() => undefined);
});
