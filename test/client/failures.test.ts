/** Wrong input, wrong servers, and servers that come and go: over real sockets. */
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { createServer as createSocketServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { PyKV, PyKVError } from "../../src/client/index.ts";
import type { SetOptions, Value } from "../../src/client/index.ts";
import { startClientServer } from "../support/client-server.ts";
import type { ClientServer } from "../support/client-server.ts";

let server: ClientServer;
let kv: PyKV;

beforeAll(async () => {
  server = await startClientServer({ maxValueSizeBytes: 1000 });
  kv = new PyKV({ url: server.url, retry: false });
});

afterAll(() => server.close());

async function listen(listener: Server): Promise<string> {
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  onTestFinished(() => void listener.close());
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

function serve(answer: RequestListener): Promise<string> {
  const http = createServer(answer);
  onTestFinished(() => http.closeAllConnections());
  return listen(http);
}

/** Where nobody listens. */
async function freeUrl(): Promise<string> {
  const holder = createServer();
  await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
  const { port } = holder.address() as AddressInfo;
  await new Promise((done) => holder.close(done));
  return `http://127.0.0.1:${port}`;
}

const WRONG_SETS: [what: string, value: Value, options: SetOptions, code: string][] = [
  ["a ttl of 0", 1, { ttl: 0 }, "INVALID_TTL"],
  ["a negative ttl", 1, { ttl: -1 }, "INVALID_TTL"],
  ["a ttl that is no number", 1, { ttl: NaN }, "INVALID_TTL"],
  ["an endless ttl", 1, { ttl: Infinity }, "INVALID_TTL"],
  ["a ttl beyond the limit", 1, { ttl: 10_000_000_001 }, "INVALID_TTL"],
  ["a ttl in words", 1, { ttl: "60" as unknown as number }, "INVALID_TTL"],
  ["version 0", 1, { ifVersion: 0 }, "INVALID_REQUEST"],
  ["half a version", 1, { ifVersion: 1.5 }, "INVALID_REQUEST"],
  ["NaN", NaN, {}, "INVALID_VALUE"],
  ["half a surrogate pair", "\ud800", {}, "INVALID_VALUE"],
  ["a value that is too large", "x".repeat(1001), {}, "VALUE_TOO_LARGE"],
  ["a body that is too large", "x".repeat(2_000_000), {}, "VALUE_TOO_LARGE"],
];

for (const [what, value, options, code] of WRONG_SETS) {
  test(`set refuses ${what}`, async () => {
    await expect(kv.set("k", value, options)).rejects.toMatchObject({ name: "PyKVError", code });
    expect(await kv.has("k")).toBe(false);
  });
}

test("the server's own words and fields come through", async () => {
  const failed = kv.listPage({ limit: 0 });
  await expect(failed).rejects.toBeInstanceOf(PyKVError);
  await expect(failed).rejects.toMatchObject({
    ...{ code: "INVALID_REQUEST", status: 400, url: `${server.url}/kv/?limit=0` },
    ...{ title: "The request is not valid", errors: [{ path: "query/limit" }] },
  });
  await expect(failed).rejects.toThrow(/^The request is not valid: query\/limit /);
  await expect(kv.listPage({ cursor: "nonsense" })).rejects.toMatchObject({
    ...{ code: "INVALID_CURSOR", status: 400 },
  });
});

for (const by of [0.5, NaN, Infinity, 2 ** 53, "1" as unknown as number, 2n ** 63n]) {
  test(`increment refuses ${String(by)}`, async () => {
    const failed = typeof by === "bigint" ? kv.increment("n", by) : kv.increment("n", by);
    await expect(failed).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(await kv.has("n")).toBe(false);
  });
}

test("wrong options are refused when the client is made", () => {
  const option: unknown = expect.objectContaining({ code: "INVALID_OPTION" });
  expect(() => new PyKV({ url: "ftp://x" })).toThrow(option);
  expect(() => new PyKV({ retry: { attempts: 0 } })).toThrow(option);
  const namespace: unknown = expect.objectContaining({ code: "INVALID_NAMESPACE" });
  expect(() => new PyKV({ namespace: "a b" })).toThrow(namespace);
  expect(() => kv.namespace("")).toThrow(namespace);
});

test("nobody listening is UNREACHABLE, with the address and the reason", async () => {
  const url = await freeUrl();
  const lost = new PyKV({ url, retry: false });
  await expect(lost.get("k")).rejects.toMatchObject({ code: "UNREACHABLE", status: null });
  await expect(lost.set("k", 1)).rejects.toThrow(new RegExp(`${url}/kv/: connect ECONNREFUSED`));
  await expect(lost.health()).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(await lost.ready()).toBe(false);
});

const NOT_OURS: [what: string, answer: RequestListener, said: RegExp][] = [
  [
    "a page",
    (_, reply) => reply.setHeader("content-type", "text/html").end("<html>\n <b>Welcome"),
    /answered 200 with text\/html and the body "<html> <b>Welcome"/,
  ],
  [
    "JSON of another kind",
    (_, reply) => reply.setHeader("content-type", "application/json").end('{"hello":"you"}'),
    /hello/,
  ],
  [
    "JSON that is cut off",
    (_, reply) => reply.setHeader("content-type", "application/json").end('{"key":'),
    /BAD|body/,
  ],
  ["nothing", (_, reply) => reply.end(), /200 with no content type and an empty body/],
  [
    "a page that is not there",
    (_, reply) => reply.writeHead(404, { "content-type": "text/plain" }).end("404 page not found"),
    /answered 404/,
  ],
  [
    "a redirect to a login",
    (_, reply) => reply.writeHead(302, { location: "https://login.example.com" }).end(),
    /302, a redirect to https:\/\/login\.example\.com/,
  ],
];

for (const [what, answer, said] of NOT_OURS) {
  test(`${what} instead of PyKV is BAD_RESPONSE, and shows what came`, async () => {
    const other = new PyKV({ url: await serve(answer), retry: false });
    const calls = [
      ...[other.get("k"), other.getBytes("k"), other.has("k"), other.set("k", 1)],
      ...[other.update("k", 1), other.delete("k"), other.increment("k"), other.expire("k", 1)],
      ...[
        other.listPage(),
        other.listPage({ values: true }),
        other.batch([{ op: "get", key: "k" }]),
      ],
      ...[other.namespaces(), other.size(), other.clear(), other.stats(), other.performance()],
      ...[other.health(), other.ready(), other.compact()],
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "BAD_RESPONSE" } });
      expect(String((result as PromiseRejectedResult).reason)).toMatch(said);
    }
  });
}

