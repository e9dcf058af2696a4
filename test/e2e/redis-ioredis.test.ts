/**
 * ioredis, its fifth and sixth major versions, against a real PyKV process.
 */
import { Redis as Redis5 } from "ioredis";
import { Redis as Redis6 } from "ioredis6";
import { expect, onTestFinished, test } from "vitest";
import { startDoor, until } from "./redis-server.ts";
import type { RedisDoor } from "./redis-server.ts";

interface Options {
  readonly db?: number;
  readonly password?: string;
  readonly keyPrefix?: string;
}

/** What is asked of both, which are not the same class. */
type Client = Redis5;

const VERSIONS: readonly [string, (port: number, options: Options) => Client][] = [
  ["ioredis 5", (port, options) => new Redis5(port, "127.0.0.1", options)],
  ["ioredis 6", (port, options) => new Redis6(port, "127.0.0.1", options) as unknown as Client],
];

for (const [version, create] of VERSIONS) {
  const clientOf = ({ port }: RedisDoor, options: Options = {}): Client => {
    const client = create(port, options);
    client.on("error", () => undefined);
    onTestFinished(() => client.disconnect());
    return client;
  };

  test(`${version}: is ready, and sets and gets`, async () => {
    const client = clientOf(await startDoor());
    await until(() => client.status === "ready");
    expect(await client.set("k", "v", "EX", 100)).toBe("OK");
    expect(await client.get("k")).toBe("v");
    expect(await client.getBuffer("k")).toEqual(Buffer.from("v"));
    expect(await client.set("k", "w", "NX")).toBeNull();
    expect(await client.ttl("k")).toBeGreaterThan(98);
    expect(await client.mset({ a: 1, b: 2 })).toBe("OK");
    expect(await client.mget("a", "b", "c")).toEqual(["1", "2", null]);
    expect(await client.incrby("a", 41)).toBe(42);
    expect(await client.append("a", "!")).toBe(3);
    expect(await client.del("a", "b", "c")).toBe(2);
    await expect(client.incr("k")).rejects.toThrow("ERR value is not an integer or out of range");
  });

  test(`${version}: keeps bytes as they are`, async () => {
    const client = clientOf(await startDoor());
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await client.set(bytes, bytes);
    expect(await client.getBuffer(bytes)).toEqual(bytes);
  });

  test(`${version}: pipelines, and tells each command's own error`, async () => {
    const client = clientOf(await startDoor());
    const replies = await client.pipeline().set("k", "x").get("k").incr("k").get("k").exec();
    expect(replies!.map(([error, value]) => error?.message ?? value)).toEqual([
      "OK",
      "x",
      "ERR value is not an integer or out of range",
      "x",
    ]);
  });

  test(`${version}: runs transactions, and gives up when a watched key has changed`, async () => {
    const door = await startDoor();
    const [client, other] = [clientOf(door), clientOf(door)];
    const replies = await client.multi().set("k", 1).incr("k").exec();
    expect(replies).toEqual([
      [null, "OK"],
      [null, 2],
    ]);
    await client.watch("k");
    await other.incr("k");
    expect(await client.multi().set("k", "mine").exec()).toBeNull();
    expect(await client.get("k")).toBe("3");
  });

  test(`${version}: streams all keys`, async () => {
    const client = clientOf(await startDoor());
    await Promise.all(Array.from({ length: 300 }, (_, i) => client.set(`key:${i}`, i)));
    const keys: string[] = [];
    for await (const batch of client.scanStream({ match: "key:*", count: 40 })) {
      keys.push(...(batch as string[]));
    }
    expect(new Set(keys).size).toBe(300);
    expect(keys).toHaveLength(300);
  });

  test(`${version}: subscribes, hears, and unsubscribes`, async () => {
    const door = await startDoor();
    const [publisher, subscriber] = [clientOf(door), clientOf(door)];
    const heard: string[] = [];
    subscriber.on("message", (channel: string, message: string) =>
      heard.push(`${channel}: ${message}`),
    );
    subscriber.on("pmessage", (pattern: string, channel: string, message: string) =>
      heard.push(`${pattern} ${channel}: ${message}`),
    );
    expect(await subscriber.subscribe("news", "other")).toBe(2);
    expect(await subscriber.psubscribe("n*")).toBe(3);
    expect(await publisher.publish("news", "hello")).toBe(2);
    await until(() => heard.length === 2);
    expect(heard).toEqual(["news: hello", "n* news: hello"]);
    await subscriber.unsubscribe("news");
    await subscriber.punsubscribe("n*");
    expect(await publisher.publish("news", "again")).toBe(0);
  });

  test(`${version}: authenticates, selects a database, and prefixes keys`, async () => {
    const door = await startDoor("--password", "secret");
    const client = clientOf(door, { password: "secret", db: 2, keyPrefix: "app:" });
    await client.set("k", "v");
    const plain = clientOf(door, { password: "secret", db: 2 });
    expect(await plain.keys("*")).toEqual(["app:k"]);
    await plain.select(0);
    expect(await plain.dbsize()).toBe(0);
    expect(await plain.quit()).toBe("OK");
  });

  test(`${version}: comes back by itself when its connection was killed`, async () => {
    const door = await startDoor();
    const [client, admin] = [clientOf(door), clientOf(door)];
    await client.set("k", "v");
    expect(await admin.client("KILL", "ID", await client.client("ID"))).toBe(1);
    expect(await client.get("k")).toBe("v");
  });
}
