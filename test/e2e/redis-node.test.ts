/**
 * node-redis against a real PyKV process: commands, transactions, publishing, and its client-side
 * cache.
 */
import { BasicClientSideCache, createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { startDoor, until } from "./redis-server.ts";
import type { RedisDoor } from "./redis-server.ts";

const PROTOCOLS = [2, 3] as const;

/** A connected client; what it reports as an error fails the test that awaits it. */
async function connected<T extends { connect(): Promise<unknown>; destroy(): void }>(
  client: T,
): Promise<T> {
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

function clientOf({ url }: RedisDoor, resp: 2 | 3 = 3) {
  return connected(createClient({ url, RESP: resp }).on("error", () => undefined));
}

for (const resp of PROTOCOLS) {
  test(`RESP${resp}: strings, numbers, deadlines and keys`, async () => {
    const client = await clientOf(await startDoor(), resp);
    expect(await client.set("k", "v\u00fc", { expiration: { type: "EX", value: 100 } })).toBe("OK");
    expect(await client.get("k")).toBe("v\u00fc");
    expect(await client.get("missing")).toBeNull();
    expect(await client.ttl("k")).toBeGreaterThan(98);
    expect(await client.set("k", "w", { condition: "NX" })).toBeNull();
    expect(await client.set("k", "w", { condition: "XX", GET: true })).toBe("v\u00fc");
    expect(await client.incrBy("n", 5)).toBe(5);
    expect(await client.incrByFloat("n", 0.5)).toBe("5.5");
    expect(await client.mSet({ a: "1", b: "2" })).toBe("OK");
    expect(await client.mGet(["a", "b", "c"])).toEqual(["1", "2", null]);
    expect(await client.del(["a", "b", "c"])).toBe(2);
    expect(await client.exists(["k", "n", "a"])).toBe(2);
    expect(await client.setBit("bits", 7, 1)).toBe(0);
    expect(await client.bitCount("bits")).toBe(1);
    expect(await client.type("k")).toBe("string");
    expect(await client.dbSize()).toBe(3);
    expect(await client.copy("k", "copy")).toBe(1);
    expect(await client.getDel("copy")).toBe("w");
  });

  test(`RESP${resp}: errors reach the caller, one by one`, async () => {
    const client = await clientOf(await startDoor(), resp);
    await client.set("k", "text");
    const replies = await Promise.allSettled([
      client.incr("k"),
      client.get("k"),
      client.sendCommand(["NOPE", "a"]),
    ]);
    expect(
      replies.map((reply) => (reply.status === "fulfilled" ? reply.value : String(reply.reason))),
    ).toEqual([
      expect.stringContaining("ERR value is not an integer or out of range"),
      "text",
      expect.stringContaining("ERR unknown command 'NOPE', with args beginning with: 'a'"),
    ]);
  });

  test(`RESP${resp}: MULTI runs all, and WATCH gives up when another has written`, async () => {
    const door = await startDoor();
    const [client, other] = [await clientOf(door, resp), await clientOf(door, resp)];
    expect(await client.multi().set("k", "1").incr("k").get("k").exec()).toEqual(["OK", 2, "2"]);
    await client.watch("k");
    await other.set("k", "other");
    await expect(client.multi().set("k", "mine").exec()).rejects.toThrow("watched keys");
    expect(await client.get("k")).toBe("other");
    await expect(client.multi().incr("k").addCommand(["NOPE"]).exec()).rejects.toThrow(
      "ERR unknown command 'NOPE'",
    );
  });

  test(`RESP${resp}: iterates over all keys`, async () => {
    const client = await clientOf(await startDoor(), resp);
    await Promise.all(Array.from({ length: 500 }, (_, i) => client.set(`key:${i}`, String(i))));
    const keys: string[] = [];
    for await (const batch of client.scanIterator({ MATCH: "key:*", COUNT: 50 }))
      keys.push(...batch);
    expect(keys.sort()).toEqual(Array.from({ length: 500 }, (_, i) => `key:${i}`).sort());
  });

  test(`RESP${resp}: publishes to channels and patterns`, async () => {
    const door = await startDoor("--notify-keyspace-events", "KEA");
    const [publisher, subscriber] = [await clientOf(door, resp), await clientOf(door, resp)];
    const heard: string[] = [];
    await subscriber.subscribe("news", (message, channel) => heard.push(`${channel}: ${message}`));
    await subscriber.pSubscribe("n*", (message, channel) =>
      heard.push(`${channel} too: ${message}`),
    );
    await subscriber.subscribe("__keyevent@0__:set", (key) => heard.push(`set ${key}`));
    expect(await publisher.publish("news", "hello")).toBe(2);
    await publisher.set("k", "v");
    await until(() => heard.length === 3);
    expect(heard).toEqual(["news: hello", "news too: hello", "set k"]);
    await subscriber.unsubscribe("news");
    expect(await publisher.publish("news", "again")).toBe(1);
  });
}

test("keeps bytes as they are", async () => {
  const client = await clientOf(await startDoor());
  const bytes = Buffer.from([0, 255, 13, 10]);
  await client.set("k", bytes);
  expect((await client.get("k"))!.length).toBeGreaterThan(0);
  expect(await client.strLen("k")).toBe(4);
});

test("selects a database, names itself, and authenticates", async () => {
  const door = await startDoor("--password", "secret");
  const options = {
    url: door.url,
    password: "secret",
    database: 3,
    name: "worker",
    RESP: 3,
  } as const;
  const client = await connected(createClient(options).on("error", () => undefined));
  await client.set("k", "in 3");
  expect(await client.clientGetName()).toBe("worker");
  const info = await client.clientInfo();
  expect([info.db, info.libName]).toEqual([3, "node-redis"]);
  await client.select(0);
  expect(await client.get("k")).toBeNull();
  const socket = { reconnectStrategy: false } as const;
  const stranger = createClient({ url: door.url, password: "wrong", socket });
  stranger.on("error", () => undefined);
  await expect(stranger.connect()).rejects.toThrow("WRONGPASS");
});

test("answers from its cache until another client writes", async () => {
  const door = await startDoor();
  const cache = new BasicClientSideCache({ maxEntries: 100 });
  const client = await connected(
    createClient({ url: door.url, RESP: 3, clientSideCache: cache }).on("error", () => undefined),
  );
  const other = await clientOf(door);
  await other.set("k", "1");
  expect([await client.get("k"), await client.get("k"), await client.get("k")]).toEqual([
    "1",
    "1",
    "1",
  ]);
  expect([cache.stats().missCount, cache.stats().hitCount]).toEqual([1, 2]);
  for (const value of ["2", "3"]) {
    await other.set("k", value);
    await until(async () => (await client.get("k")) === value);
  }
  await other.del("k");
  await until(async () => (await client.get("k")) === null);
  await other.set("expires", "soon", { expiration: { type: "PX", value: 100 } });
  expect(await client.get("expires")).toBe("soon");
  await until(async () => (await client.get("expires")) === null);
  await other.set("k", "again");
  await until(async () => (await client.get("k")) === "again");
  await other.flushAll();
  await until(async () => (await client.get("k")) === null);
});

test("comes back by itself when its connection was killed", async () => {
  const door = await startDoor();
  const [client, admin] = [await clientOf(door), await clientOf(door)];
  await client.set("k", "v");
  await admin.clientKill({ filter: "ID", id: await client.clientId() });
  await until(() =>
    client.get("k").then(
      (value) => value === "v",
      () => false,
    ),
  );
});
