/** Every method of the SDK against a real server. */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PyKV, rawJson } from "../../src/client/index.ts";
import type { Value } from "../../src/client/index.ts";
import { collect, startClientServer } from "../support/client-server.ts";
import type { ClientServer } from "../support/client-server.ts";

let server: ClientServer;

beforeAll(async () => {
  server = await startClientServer();
});

afterAll(() => server.close());

/** A client of a namespace that no other test uses. */
function freshKv(): PyKV {
  const namespace = `test-${freshKvs++}`;
  return new PyKV({ url: server.url, namespace, retry: false, timeoutMs: 30_000 });
}

let freshKvs = 0;

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

const VALUES: [what: string, value: Value][] = [
  ["text", "grüße 😀 \u0000 \ufffd"],
  ["empty text", ""],
  ["a number", 1.5],
  ["null", null],
  ["an object", { a: [1, { b: null }], __proto__x: true }],
  ["bytes that are no text", new Uint8Array([0, 255, 128])],
  ["a megabyte of text", "xy".repeat(512 * 1024)],
  ["a megabyte of bytes", new Uint8Array(1024 * 1024).fill(200)],
];

/** Comparing megabytes with `toEqual` takes seconds. */
function same(actual: unknown, expected: unknown): boolean {
  if (!(expected instanceof Uint8Array)) return isDeepStrictEqual(actual, expected);
  return actual instanceof Uint8Array && Buffer.compare(actual, expected) === 0;
}

for (const [what, value] of VALUES) {
  test(`${what} comes back as it was set`, async () => {
    const kv = freshKv();
    await kv.set("k", value);
    expect(same(await kv.get("k"), value)).toBe(true);
    const [got] = await kv.batch([{ op: "get", key: "k" }]);
    expect(got.status === "found" && same(got.value, value)).toBe(true);
    expect(same((await collect(kv.entries()))[0]?.value, value)).toBe(true);
  });
}

test("set tells what it made, and replaces the ttl", async () => {
  const kv = freshKv();
  const target = { key: "k", namespace: kv.namespaceName };
  const first = await kv.set("k", 1, { ttl: 10 });
  const { version } = first;
  expect(first).toEqual({ status: "created", ...target, version, ttl: 10 });
  server.clock.advance(2500);
  expect(await kv.getWithMeta("k")).toEqual({ ...target, value: 1, version, ttl: 7.5 });
  const second = await kv.set("k", 2);
  expect(second).toEqual({ status: "updated", ...target, version: second.version, ttl: null });
  expect(second.version).toBeGreaterThan(version);
  expect(await kv.set("k", 3, { ttl: null })).toMatchObject({ ttl: null });
  await kv.set("k", 4, { ttl: 0.25 });
  server.clock.advance(250);
  expect(await kv.get("k")).toBeUndefined();
});

test("a missing key is undefined or false, never an error, but for update", async () => {
  const kv = freshKv();
  expect(await kv.get("none")).toBeUndefined();
  expect(await kv.getWithMeta("none")).toBeUndefined();
  expect(await kv.getBytes("none")).toBeUndefined();
  expect(await kv.has("none")).toBe(false);
  expect(await kv.delete("none")).toBe(false);
  expect(await kv.delete("none", { ifVersion: 3 })).toBe(false);
  expect(await kv.expire("none", 1)).toBe(false);
  expect(await kv.persist("none")).toBe(false);
  await expect(kv.update("none", 1)).rejects.toMatchObject({
    ...{ code: "KEY_NOT_FOUND", status: 404 },
  });
});

test("getBytes gives what is stored, byte for byte", async () => {
  const kv = freshKv();
  await kv.set("json", rawJson('{"n":12345678901234567890, "x" : 1.0}'), { ttl: 9 });
  const json = await kv.getBytes("json");
  expect(json).toMatchObject({ kind: "json", ttl: 9 });
  expect(text(json?.bytes)).toBe('{"n":12345678901234567890, "x" : 1.0}');
  await kv.set("text", '"q"');
  const quoted = await kv.getBytes("text");
  expect([quoted?.kind, text(quoted?.bytes)]).toEqual(["text", '"q"']);
  await kv.set("binary", new Uint8Array([255]));
  expect(await kv.getBytes("binary")).toMatchObject({
    kind: "binary",
    bytes: new Uint8Array([255]),
  });
});

