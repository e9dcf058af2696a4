/** GET /events, over a real socket, with seconds that pass when they are told to. */
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { Compile } from "typebox/compile";
import type { Static } from "typebox";
import { expect, onTestFinished, test } from "vitest";
import { makeServer } from "../../../test/support/http.ts";
import { memoryStoreOn } from "../../../test/support/store-harness.ts";
import { SUBSCRIBERS_MAX } from "./broadcast.ts";
import { HistoryEvent, SampleEvent } from "./schemas.ts";

type History = Static<typeof HistoryEvent>;
type Sample = Static<typeof SampleEvent>;

interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

const SCHEMAS = { history: Compile(HistoryEvent), sample: Compile(SampleEvent) };

async function start() {
  const server = await makeServer(memoryStoreOn);
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  onTestFinished(async () => {
    server.app.server.closeAllConnections();
    await server.app.close();
  });
  const second = (): void => {
    server.clock.advance(1000);
    server.timers.fire();
  };
  return { ...server, url: `http://127.0.0.1:${port}/events`, second };
}

/** Follows the events; each `next` resolves with one, null at the end. */
async function follow(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url, { headers, signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<Received | null> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        return parse(event);
      }
      const { value, done } = await reader.read();
      if (done) return null;
      text += value;
    }
  };
  return { response, next, stop: () => stop.abort() };
}

function parse(text: string): Received {
  const fields = new Map(text.split("\n").map((line) => line.split(/: (.*)/s) as [string, string]));
  const event = fields.get("event")!;
  const data: unknown = JSON.parse(fields.get("data")!);
  const errors = [...SCHEMAS[event as keyof typeof SCHEMAS].Errors(data)];
  expect(errors, `the data of ${event} fit the schema`).toEqual([]);
  return { id: fields.get("id")!, event, data };
}

async function historyFrom(url: string, headers?: Record<string, string>): Promise<History> {
  const { next, stop } = await follow(url, headers);
  const first = await next();
  stop();
  return first!.data as History;
}

test("the first event is the history, empty on a fresh server", async () => {
  const { url } = await start();
  const { response, next } = await follow(url);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const first = await next();
  expect(first).toMatchObject({ event: "history", data: { interval_seconds: 1 } });
  expect((first!.data as History).columns.time_ms).toEqual([]);
});

test("each second is one sample with what happened in it", async () => {
  const { app, url, second, store } = await start();
  await store.set({ namespace: "default", key: "b", value: "v", kind: "text" });
  second();
  const { next } = await follow(url);
  await next();
  const headers = { host: "localhost", "content-type": "application/json" };
  await app.inject({ method: "POST", url: "/kv/", headers, payload: '{"key":"a","value":1}' });
  for (const key of ["a", "a", "a", "none"]) await app.inject({ url: `/kv/${key}`, headers });
  second();
  const { figures, now } = (await next())!.data as Sample;
  expect(figures).toMatchObject({ ops_set: 1, ops_get: 4, ops_delete: 0, rest_ops: 6 });
  expect(figures).toMatchObject({ hit_ratio: 0.75, lookups: 4, keys: 2, records: 1, redis_ops: 0 });
  expect(figures.rest_p99_ms).toBeLessThan(0.001);
  expect(figures.redis_p99_ms).toBeNull();
  expect(now.namespaces).toMatchObject([{ name: "default", total_keys: 2, reads_per_second: 4 }]);
  expect(now.totals).toMatchObject({ keys: 2, cache_hits: 3, cache_misses: 1 });
  expect(now.memory_max_bytes).toBe(store.summary().memory.maxBytes);
  second();
  const idle = ((await next())!.data as Sample).figures;
  expect(idle).toMatchObject({ ops_set: 0, rest_ops: 0, hit_ratio: null, rest_p50_ms: null });
});

test("a new client is told of the last 900 seconds, and no more", async () => {
  const { url, second, clock } = await start();
  for (let i = 0; i < 905; i++) second();
  const { columns } = await historyFrom(url);
  expect(columns.time_ms).toHaveLength(900);
  expect(columns.time_ms.at(-1)).toBe(clock.nowMs());
  expect(columns.time_ms[0]).toBe(clock.nowMs() - 899_000);
  expect(columns.keys).toEqual(new Array(900).fill(0));
});

