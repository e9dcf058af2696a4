import { afterEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../test/support/store-harness.ts";
import type { SimulatedClock } from "../../test/support/simulated-clock.ts";
import { Kv } from "./kv.ts";
import type { Value } from "./kv.ts";

let kv: Kv;
let clock: SimulatedClock;

async function open(options: Parameters<typeof memoryStore>[0] = {}): Promise<void> {
  const made = await memoryStore(options);
  ({ clock } = made);
  kv = new Kv(made.store);
}

afterEach(() => kv.close());

describe("values come back as they were", () => {
  const values: [string, Value][] = [
    ["a string", "hello"],
    ["an empty string", ""],
    ["a long string", "x".repeat(100_000)],
    ["a string of 64 characters", "y".repeat(64)],
    ["a string beyond ASCII", "Grüße, 世界, 🎉"],
    ["a long string beyond ASCII", "é".repeat(20_000)],
    ["a string that looks like a number", "12"],
    ["a number", 12.5],
    ["null", null],
    ["false", false],
    ["an object", { a: [1, { b: null }], __proto__x: "ü" }],
    ["an array", [1, "2", [3]]],
    ["bytes", Buffer.from([0, 255, 128])],
    ["no bytes", Buffer.alloc(0)],
    ["many bytes", Buffer.alloc(70_000, 7)],
  ];
  for (const [name, value] of values) {
    test(name, async () => {
      await open();
      await kv.set("key", value);
      expect(kv.get("key")).toEqual(value);
    });
  }
});

describe("keys", () => {
  for (const key of [
    "k",
    "ключ",
    "🎉",
    "a/b c\0d",
    "__proto__",
    "k".repeat(65_535),
    "é".repeat(32_767),
  ]) {
    test(`${JSON.stringify(key.slice(0, 20))} of ${key.length} characters`, async () => {
      await open();
      await kv.set(key, "v");
      expect(kv.get(key)).toBe("v");
      expect((await kv.list()).keys).toEqual([key]);
    });
  }

  for (const [why, key] of [
    ["is empty", ""],
    ["is too long", "k".repeat(65_536)],
    ["is too long in UTF-8", "é".repeat(32_768)],
    ["has a lone surrogate", "a\ud800"],
  ] as const) {
    test(`a key that ${why} is refused`, async () => {
      await open();
      expect(() => kv.get(key)).toThrow(expect.objectContaining({ code: "INVALID_KEY" }) as Error);
      await expect(kv.set(key, "v")).rejects.toMatchObject({ code: "INVALID_KEY" });
      expect(kv.size).toBe(0);
    });
  }
});

test("a value that JSON lacks, or with a lone surrogate, is refused", async () => {
  await open();
  const nothing = undefined as unknown as Value;
  await expect(kv.set("k", nothing)).rejects.toMatchObject({ code: "INVALID_VALUE" });
  await expect(kv.set("k", "\udc00")).rejects.toMatchObject({ code: "INVALID_VALUE" });
  await expect(kv.set("k", "é".repeat(20_000) + "\udc00")).rejects.toMatchObject({
    code: "INVALID_VALUE",
  });
  expect(kv.has("k")).toBe(false);
});

test("a value over the limit is refused and the old one stays", async () => {
  await open({ valueBytesMax: 10 });
  await kv.set("k", "0123456789");
  await expect(kv.set("k", "01234567890")).rejects.toMatchObject({ code: "VALUE_TOO_LARGE" });
  expect(kv.get("k")).toBe("0123456789");
});

describe("conditions", () => {
  const cases: [name: string, condition: object, onAbsent: boolean, onPresent: boolean][] = [
    ["none", {}, true, true],
    ["ifAbsent", { ifAbsent: true }, true, false],
    ["ifPresent", { ifPresent: true }, false, true],
    ["ifVersion that is right", { ifVersion: 1 }, false, true],
    ["ifVersion that is wrong", { ifVersion: 7 }, false, false],
    ["ifNotVersion that is the one", { ifNotVersion: 1 }, true, false],
    ["ifNotVersion that is another", { ifNotVersion: 7 }, true, true],
  ];
  for (const [name, condition, onAbsent, onPresent] of cases) {
    test(name, async () => {
      await open();
      expect((await kv.set("k", "first", condition)) !== null).toBe(onAbsent);
      await kv.clear();
      await open();
      await kv.set("k", "old");
      expect((await kv.set("k", "new", condition)) !== null).toBe(onPresent);
      expect(kv.get("k")).toBe(onPresent ? "new" : "old");
      expect(await kv.delete("k", { ifVersion: 999 })).toBe(false);
      expect(kv.has("k")).toBe(true);
    });
  }
});

test("versions grow with every change, and none is given twice", async () => {
  await open();
  const versions = [await kv.set("a", "1"), await kv.set("b", "1"), await kv.set("a", "2")];
  expect(versions).toEqual([1, 2, 3]);
  await kv.expire("a", 10);
  expect(kv.getWithMeta("a")).toMatchObject({ version: 4, ttl: 10 });
  await kv.delete("a");
  expect(await kv.set("a", "3")).toBe(6);
});

test("a key past its deadline is gone for every operation", async () => {
  await open();
  await kv.set("k", "v", { ttl: 1.5 });
  clock.advance(1499);
  expect(kv.get("k")).toBe("v");
  expect(kv.ttl("k")).toBeCloseTo(0.001);
  clock.advance(1);
  expect(kv.get("k")).toBeUndefined();
  expect(kv.has("k")).toBe(false);
  expect(kv.ttl("k")).toBeUndefined();
  expect((await kv.list()).keys).toEqual([]);
  expect(await kv.delete("k")).toBe(false);
  expect(await kv.expire("k", 10)).toBe(false);
  expect(await kv.set("k", "again", { ifPresent: true })).toBeNull();
  expect(await kv.set("k", "again", { ifAbsent: true })).not.toBeNull();
  expect(kv.ttl("k")).toBeNull();
});

test("expire sets, moves and clears a deadline and leaves the value alone", async () => {
  await open();
  await kv.set("k", { a: 1 });
  expect(await kv.expire("k", 5)).toBe(true);
  expect(await kv.expire("k", 50)).toBe(true);
  clock.advance(6000);
  expect(kv.get("k")).toEqual({ a: 1 });
  expect(await kv.persist("k")).toBe(true);
  clock.advance(60_000);
  expect(kv.get("k")).toEqual({ a: 1 });
  expect(await kv.expire("missing", 5)).toBe(false);
});

test("a set drops the deadline unless it is told to keep it", async () => {
  await open();
  await kv.set("k", "1", { ttl: 10 });
  await kv.set("k", "2", { keepTtl: true });
  expect(kv.ttl("k")).toBe(10);
  await kv.set("k", "3");
  expect(kv.ttl("k")).toBeNull();
});

describe("increment", () => {
  test("counts from nothing, keeps the ttl, and takes bigints", async () => {
    await open();
    expect(await kv.increment("n", 2, { ttl: 5 })).toBe(2);
    expect(await kv.increment("n", -5, { ttl: 500 })).toBe(-3);
    expect(kv.ttl("n")).toBe(5);
    expect(kv.get("n")).toBe(-3);
    expect(await kv.increment("big", 2n ** 62n)).toBe(2n ** 62n);
    expect(await kv.increment("big", 2n ** 62n - 1n)).toBe(2n ** 63n - 1n);
    await expect(kv.increment("big", 1n)).rejects.toMatchObject({ code: "NOT_AN_INTEGER" });
    expect(kv.getWithMeta("big")?.version).toBe(4);
  });

  test("keeps text text", async () => {
    await open();
    await kv.set("n", "41");
    expect(await kv.increment("n")).toBe(42);
    expect(kv.get("n")).toBe("42");
  });

  for (const value of ["", " 1", "01", "+1", "-0", "1.0", "1e3", "9223372036854775808", { a: 1 }]) {
    test(`refuses ${JSON.stringify(value)}`, async () => {
      await open();
      await kv.set("n", value);
      await expect(kv.increment("n")).rejects.toMatchObject({ code: "NOT_AN_INTEGER" });
      expect(kv.get("n")).toEqual(value);
    });
  }
});

test("namespaces are apart from each other", async () => {
  await open();
  const other = kv.namespace("other");
  await kv.set("k", "default");
  await other.set("k", "other");
  expect([kv.get("k"), other.get("k")]).toEqual(["default", "other"]);
  expect(kv.namespaces()).toEqual(["default", "other"]);
  expect(await other.clear()).toBe(1);
  expect([kv.get("k"), other.get("k")]).toEqual(["default", undefined]);
  expect(kv.namespaces()).toEqual(["default"]);
  expect(await other.clear()).toBe(0);
  await other.set("k", "back");
  expect(other.get("k")).toBe("back");
  for (const name of ["", "a b", "ü", "x".repeat(65)]) {
    expect(() => kv.namespace(name)).toThrow(/namespace/);
  }
});

test("a listing comes in pages and finds every key once, whatever comes and goes", async () => {
  await open();
  for (let i = 0; i < 2000; i++) await kv.set(`user:${i}`, i);
  for (let i = 0; i < 50; i++) await kv.set(`item:${i}`, i);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { keys: string[]; cursor: string | null } = await kv.list({
      prefix: "user:",
      limit: 300,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.keys);
    ({ cursor } = page);
    await kv.delete(`item:${seen.length % 50}`);
    for (let i = 0; i < 400; i++) await kv.set(`new:${seen.length}:${i}`, "x");
  } while (cursor !== null);
  expect(new Set(seen).size).toBe(2000);
  expect(seen.length).toBe(2000);
  await expect(kv.list({ cursor: "what" })).rejects.toMatchObject({ code: "INVALID_CURSOR" });
  await expect(kv.list({ limit: 0 })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});

test("at capacity the least recently used key of the namespace goes, and counts as evicted", async () => {
  await open({ capacityKeys: 3 });
  const other = kv.namespace("other");
  await other.set("stays", "v");
  for (const key of ["a", "b", "c"]) await kv.set(key, key);
  kv.get("a");
  await kv.set("b", "changed");
  await kv.set("d", "d");
  expect(["a", "b", "c", "d"].map((key) => kv.has(key))).toEqual([true, true, false, true]);
  expect(other.has("stays")).toBe(true);
  expect(kv.stats()).toMatchObject({ evictions: 1, keys: 4 });
});

test("with eviction off a full store refuses and changes nothing", async () => {
  await open({ memoryBytesMax: 1024 * 1024, eviction: "none" });
  let stored = 0;
  const fill = async (): Promise<void> => {
    for (; ; stored++) await kv.set(`k${stored}`, "v".repeat(1000));
  };
  await expect(fill()).rejects.toMatchObject({ code: "MEMORY_FULL" });
  expect(stored).toBeGreaterThan(500);
  expect(kv.size).toBe(stored);
  await expect(kv.set("k0", "v".repeat(90_000))).rejects.toMatchObject({ code: "MEMORY_FULL" });
  expect(kv.get("k0")).toBe("v".repeat(1000));
  await kv.delete("k1");
  await kv.set("again", "v".repeat(900));
  expect(kv.stats().memory.usedBytes).toBeLessThanOrEqual(kv.stats().memory.maxBytes);
});

test("what could never fit is refused without an eviction", async () => {
  await open({ memoryBytesMax: 1024 * 1024 });
  await kv.set("k", "v");
  const large = "x".repeat(2 * 1024 * 1024);
  await expect(kv.set("large", large)).rejects.toMatchObject({ code: "MEMORY_FULL" });
  expect(kv.get("k")).toBe("v");
  expect(kv.stats().evictions).toBe(0);
});

test("the namespace that holds the most gives way when the memory is full", async () => {
  await open({ memoryBytesMax: 1024 * 1024 });
  const [small, large] = [kv.namespace("small"), kv.namespace("large")];
  for (let i = 0; i < 20; i++) await small.set(`k${i}`, "v".repeat(100));
  for (let i = 0; i < 5000; i++) await large.set(`k${i}`, "v".repeat(1000));
  expect(small.size).toBe(20);
  expect(large.has("k4999")).toBe(true);
  expect(large.has("k0")).toBe(false);
});

test("hits and misses are counted, by namespace and in all", async () => {
  await open();
  await kv.set("k", "v");
  kv.get("k");
  kv.get("k");
  kv.get("missing");
  kv.has("k");
  expect(kv.stats()).toMatchObject({ hits: 2, misses: 1 });
  expect(kv.stats().namespaces[0]).toMatchObject({ name: "default", hits: 2, misses: 1, keys: 1 });
});

test("a closed store refuses writes", async () => {
  await open();
  await kv.set("k", "v");
  await kv.close();
  await expect(kv.set("k", "w")).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
  expect(kv.get("k")).toBe("v");
});
