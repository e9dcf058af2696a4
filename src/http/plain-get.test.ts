/**
 * The short way of a GET and the full one, side by side: the same bytes must come out of both. The
 * full way is taken by `inject`, which has no socket and so never meets the short one.
 */
import { request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeServer, type TestServer } from "../../test/support/http.ts";
import { memoryStoreOn } from "../../test/support/store-harness.ts";
import type { Store } from "../store/store.ts";

let server: TestServer<Store>;
let port: number;

beforeAll(async () => {
  server = await makeServer(memoryStoreOn);
  const { store, app, clock } = server;
  const put = (key: string, value: string, kind: "text" | "json" = "text", ns = "default") =>
    store.set({ namespace: ns, key, kind, value });
  await put("text", "hello");
  await put("quotes", 'a "quoted" \\ line\n\u0007');
  await put("json", '{"a": 12345678901234567890}', "json");
  await put("unicode", "Grüße");
  await put("a b", "space");
  await put("a:b@c(d)!$'*,;-_~", "plain");
  await put("text", "elsewhere", "text", "other:ns");
  await store.set({ namespace: "default", key: "bytes", kind: "bytes", value: Buffer.from([255]) });
  const deadlineMs = clock.nowMs() + 12_345;
  await store.set({ namespace: "default", key: "ttl", kind: "text", value: "v", deadlineMs });
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await server.app.close();
  await server.store.close();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}

function overSocket(path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: "127.0.0.1", path, headers, agent: false };
    const sent = request(options, (reply) => {
      let body = "";
      reply.setEncoding("utf8");
      reply.on("data", (part) => (body += String(part)));
      reply.on("end", () =>
        resolve({ status: reply.statusCode ?? 0, body, headers: steady(reply.headers) }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function injected(path: string, headers: Record<string, string>): Promise<Answer> {
  const all = { host: `127.0.0.1:${port}`, ...headers };
  const reply = await server.app.inject({ method: "GET", url: path, headers: all });
  const { statusCode: status, body } = reply;
  return { status, body, headers: steady(reply.headers as IncomingHttpHeaders) };
}

function steady(headers: IncomingHttpHeaders): Record<string, unknown> {
  const varying = new Set(["date", "connection", "keep-alive"]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !varying.has(name)));
}

const CASES: readonly [path: string, isPlain: boolean, headers?: Record<string, string>][] = [
  ["/kv/text", true],
  ["/kv/text", true, { accept: "*/*" }],
  ["/kv/text", true, { accept: "application/json" }],
  ["/kv/text", false, { accept: "text/plain" }],
  ["/kv/text", false, { "if-none-match": '"1"' }],
  ["/kv/text", false, { origin: "https://evil.example" }],
  ["/kv/text", false, { host: "evil.example" }],
  ["/kv/text", false, { "sec-fetch-site": "cross-site" }],
  ["/kv/text?ns=other:ns", true],
  ["/kv/text?ns=none", false],
  ["/kv/text?ns=", false],
  ["/kv/text?ns=a&ns=b", false],
  ["/kv/text?what=1", false],
  ["/kv/quotes", true],
  ["/kv/json", true],
  ["/kv/unicode", false],
  ["/kv/bytes", false],
  ["/kv/ttl", true],
  ["/kv/a%20b", false],
  ["/kv/a:b@c(d)!$'*,;-_~", true],
  ["/kv/missing", false],
  ["/kv/text/incr", false],
  ["/kv/", false],
  ["/get/text", false],
];

for (const [path, isPlain, headers = {}] of CASES) {
  const shown = JSON.stringify(headers);
  test(`GET ${path} ${shown} is answered the same ${isPlain ? "ahead of" : "by"} the framework`, async () => {
    const glance = vi.spyOn(server.store, "glance");
    const before = server.store.stats();
    const socket = await overSocket(path, headers);
    const between = server.store.stats();
    const wasPlain = glance.mock.results.some((result) => result.value === true);
    glance.mockRestore();
    expect(wasPlain).toBe(isPlain);
    expect(socket).toEqual(await injected(path, headers));
    const after = server.store.stats();
    expect(after.hits - between.hits).toBe(between.hits - before.hits);
    expect(after.misses - between.misses).toBe(between.misses - before.misses);
  });
}