test("a client that comes back is told only what it missed, by header or by query", async () => {
  const { url, second, clock } = await start();
  const { next, stop } = await follow(url);
  await next();
  for (let i = 0; i < 3; i++) second();
  const seen = [await next(), await next(), await next()];
  expect(seen.map((each) => each!.event)).toEqual(["sample", "sample", "sample"]);
  stop();
  second();
  second();
  const missed = [clock.nowMs() - 1000, clock.nowMs()];
  const { id } = seen[2]!;
  const byHeader = await historyFrom(url, { "last-event-id": id });
  expect(byHeader.columns.time_ms).toEqual(missed);
  const byQuery = await historyFrom(`${url}?since=${id}`);
  expect(byQuery.columns.time_ms).toEqual(missed);
});

for (const [what, id] of [
  ["of another run of the server", "zzz-3"],
  ["that makes no sense", "x"],
  ["that names no number", "-"],
] as const) {
  test(`an id ${what} gets the whole history`, async () => {
    const { url, second } = await start();
    for (let i = 0; i < 4; i++) second();
    const { columns } = await historyFrom(url, { "last-event-id": id });
    expect(columns.time_ms).toHaveLength(4);
  });
}

test("seconds in which the server did not come to itself are one sample, with true rates", async () => {
  const { url, second, clock, store } = await start();
  second();
  for (let i = 0; i < 30; i++) {
    await store.set({ namespace: "default", key: `k${i}`, value: "v", kind: "text" });
  }
  clock.advance(9000);
  second();
  const { columns } = await historyFrom(url);
  expect(columns.records).toEqual([0, 3]);
});

test("namespaces are told with the busiest first, at most 20, and their history", async () => {
  const { url, second, store } = await start();
  for (let i = 0; i < 25; i++) {
    await store.set({ namespace: `n${i}`, key: "k", value: "v", kind: "text" });
  }
  second();
  for (let i = 0; i < 7; i++) store.get("n24", "k");
  store.get("__proto__", "k");
  store.get("n3", "k");
  second();
  const { namespaces, now } = await historyFrom(url);
  expect(now.namespaces).toHaveLength(20);
  expect(now.namespaces.slice(0, 2).map(({ name }) => name)).toEqual(["n24", "n3"]);
  expect(namespaces.n24).toEqual([0, 7]);
  expect(now.namespace_count).toBe(25);
});

test("one client too many is refused, and there is room when one has gone", async () => {
  const { url } = await start();
  const clients = await Promise.all(Array.from({ length: SUBSCRIBERS_MAX }, () => follow(url)));
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "TOO_MANY_SUBSCRIBERS" });
  clients[0]!.stop();
  await expect.poll(async () => (await follow(url)).response.status).toBe(200);
});

test("closing ends the connections, and is not held up by them", async () => {
  const { app, url } = await start();
  const { next } = await follow(url);
  await next();
  await app.close();
  expect(await next()).toBeNull();
});

test("a client that does not read is dropped", async () => {
  const { app, url, second, store } = await start();
  for (let i = 0; i < 20; i++) {
    const namespace = `${"n".repeat(60)}${i}`;
    await store.set({ namespace, key: "k", value: "v", kind: "text" });
  }
  const asked = request(url, (response) => response.pause());
  asked.on("error", () => undefined);
  asked.end();
  onTestFinished(() => void asked.destroy());
  const open = (): Promise<number> =>
    new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
  await expect.poll(open).toBe(1);
  for (let i = 0; i < 3000 && (await open()) > 0; i++) second();
  expect(await open()).toBe(0);
});

test("HEAD is refused, and so is a page of another site", async () => {
  const { url } = await start();
  expect((await fetch(url, { method: "HEAD" })).status).toBe(405);
  const foreign = await fetch(url, { headers: { origin: "https://evil.example" } });
  expect(foreign.status).toBe(403);
  expect((await fetch(`${url}?x=1`)).status).toBe(400);
});
