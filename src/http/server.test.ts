/** What takes a real socket, more than one moment, or a state that requests alone cannot make. */
import { connect, type AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { PyKVError } from "../base/errors.ts";
import { makeServer, type TestServer } from "../../test/support/http.ts";
import { diskStore, memoryStoreOn } from "../../test/support/store-harness.ts";
import type { Store } from "../store/store.ts";
import type { HttpOptions } from "./context.ts";

type Server = TestServer<Store>;

let running: Server | null = null;

afterEach(async () => {
  await running?.app.close();
  running = null;
});

async function start(options: Partial<HttpOptions> = {}): Promise<Server> {
  running = await makeServer(memoryStoreOn, options);
  return running;
}

async function listen(options: Partial<HttpOptions> = {}): Promise<number> {
  const { app } = await start(options);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}

/** Sends bytes and resolves with all that comes back until the server closes the connection. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => (reply += String(chunk)));
    socket.on("close", () => resolve(reply));
    socket.on("error", (error) => (reply === "" ? reject(error) : resolve(reply)));
  });
}

const HOST = "Host: localhost\r\nConnection: close\r\n";

const RAW: readonly [title: string, request: string, status: number, code: string | null][] = [
  ["a request", `GET /ready HTTP/1.1\r\n${HOST}\r\n`, 200, null],
  ["no HTTP at all", "PING\r\n\r\n", 400, "INVALID_REQUEST"],
  ["a bad header", `GET / HTTP/1.1\r\n${HOST}a b: c\r\n\r\n`, 400, "INVALID_REQUEST"],
  [
    "long headers",
    `GET / HTTP/1.1\r\n${HOST}a: ${"x".repeat(20_000)}\r\n\r\n`,
    431,
    "HEADERS_TOO_LARGE",
  ],
  ["a long URL", `GET /kv/${"x".repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 414, "URI_TOO_LONG"],
  ["dots as a key", `GET /kv/.. HTTP/1.1\r\n${HOST}\r\n`, 404, "KEY_NOT_FOUND"],
  [
    "a foreign host",
    "GET /ready HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    403,
    "FORBIDDEN_HOST",
  ],
  ["an HTTP/1.0 request without a host", "GET /ready HTTP/1.0\r\n\r\n", 403, "FORBIDDEN_HOST"],
  [
    "an impossible expectation",
    `GET /ready HTTP/1.1\r\n${HOST}Expect: more\r\n\r\n`,
    417,
    "EXPECTATION_FAILED",
  ],
];

for (const [title, request, status, code] of RAW) {
  test(`${title} is answered ${status} ${code ?? ""}`, async () => {
    const reply = await exchange(await listen(), request);
    expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (code === null) return;
    expect(reply).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(reply.slice(reply.indexOf("\r\n\r\n") + 4))).toMatchObject({ status, code });
  });
}

test("headers and bodies that never end are answered 408", async () => {
  const port = await listen({ headersTimeoutMs: 60, requestTimeoutMs: 60 });
  const head = `POST /kv/ HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n`;
  expect(await exchange(port, "GET / HTTP/1.1\r\nHost: loc")).toContain("REQUEST_TIMEOUT");
  expect(await exchange(port, `${head}{`)).toContain("REQUEST_TIMEOUT");
});

test("a connection over the limit is closed", async () => {
  const port = await listen({ maxConnections: 1 });
  const first = connect(port, "127.0.0.1");
  await new Promise((resolve) => first.once("connect", resolve));
  const second = connect(port, "127.0.0.1");
  second.on("error", () => undefined);
  await new Promise((resolve) => second.once("close", resolve));
  first.destroy();
});

const ask = (server: Server, method: "GET" | "HEAD" | "POST", url: string, headers = {}) =>
  server.app.inject({ method, url, headers: { host: "localhost", ...headers } });

for (const [method, url, status] of [
  ["GET", "/kv/a", 200],
  ["GET", "/kv/gone", 404],
  ["HEAD", "/kv/a", 200],
  ["HEAD", "/kv/gone", 404],
  ["GET", "/kv?values=true", 200],
] as const) {
  test(`${method} ${url} waits until what it shows is acknowledged`, async () => {
    const { store, disk } = await diskStore();
    running = await makeServer(() => store);
    await store.set({ namespace: "default", key: "gone", kind: "text", value: "1" });
    const release = disk.hold("sync");
    void store.set({ namespace: "default", key: "a", kind: "text", value: "1" });
    void store.delete({ namespace: "default", key: "gone" });
    let done = false;
    const reply = ask(running, method, url).then((answer) => {
      done = true;
      return answer;
    });
    for (let turns = 0; turns < 20; turns++) await new Promise((next) => setImmediate(next));
    expect(done).toBe(false);
    release();
    expect((await reply).statusCode).toBe(status);
    await store.close();
  });
}

test("a stopping server answers 503 with Retry-After, whatever is asked", async () => {
  const server = await start();
  server.state.shuttingDown = true;
  const reply = await ask(server, "GET", "/kv/a");
  expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([503, "5"]);
  expect(reply.json()).toMatchObject({ code: "SHUTTING_DOWN" });
});

test("a server that recovers is not ready, and a degraded one says why", async () => {
  const server = await start();
  server.state.ready = false;
  expect((await ask(server, "GET", "/ready")).json()).toMatchObject({ code: "NOT_READY" });
  const failing = { status: "degraded", reasons: ["x", "y"], keys: 3, log: "failed" } as const;
  vi.spyOn(server.store, "health").mockReturnValue(failing);
  const health = await ask(server, "GET", "/health");
  expect(health.statusCode).toBe(503);
  expect(health.json()).toMatchObject({ status: "degraded", reason: "x; y", log: "failed" });
});

test("a compaction starts once, and what refuses it at once is told", async () => {
  const server = await start();
  const compact = vi.spyOn(server.store, "compact");
  compact.mockRejectedValueOnce(new PyKVError("DISK_FULL", "full"));
  expect((await ask(server, "POST", "/compact")).json()).toMatchObject({ code: "DISK_FULL" });
  compact.mockReturnValueOnce(new Promise(() => undefined));
  expect((await ask(server, "POST", "/compact")).statusCode).toBe(202);
  compact.mockRejectedValueOnce(new PyKVError("COMPACTION_RUNNING", "wait"));
  expect((await ask(server, "POST", "/compact")).statusCode).toBe(409);
});

for (const [error, status, logged] of [
  [new PyKVError("MEMORY_FULL", "no room"), 507, 0],
  [new PyKVError("LOG_FAILED", "EIO"), 503, 0],
  [new TypeError("secret"), 500, 1],
] as const) {
  test(`a write that fails with ${error.name} is ${status}, and a bug is logged but not shown`, async () => {
    const server = await start();
    vi.spyOn(server.store, "increment").mockRejectedValueOnce(error);
    const reply = await ask(server, "POST", "/kv/a/incr");
    expect(reply.statusCode).toBe(status);
    expect(reply.body).not.toContain("secret");
    expect(server.logger.errors).toHaveLength(logged);
    expect(server.performance.errors("incr")).toBe(1);
  });
}

test("configured origins get CORS headers and preflights, others get 403", async () => {
  const server = await start({ corsOrigins: ["https://app.example"] });
  const good = await ask(server, "GET", "/ready", { origin: "https://app.example" });
  expect(good.headers["access-control-allow-origin"]).toBe("https://app.example");
  const preflight = await server.app.inject({
    method: "OPTIONS",
    url: "/kv/a",
    headers: {
      host: "localhost",
      origin: "https://app.example",
      "access-control-request-method": "PUT",
    },
  });
  expect(preflight.statusCode).toBe(204);
  // What the client sends: a token is for a proxy in front, which lets preflights through to here.
  expect(preflight.headers["access-control-allow-headers"]).toContain("authorization");
  const bad = await ask(server, "GET", "/ready", { origin: "https://evil.example" });
  expect(bad.statusCode).toBe(403);
});

test("a malformed URL leaves the latencies numbers", async () => {
  const server = await start();
  expect((await ask(server, "GET", "/kv/%ff")).statusCode).toBe(400);
  expect(server.performance.report().sinceStart.avgMs).toBe(0);
});
