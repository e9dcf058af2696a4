/**
 * What applications put on top of a Redis client, against a real PyKV process: caches, sessions,
 * storage.
 */
import KeyvRedis, { createKeyv } from "@keyv/redis";
import { createCache } from "cache-manager";
import { RedisStore } from "connect-redis";
import { Keyv } from "keyv";
import { createClient } from "redis";
import { createStorage } from "unstorage";
import type { Driver } from "unstorage";
import redisDriver from "unstorage/drivers/redis";
import { expect, onTestFinished, test } from "vitest";
import { startDoor, until } from "./redis-server.ts";

test("@keyv/redis keeps values, for as long as they are to live", async () => {
  const { url } = await startDoor();
  const keyv = new Keyv(new KeyvRedis(url), { namespace: "app" });
  onTestFinished(() => keyv.disconnect());
  expect(await keyv.set("k", { a: [1, "\u00fc"] })).toBe(true);
  expect(await keyv.get("k")).toEqual({ a: [1, "\u00fc"] });
  expect(await keyv.has("k")).toBe(true);
  await keyv.setMany([
    { key: "a", value: 1 },
    { key: "b", value: 2 },
  ]);
  expect(await keyv.get(["a", "b", "c"])).toEqual([1, 2, undefined]);
  await keyv.set("short", "lived", 50);
  await until(async () => (await keyv.get("short")) === undefined);
  expect(await keyv.delete("k")).toBe(true);
  expect(await keyv.delete("k")).toBe(false);
  expect(await keyv.deleteMany(["a", "c"])).toBe(true);
});

test("@keyv/redis iterates over its namespace and clears it, and nothing else", async () => {
  const { url } = await startDoor();
  const [one, other] = ["one", "other"].map(
    (namespace) => new Keyv(new KeyvRedis(url, { namespace }), { namespace, useKeyPrefix: false }),
  );
  onTestFinished(async () => {
    await one!.disconnect();
    await other!.disconnect();
  });
  for (let i = 0; i < 50; i++) await one!.set(`k${i}`, i);
  await other!.set("k", "kept");
  const found = new Map<string, unknown>();
  for await (const [key, value] of one!.iterator!(undefined) as AsyncGenerator<[string, unknown]>) {
    found.set(key, value);
  }
  expect(found.size).toBe(50);
  await one!.clear();
  expect(await one!.get("k0")).toBeUndefined();
  expect(await other!.get("k")).toBe("kept");
});

test("cache-manager wraps functions and answers from the cache", async () => {
  const { url } = await startDoor();
  const keyv = createKeyv(url);
  const cache = createCache({ stores: [keyv], ttl: 60_000 });
  onTestFinished(() => keyv.disconnect());
  let calls = 0;
  const load = () => cache.wrap("user:1", () => Promise.resolve({ name: "Ada", calls: ++calls }));
  expect(await load()).toEqual({ name: "Ada", calls: 1 });
  expect(await load()).toEqual({ name: "Ada", calls: 1 });
  await cache.del("user:1");
  expect(await load()).toEqual({ name: "Ada", calls: 2 });
  await cache.mset([
    { key: "a", value: 1 },
    { key: "b", value: 2, ttl: 50 },
  ]);
  expect(await cache.mget(["a", "b", "c"])).toEqual([1, 2, undefined]);
  await until(async () => (await cache.get("b")) === undefined);
  expect(await cache.ttl("a")).toBeGreaterThan(Date.now());
  await cache.clear();
  expect(await cache.get("a")).toBeUndefined();
});

test("connect-redis keeps sessions", async () => {
  const { url } = await startDoor();
  const client = await createClient({ url })
    .on("error", () => undefined)
    .connect();
  onTestFinished(() => client.destroy());
  const store = new RedisStore({ client, prefix: "sess:", ttl: 100 });
  const cookie = { originalMaxAge: null };
  const session = { cookie, user: "ada" };
  await store.set("one", session);
  await store.set("two", { cookie, user: "bob" });
  expect(await store.get("one")).toEqual(session);
  expect(await store.get("none")).toBeNull();
  expect(await store.length()).toBe(2);
  expect(((await store.ids()) as string[]).sort()).toEqual(["one", "two"]);
  expect(await store.all()).toHaveLength(2);
  await client.expire("sess:one", 5);
  await store.touch("one", session);
  expect(await client.ttl("sess:one")).toBeGreaterThan(90);
  await store.destroy("one");
  expect(await store.get("one")).toBeNull();
  await store.clear();
  expect(await client.dbSize()).toBe(0);
});

test("unstorage reads, lists and removes items", async () => {
  const { url } = await startDoor();
  // Its types import the client in a way that the compiler does not follow.
  const driver = redisDriver({ url, base: "app", ttl: 100 }) as Driver;
  const storage = createStorage({ driver });
  onTestFinished(() => storage.dispose());
  await storage.setItem("users:1", { name: "Ada" });
  await storage.setItem("users:2", { name: "Bob" });
  await storage.setItem("other", "text");
  expect(await storage.getItem("users:1")).toEqual({ name: "Ada" });
  expect(await storage.hasItem("users:3")).toBe(false);
  expect((await storage.getKeys("users")).sort()).toEqual(["users:1", "users:2"]);
  expect(await storage.getItems(["users:1", "other"])).toEqual([
    { key: "users:1", value: { name: "Ada" } },
    { key: "other", value: "text" },
  ]);
  await storage.setItemRaw("raw", Buffer.from("bytes"));
  await storage.removeItem("users:1");
  expect(await storage.getItem("users:1")).toBeNull();
  await storage.clear();
  expect(await storage.getKeys()).toEqual([]);
});