test("a server that speaks another language is BAD_RESPONSE", async () => {
  const url = await listen(createSocketServer((socket) => socket.end("-ERR unknown command\r\n")));
  await expect(new PyKV({ url, retry: false }).get("k")).rejects.toMatchObject({
    ...{ code: "BAD_RESPONSE", status: null },
  });
});

test("a server that says nothing is TIMED_OUT, and one that is given up ABORTED", async () => {
  const silent = new PyKV({ url: await serve(() => undefined), retry: false, timeoutMs: 50 });
  await expect(silent.get("k")).rejects.toMatchObject({ code: "TIMED_OUT" });
  const signal = AbortSignal.timeout(20);
  const aborted = silent.get("k", { signal, timeoutMs: 0 });
  await expect(aborted).rejects.toMatchObject({ code: "ABORTED", cause: { name: "TimeoutError" } });
});

test("a reply that stops in its middle is TIMED_OUT as well", async () => {
  const url = await serve((_, reply) => {
    reply.writeHead(200, { "content-type": "application/json" });
    reply.write('{"key":');
  });
  const slow = new PyKV({ url, retry: false, timeoutMs: 50 });
  await expect(slow.get("k")).rejects.toMatchObject({ code: "TIMED_OUT" });
});

test("a read survives a connection that breaks; a write is not repeated", async () => {
  const seen = { GET: 0, POST: 0 };
  const url = await serve((request, reply) => {
    const method = request.method as "GET" | "POST";
    if (++seen[method] === 1) request.socket.destroy();
    else reply.setHeader("content-type", "application/json").end('{"namespaces":["a"]}');
  });
  const shaky = new PyKV({ url, retry: { baseDelayMs: 1 } });
  expect(await shaky.namespaces()).toEqual(["a"]);
  await expect(shaky.increment("n")).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(seen).toEqual({ GET: 2, POST: 1 });
});

test("connections are kept, whatever is answered", async () => {
  const http = server.app.server;
  let connections = 0;
  const count = (): void => {
    connections++;
  };
  http.on("connection", count);
  const calls = [
    () => kv.set("kept", 1),
    () => kv.get("kept"),
    () => kv.get("none"),
    () => kv.set("kept", 1, { ifAbsent: true }),
    () => kv.delete("none"),
    () => kv.listPage(),
  ];
  for (const call of [...calls, ...calls]) await call().catch(() => undefined);
  http.off("connection", count);
  // One that was idle may have been closed meanwhile; one for each call would be twelve.
  expect(connections).toBeLessThanOrEqual(2);
});

test("a second server takes over while the first stops, and the first comes back", async () => {
  const other = await startClientServer();
  onTestFinished(() => other.close());
  const both = new PyKV({ url: [server.url, other.url], retry: false });
  await both.set("where", "first");
  server.state.shuttingDown = true;
  await both.set("where", "second");
  expect(await both.get("where")).toBe("second");
  server.state.shuttingDown = false;
  expect(await kv.get("where")).toBe("first");
});

test("what the caller gives as fetch is used, as a plain function, with headers and token", async () => {
  const seen: { url: unknown; self: unknown; headers: Headers }[] = [];
  function spy(this: unknown, input: string | URL | Request, init?: RequestInit) {
    seen.push({ url: input, self: this, headers: new Headers(init?.headers) });
    return fetch(input, init);
  }
  const options = { url: server.url, token: "t0ken", headers: { "x-team": "shop" }, fetch: spy };
  await new PyKV(options).get("none");
  expect(seen).toMatchObject([{ url: `${server.url}/kv/none`, self: undefined }]);
  expect(seen[0]!.headers.get("authorization")).toBe("Bearer t0ken");
  expect(seen[0]!.headers.get("x-team")).toBe("shop");
});
