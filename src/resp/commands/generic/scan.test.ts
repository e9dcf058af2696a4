import { expect, test } from "vitest";
import { createRandom, randomBelow } from "../../../../test/support/random.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { NAMESPACE_TOTAL } from "../../../memory/namespaces.ts";

/** Ordinals whose high bits a cursor leaves out. */
const MANY_PAGES = 2 ** 25 - 3;
const CALLS_MAX = 10_000;

function page(client: TestClient, cursor: string | number, ...options: (string | number)[]) {
  const [next, keys] = client.send("SCAN", cursor, ...options) as [string, string[]];
  return { next, keys };
}

/** All pages from the start to the end; `between` is done after each. */
function scanAll(
  client: TestClient,
  options: readonly (string | number)[],
  between: () => void = () => undefined,
): string[] {
  const all: string[] = [];
  let cursor = "0";
  for (let calls = 0; calls < CALLS_MAX; calls++) {
    const { next, keys } = page(client, cursor, ...options);
    all.push(...keys);
    if (next === "0") return all;
    expect(Number(next)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    cursor = next;
    between();
  }
  throw new Error("the scan does not end");
}

function fill(client: TestClient, count: number): string[] {
  const names = Array.from({ length: count }, (_, i) => `k${i}`);
  for (const name of names) client.send("SET", name, "v");
  return names.sort();
}

for (const count of [0, 1, 10, 11, 169, 170, 171, 1000]) {
  for (const step of [1, 10, 100, 5000]) {
    test(`meets each of ${count} keys once, ${step} at a time`, async () => {
      const client = (await respHarness()).client();
      const names = fill(client, count);
      expect(scanAll(client, ["COUNT", step]).sort()).toEqual(names);
    });
  }
}

test("looks at ten keys when no count is given", async () => {
  const client = (await respHarness()).client();
  fill(client, 30);
  expect(page(client, 0).keys).toHaveLength(10);
});

test("returns the keys that match and the type that is wanted, whatever the order of options", async () => {
  const client = (await respHarness()).client();
  fill(client, 500);
  const wanted = ["k1", ...Array.from({ length: 10 }, (_, i) => `k1${i}`)].sort();
  expect(scanAll(client, ["match", "k1", "COUNT", 7])).toEqual(["k1"]);
  expect(scanAll(client, ["TYPE", "String", "COUNT", 7, "MATCH", "k1?"]).sort()).toEqual(
    wanted.slice(1),
  );
  expect(scanAll(client, ["MATCH", "x", "MATCH", "*"])).toHaveLength(500);
  expect(scanAll(client, ["TYPE", "list", "COUNT", 100])).toEqual([]);
  expect(scanAll(client, ["TYPE", "nonsense"])).toEqual([]);
});

test("returns no key past its deadline, and none of another database", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  await store.set({ namespace: "db1", key: "other", kind: "text", value: "v" });
  one.send("SET", "a", "v", "PX", 10);
  one.send("SET", "b", "v");
  clock.advance(10);
  expect(scanAll(one, [])).toEqual(["b"]);
});

for (const pagesBefore of [0, MANY_PAGES]) {
  test(`meets every key that stays, whatever comes and goes, after ${pagesBefore} pages`, async () => {
    const seed = Date.now() & 0xffff;
    const random = createRandom(seed);
    const { store, client } = await respHarness();
    const one = client();
    const { namespaces, shard } = store.engine.table;
    const id = namespaces.findOrCreate("default");
    shard.f64[namespaces.double(id) + NAMESPACE_TOTAL.lastOrdinal] = pagesBefore;
    const all = fill(one, 3000);
    // Whole pages go as well, the one that the cursor is in among them.
    const stays = all.filter((name) => Number(name.slice(1)) % 1000 < 100);
    const goes = all.filter((name) => !stays.includes(name));
    let fresh = 0;
    const met = scanAll(one, ["COUNT", 20], () => {
      for (let i = 0; i < 40; i++) {
        const gone = goes.splice(randomBelow(random, goes.length), 1)[0];
        if (gone !== undefined) one.send("DEL", gone);
        if (i % 4 === 0) one.send("SET", `new${fresh++}`, "v");
      }
    });
    expect({ seed, missed: stays.filter((name) => !met.includes(name)) }).toEqual({
      seed,
      missed: [],
    });
  });
}