test("update keeps the ttl unless it is given, and upsert adds", async () => {
  const kv = freshKv();
  const { version } = await kv.set("k", 1, { ttl: 60 });
  expect(await kv.update("k", 2)).toMatchObject({ status: "updated", ttl: 60 });
  expect(await kv.update("k", 3, { ttl: 5 })).toMatchObject({ ttl: 5 });
  expect(await kv.update("k", 4, { ttl: null })).toMatchObject({ ttl: null });
  await expect(kv.update("k", 5, { ifVersion: version })).rejects.toMatchObject({
    ...{ code: "CONDITION_FAILED", status: 412 },
  });
  expect(await kv.update("new", 1, { upsert: true, ttl: 7 })).toMatchObject({
    ...{ status: "created", ttl: 7 },
  });
});

test("conditions make a write only when they hold", async () => {
  const kv = freshKv();
  const failed = { code: "CONDITION_FAILED", status: 412 };
  await expect(kv.set("k", 1, { ifPresent: true })).rejects.toMatchObject(failed);
  await expect(kv.set("k", 1, { ifVersion: 1 })).rejects.toMatchObject(failed);
  const { version } = await kv.set("k", 1, { ifAbsent: true });
  await expect(kv.set("k", 2, { ifAbsent: true })).rejects.toMatchObject(failed);
  await kv.set("k", 2, { ifVersion: version, ifPresent: true });
  await kv.set("k", 3, { ifPresent: true, ifAbsent: false });
  await expect(kv.delete("k", { ifVersion: version })).rejects.toMatchObject(failed);
  expect(await kv.get("k")).toBe(3);
  expect(await kv.delete("k", { ifVersion: (await kv.getWithMeta("k"))!.version })).toBe(true);
});

