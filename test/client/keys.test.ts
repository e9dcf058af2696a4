/** Every method over keys that URLs mangle, cannot hold, or would take for something else. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { PyKV, rawJson } from "../../src/client/index.ts";
import { collect, startClientServer } from "../support/client-server.ts";
import type { ClientServer } from "../support/client-server.ts";

let server: ClientServer;
let kv: PyKV;

beforeAll(async () => {
  server = await startClientServer();
  kv = new PyKV({ url: server.url, namespace: "odd", retry: false });
});

afterAll(() => server.close());

const KEYS = [
  ...[".", "..", "...", "/", "//", "a//b", "../x", "./", "%", "%2F", "%00", "%zz", "+", " "],
  ...["?", "#", "a?b#c", "&ns=x", "\\", "\0", "\n", "é", "😀", "\ufeff", "incr", "a/incr", "stats"],
  ...["__proto__", '"', "k".repeat(4001), "😀".repeat(1000), "k".repeat(65_535)],
];

for (const key of KEYS) {
  const shown = key.length > 20 ? `${key.slice(0, 2)}... of ${key.length}` : JSON.stringify(key);
  test(`all methods work with the key ${shown}`, async () => {
    const written = await kv.set(key, { n: 1 }, { ttl: 100 });
    expect(written).toMatchObject({ status: "created", key });
    expect(await kv.get(key)).toEqual({ n: 1 });
    expect(await kv.has(key)).toBe(true);
    expect(await collect(kv.list())).toEqual([key]);
    expect(await kv.update(key, rawJson("[12345678901234567890]"))).toMatchObject({
      ...{ status: "updated", key, ttl: 100 },
    });
    const stored = await kv.getBytes(key);
    expect(new TextDecoder().decode(stored?.bytes)).toBe("[12345678901234567890]");
    expect(await kv.expire(key, 50)).toBe(true);
    expect(await kv.getWithMeta(key)).toMatchObject({ key, namespace: "odd", ttl: 50 });
    expect(await kv.persist(key)).toBe(true);
    const changed = await kv.getBytes(key);
    expect(changed).toMatchObject({ bytes: stored?.bytes, kind: "json", ttl: null });
    const stale = { ifVersion: written.version };
    const failed = { code: "CONDITION_FAILED", status: 412 };
    await expect(kv.update(key, 1, stale)).rejects.toMatchObject(failed);
    await expect(kv.delete(key, stale)).rejects.toMatchObject(failed);
    await expect(kv.increment(key)).rejects.toMatchObject({ code: "NOT_AN_INTEGER", status: 409 });
    expect(await kv.delete(key, { ifVersion: changed!.version })).toBe(true);
    expect(await kv.delete(key)).toBe(false);
    expect([await kv.get(key), await kv.has(key), await kv.expire(key, 1)]).toEqual([
      ...[undefined, false, false],
    ]);
    await expect(kv.update(key, 1)).rejects.toMatchObject({ code: "KEY_NOT_FOUND", status: 404 });
    expect(await kv.update(key, 1, { upsert: true, ttl: 9 })).toMatchObject({
      ...{ status: "created", ttl: 9 },
    });
    expect(await kv.increment(key, 2n ** 60n)).toBe(2n ** 60n + 1n);
    expect(await kv.delete(key)).toBe(true);
  });
}

test("a ttl and an expiry of a key in a body leave text text and bytes bytes", async () => {
  for (const value of ["text", "\ufefftext", new Uint8Array([255, 1])]) {
    await kv.set("..", value);
    const before = await kv.getBytes("..");
    await kv.expire("..", 30);
    expect(await kv.getBytes("..")).toMatchObject({ bytes: before?.bytes, kind: before?.kind });
  }
  await kv.delete("..");
});

test("of many that update a key in a body at once, each one's change is made", async () => {
  await kv.set("..", 0, { ttl: 80 });
  const versions = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => (await kv.update("..", i)).version),
  );
  expect(new Set(versions).size).toBe(8);
  expect(await kv.getWithMeta("..")).toMatchObject({ ttl: 80, version: Math.max(...versions) });
  await kv.delete("..");
});

const REFUSED: [key: string, what: string][] = [
  ["", "empty"],
  ["\ud83d", "half a surrogate pair"],
  ["k".repeat(65_536), "too long"],
  ["é".repeat(32_768), "too long in bytes"],
];

for (const [key, what] of REFUSED) {
  test(`every method refuses a key that is ${what}`, async () => {
    const calls = [
      ...[kv.get(key), kv.getWithMeta(key), kv.getBytes(key), kv.has(key), kv.set(key, 1)],
      ...[kv.update(key, 1), kv.delete(key), kv.increment(key), kv.increment(key, 1n)],
      ...[kv.expire(key, 1), kv.persist(key), kv.batch([{ op: "get", key }])],
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "INVALID_KEY" } });
    }
  });
}