test("a scan that deletes what it finds empties the database", async () => {
  const { store, client } = await respHarness();
  const one = client();
  fill(one, 2000);
  let cursor = "0";
  do {
    const { next, keys } = page(one, cursor, "COUNT", 50);
    if (keys.length > 0) one.send("DEL", ...keys);
    cursor = next;
  } while (cursor !== "0");
  expect(store.keyCount("default")).toBe(0);
});

test("goes on after the database was emptied, to its end", async () => {
  const client = (await respHarness()).client();
  fill(client, 1000);
  const { next } = page(client, 0, "COUNT", 500);
  client.send("FLUSHDB");
  fill(client, 100);
  let cursor = next;
  for (let calls = 0; cursor !== "0"; calls++) {
    expect(calls).toBeLessThan(100);
    cursor = page(client, cursor).next;
  }
});

test("any number is a cursor, and leads to the end", async () => {
  const client = (await respHarness()).client();
  const names = new Set(fill(client, 1000));
  const random = createRandom(7);
  const numbers = Array.from({ length: 300 }, () => Math.floor(random() * 2 ** (random() * 53)));
  for (const start of [1, 255, 2 ** 28 - 1, 2 ** 53 - 1, ...numbers]) {
    let cursor = String(start);
    for (let calls = 0; cursor !== "0"; calls++) {
      expect([start, calls]).not.toEqual([start, 50]);
      const { next, keys } = page(client, cursor, "COUNT", 100);
      for (const key of keys) expect(names.has(key)).toBe(true);
      cursor = next;
    }
  }
});

for (const cursor of ["+0", "00", "", "-0", "-1", "9007199254740993", "18446744073709551615"]) {
  test(`takes the cursor "${cursor}" as Redis does`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SCAN", cursor)).toEqual(["0", []]);
  });
}

const INVALID = "ERR invalid cursor";
const SYNTAX = "ERR syntax error";
const INTEGER = "ERR value is not an integer or out of range";
for (const [args, error] of [
  [["x"], INVALID],
  [[" 0"], INVALID],
  [["0 "], INVALID],
  [["0x1"], INVALID],
  [["-"], INVALID],
  [["1.5"], INVALID],
  [["18446744073709551616"], INVALID],
  [["9".repeat(100)], INVALID],
  [["x", "COUNT"], INVALID],
  [["0", "COUNT"], SYNTAX],
  [["0", "MATCH"], SYNTAX],
  [["0", "TYPE"], SYNTAX],
  [["0", "foo", "bar"], SYNTAX],
  [["0", "COUNT", "5", "foo"], SYNTAX],
  [["0", "COUNT", "0"], SYNTAX],
  [["0", "COUNT", "-1"], SYNTAX],
  [["0", "COUNT", "0", "COUNT", "5"], SYNTAX],
  [["0", "COUNT", "x"], INTEGER],
  [["0", "COUNT", "1", "COUNT", ""], INTEGER],
  [["0", "COUNT", "9223372036854775808"], INTEGER],
  [[], "ERR wrong number of arguments for 'scan' command"],
] as const) {
  test(`SCAN ${args.join(" ").slice(0, 40)} is refused`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SCAN", ...args)).toEqual(new ReplyError(error));
  });
}

test("looks at a bounded number of keys, however many are wanted", async () => {
  const client = (await respHarness()).client();
  for (let i = 0; i < 20; i++) {
    client.send("MSET", ...Array.from({ length: 1000 }, (_, j) => [i * 1000 + j, ""]).flat());
  }
  const { next, keys } = page(client, 0, "COUNT", "9223372036854775807");
  expect(keys).toHaveLength(16_384);
  expect(page(client, next, "COUNT", 5000)).toMatchObject({ next: "0" });
});