test("increment counts, exactly to 64 bits with bigints", async () => {
  const kv = freshKv();
  expect(await kv.increment("n")).toBe(1);
  expect(await kv.increment("n", -5, { ttl: 9 })).toBe(-4);
  expect((await kv.getWithMeta("n"))?.ttl).toBeNull();
  expect(await kv.increment("with ttl", undefined, { ttl: 9 })).toBe(1);
  expect((await kv.getWithMeta("with ttl"))?.ttl).toBe(9);
  expect(await kv.increment("big", 2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
  await expect(kv.increment("big", 1n)).rejects.toMatchObject({ code: "NOT_AN_INTEGER" });
  expect(await kv.increment("big", -1n)).toBe(2n ** 63n - 2n);
  await expect(kv.increment("big", 0)).rejects.toThrow(/9223372036854775806.*bigint/);
});

test("expire and persist change the ttl alone", async () => {
  const kv = freshKv();
  await kv.set("k", "v");
  expect(await kv.expire("k", 1.5)).toBe(true);
  expect(await kv.getWithMeta("k")).toMatchObject({ value: "v", ttl: 1.5 });
  expect(await kv.persist("k")).toBe(true);
  expect(await kv.getWithMeta("k")).toMatchObject({ value: "v", ttl: null });
});

test("has counts neither as a hit nor as a miss", async () => {
  const kv = freshKv();
  await kv.set("k", 1);
  expect([await kv.has("k"), await kv.has("none")]).toEqual([true, false]);
  const { namespace_stats: counted } = await kv.stats();
  expect(counted).toMatchObject({ cache_hits: 0, cache_misses: 0 });
});

test("list and entries go over all pages", async () => {
  const kv = freshKv();
  const keys = Array.from({ length: 25 }, (_, i) => `user:${i}`);
  await kv.batch(keys.map((key, i) => ({ op: "set", key, value: { i }, ttl: 50 }) as const));
  await kv.set("other", 1);
  const sorted = (items: readonly string[]) => [...new Set(items)].sort();
  for (const pageSize of [undefined, 1, 7]) {
    const listed = await collect(kv.list({ prefix: "user:", pageSize }));
    expect(sorted(listed)).toEqual(sorted(keys));
    const entries = await collect(kv.entries<{ i: number }>({ prefix: "user:", pageSize }));
    expect(sorted(entries.map(({ key }) => key))).toEqual(sorted(keys));
    for (const { key, value, ttl } of entries) expect([`user:${value.i}`, ttl]).toEqual([key, 50]);
  }
  expect((await collect(kv.list())).length).toBe(26);
  expect(await collect(kv.list({ prefix: "nobody" }))).toEqual([]);
});

test("bytesEntries gives what is stored, byte for byte, over all pages", async () => {
  const kv = freshKv();
  await kv.set("json", rawJson('{"n":12345678901234567890, "k" : "]"}'), { ttl: 30 });
  await kv.set("text", "t");
  await kv.set("binary", new Uint8Array([255, 0]));
  for (const pageSize of [undefined, 1]) {
    const entries = await collect(kv.bytesEntries({ pageSize }));
    const shown = entries.map(({ key, kind, ttl, bytes }) => [key, kind, ttl, bytes.join()]).sort();
    const json = Buffer.from('{"n":12345678901234567890, "k" : "]"}').join();
    expect(shown).toEqual([
      ["binary", "binary", null, "255,0"],
      ["json", "json", 30, json],
      ["text", "text", null, "116"],
    ]);
  }
});

test("listPage gives a page and where the next one starts", async () => {
  const kv = freshKv();
  for (const key of ["a", "b", "c"]) await kv.set(key, key.toUpperCase());
  const first = await kv.listPage({ limit: 2 });
  expect(first.keys.length).toBe(2);
  expect(first.entries).toBeUndefined();
  const last = await kv.listPage({ limit: 2, cursor: first.cursor, values: true });
  expect([...first.keys, ...last.keys].sort()).toEqual(["a", "b", "c"]);
  expect(last.entries?.[0]).toMatchObject({ value: last.keys[0]!.toUpperCase(), ttl: null });
  expect(last.cursor).toBeNull();
});

test("an iteration ends between two items when its signal goes off", async () => {
  const kv = freshKv();
  for (const key of ["a", "b", "c"]) await kv.set(key, 1);
  for (const pageSize of [1, 10]) {
    const controller = new AbortController();
    const seen: string[] = [];
    const walk = async () => {
      for await (const key of kv.list({ pageSize, signal: controller.signal })) {
        seen.push(key);
        controller.abort();
      }
    };
    await expect(walk()).rejects.toMatchObject({ code: "ABORTED" });
    expect(seen.length).toBe(1);
  }
});

test("namespaces are apart, and one connection serves all", async () => {
  const kv = freshKv();
  const name = kv.namespaceName;
  const other = kv.namespace(`${name}:other`);
  await kv.set("k", "shop");
  await other.set("k", "other");
  await other.set("k2", 1);
  expect([kv.namespaceName, other.namespaceName]).toEqual([name, `${name}:other`]);
  expect([kv.url, other.url]).toEqual([server.url, server.url]);
  expect([await kv.get("k"), await other.get("k")]).toEqual(["shop", "other"]);
  expect(await kv.namespaces()).toEqual(expect.arrayContaining([name, `${name}:other`]));
  expect([await kv.size(), await other.size()]).toEqual([1, 2]);
  expect((await kv.getWithMeta("k"))?.namespace).toBe(name);
  expect(await other.clear()).toBe(2);
  expect([await kv.size(), await other.size()]).toEqual([1, 0]);
  expect(await other.clear()).toBe(0);
});

for (const name of [".", ".."]) {
  test(`the namespace ${name} works like any other, though no path can name it`, async () => {
    const kv = freshKv();
    const dots = kv.namespace(name);
    await kv.set("k", 1);
    await dots.set("k", 2);
    await dots.set("..", 3);
    expect([await dots.get("k"), await dots.size(), await kv.size()]).toEqual([2, 2, 1]);
    expect((await collect(dots.list())).sort()).toEqual(["..", "k"]);
    expect(await dots.clear()).toBe(2);
    expect([await dots.size(), await kv.size()]).toEqual([0, 1]);
  });
}

test("batch gives a result for each operation, over namespaces", async () => {
  const kv = freshKv();
  const bytes = new Uint8Array([1, 255]);
  const results = await kv.batch([
    { op: "set", key: "a", value: { n: 1 }, ttl: 5 },
    { op: "set", key: "b", value: bytes, namespace: "other" },
    { op: "set", key: "c", value: rawJson("9007199254740993") },
    { op: "incr", key: "c", by: 1n },
    { op: "incr", key: "n" },
    { op: "get", key: "a" },
    { op: "get", key: "b", namespace: "other" },
    { op: "get", key: "none" },
    { op: "delete", key: "a" },
    { op: "delete", key: "none" },
  ]);
  expect(results).toMatchObject([
    { op: "set", status: "created", key: "a", namespace: kv.namespaceName, ttl: 5 },
    { status: "created", key: "b", namespace: "other", ttl: null },
    { status: "created", key: "c" },
    { op: "incr", status: "updated", value: 9007199254740994n },
    { status: "updated", value: 1 },
    { op: "get", status: "found", value: { n: 1 }, ttl: 5 },
    { status: "found", value: bytes, namespace: "other" },
    { op: "get", status: "not_found", key: "none" },
    { op: "delete", status: "deleted", key: "a" },
    { op: "delete", status: "not_found" },
  ]);
  expect(await kv.batch([])).toEqual([]);
});

test("an atomic batch is all or none; another one tells of each failure", async () => {
  const kv = freshKv();
  await kv.set("text", "x");
  const operations = [
    { op: "set", key: "a", value: 1 },
    { op: "incr", key: "text" },
    { op: "set", key: "text", value: 2, ifAbsent: true },
    { op: "delete", key: "text", ifVersion: 999 },
  ] as const;
  await expect(kv.batch(operations)).rejects.toMatchObject({ code: "NOT_AN_INTEGER" });
  expect(await kv.has("a")).toBe(false);
  const results = await kv.batch(operations, { atomic: false });
  expect(results).toMatchObject([
    { status: "created" },
    { status: "failed", error: { code: "NOT_AN_INTEGER", status: 409 } },
    { status: "failed", error: { code: "CONDITION_FAILED" } },
    { op: "delete", status: "failed", error: { code: "CONDITION_FAILED" } },
  ]);
  expect(results[1].status === "failed" && results[1].error).toBeInstanceOf(Error);
});

test("the server tells how it is", async () => {
  const kv = freshKv();
  await kv.set("k", 1);
  await kv.get("k");
  const stats = await kv.stats();
  expect(stats.total_keys).toBeGreaterThanOrEqual(1);
  expect(stats.memory.used_bytes).toBeGreaterThan(0);
  expect(stats).toMatchObject({
    ...{ namespace: kv.namespaceName, namespace_stats: { total_keys: 1, cache_hits: 1 } },
  });
  const report = await kv.performance();
  expect(report.per_operation.get!.total_operations).toBeGreaterThanOrEqual(1);
  expect(report.last_minute.total_operations).toBeGreaterThanOrEqual(2);
  expect(await kv.health()).toMatchObject({ status: "healthy", version: "0.0.0-test" });
});

test("a server that starts or stops is not ready, and says so when asked for its health", async () => {
  const kv = freshKv();
  const { state } = server;
  expect(await kv.ready()).toBe(true);
  state.ready = false;
  expect(await kv.ready()).toBe(false);
  state.shuttingDown = true;
  expect(await kv.ready()).toBe(false);
  await expect(kv.health()).rejects.toMatchObject({ code: "SHUTTING_DOWN", status: 503 });
  Object.assign(state, { ready: true, shuttingDown: false });
});

test("a degraded server's health resolves, with the reason", async () => {
  const kv = freshKv();
  const { store } = server;
  const health = store.health.bind(store);
  store.health = () => ({
    status: "degraded",
    reasons: ["the disk is full"],
    keys: 3,
    log: "full",
  });
  expect(await kv.health()).toMatchObject({ status: "degraded", reason: "the disk is full" });
  store.health = health;
});

test("a compaction is started, and what refuses it is told", async () => {
  const kv = freshKv();
  const { store } = server;
  const compact = store.compact.bind(store);
  const calls: string[] = [];
  store.compact = () => {
    calls.push("compact");
    return Promise.resolve({ entries: 0, bytes: 0, seconds: 0 });
  };
  await kv.compact();
  expect(calls).toEqual(["compact"]);
  Object.defineProperty(store, "compacting", { value: true, configurable: true });
  await expect(kv.compact()).rejects.toMatchObject({ code: "COMPACTION_RUNNING", status: 409 });
  Reflect.deleteProperty(store, "compacting");
  store.compact = compact;
});
