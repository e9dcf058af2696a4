import { describe, expect, test } from "vitest";
import { diskStore, memoryStore } from "../../test/support/store-harness.ts";
import { sweepExpired } from "./maintenance.ts";
import type { PyKVError } from "../base/errors.ts";
import type { Store } from "./store.ts";
import type { BatchOperation, GlanceView, ListPage } from "./types.ts";

const NS = { namespace: "default" };

function text(key: string, value: string): BatchOperation & { op: "set" } {
  return { op: "set", ...NS, key, kind: "text", value };
}

function set(store: Store, key: string, value: string): Promise<unknown> {
  return store.set({ ...NS, key, kind: "text", value });
}

function valueOf(store: Store, key: string): string | null {
  return store.get("default", key)?.value.toString() ?? null;
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe("nothing is shown that a crash could take back", () => {
  test("a value that is not yet on disk has a barrier, one that is has none", async () => {
    const { store, disk } = await diskStore();
    await set(store, "k", "old");
    expect(valueOf(store, "k")).toBe("old");
    expect(store.readBarrier).toBe(0);
    const release = disk.hold("sync");
    const write = set(store, "k", "new");
    expect(valueOf(store, "k")).toBe("new");
    const barrier = store.readBarrier;
    expect(barrier).toBe(2);
    expect(await isSettled(store.acknowledged(barrier))).toBe(false);
    release();
    await write;
    expect(valueOf(store, "k")).toBe("new");
    expect(store.readBarrier).toBe(0);
    await store.close();
  });

  test("neither is a miss after a delete, or a list, or an unmet condition", async () => {
    const { store, disk } = await diskStore();
    await set(store, "k", "v");
    const release = disk.hold("sync");
    const deletion = store.delete({ ...NS, key: "k" });
    expect(store.get("default", "k")).toBeNull();
    expect(store.readBarrier).toBe(2);
    const listing = store.list({ ...NS, limit: 10 });
    const unmet = store.set({ ...NS, key: "k", kind: "text", value: "x", ifPresent: true });
    const again = store.delete({ ...NS, key: "k" });
    for (const waiting of [deletion, listing, unmet, again]) {
      expect(await isSettled(waiting)).toBe(false);
    }
    release();
    expect((await listing).items).toEqual([]);
    expect(await unmet).toEqual({ done: false, exists: false });
    await store.close();
  });

  test("nor a page that leaves out a key, with more pages to follow", async () => {
    const { store, disk } = await diskStore();
    for (const key of ["a", "b", "c", "d"]) await set(store, key, "v");
    const release = disk.hold("sync");
    void store.delete({ ...NS, key: "b" });
    const listing = store.list({ ...NS, limit: 2 });
    expect(await isSettled(listing)).toBe(false);
    release();
    expect((await listing).items.map((item) => item.key)).toEqual(["a", "c"]);
    await store.close();
  });

  test("nor which namespaces there are, or how many keys they hold", async () => {
    const { store, disk } = await diskStore();
    await set(store, "k", "v");
    expect(valueOf(store, "k")).toBe("v");
    const release = disk.hold("sync");
    const write = store.set({ namespace: "other", key: "k", kind: "text", value: "v" });
    expect(store.namespaces()).toEqual(["default", "other"]);
    expect(store.readBarrier).toBe(2);
    expect(valueOf(store, "k")).toBe("v");
    expect(store.readBarrier).toBe(0);
    expect(store.keyCount("other")).toBe(1);
    expect(store.readBarrier).toBe(2);
    release();
    await write;
    expect(store.keyCount("other")).toBe(1);
    expect(store.readBarrier).toBe(0);
    await store.close();
  });

  test("nor a miss in a namespace whose record has passed to another", async () => {
    const { store, disk } = await diskStore();
    for (let i = 0; i < 64; i++) {
      await store.set({ namespace: `ns${i}`, key: "k", kind: "text", value: "v" });
    }
    const release = disk.hold("sync");
    const gone = { namespace: "ns7", key: "k" };
    const deletion = store.delete(gone);
    const write = store.set({ namespace: "new", key: "k", kind: "text", value: "v" });
    expect(store.get(gone.namespace, gone.key)).toBeNull();
    expect(store.readBarrier).toBe(65);
    const unmet = store.delete(gone);
    const listing = store.list({ namespace: "ns7", limit: 10 });
    for (const waiting of [unmet, listing]) expect(await isSettled(waiting)).toBe(false);
    release();
    await Promise.all([deletion, write, unmet, listing]);
    await store.close();
  });

  test("nor a refusal that tells what the value is", async () => {
    const { store, disk } = await diskStore();
    await set(store, "k", "1");
    const release = disk.hold("sync");
    void set(store, "k", "no integer");
    const refusals = [
      store.increment({ ...NS, key: "k", by: 1n }),
      store.batch([{ op: "incr", ...NS, key: "k", by: 1n }], true),
      store.batch([{ ...text("k", "x"), ifAbsent: true }], true),
      store.batch([{ op: "incr", ...NS, key: "k", by: 1n }], false),
    ];
    for (const refusal of refusals) expect(await isSettled(refusal)).toBe(false);
    release();
    const codes = await Promise.all(
      refusals
        .slice(0, 3)
        .map((refusal) => refusal.catch((error: unknown) => (error as PyKVError).code)),
    );
    expect(codes).toEqual(["NOT_AN_INTEGER", "NOT_AN_INTEGER", "CONDITION_FAILED"]);
    expect(await refusals[3]).toMatchObject([{ error: { code: "NOT_AN_INTEGER" } }]);
    await store.close();
  });

  test("nor the emptiness of a namespace that is being cleared", async () => {
    const { store, disk } = await diskStore();
    await set(store, "k", "v");
    const release = disk.hold("sync");
    const clearing = store.clear("default");
    expect(store.get("default", "k")).toBeNull();
    expect(store.readBarrier).toBeGreaterThan(0);
    release();
    expect(await clearing).toBe(1);
    await store.close();
  });
});

test("one writer pays one write and one sync, a hundred at once share them", async () => {
  const { store, disk } = await diskStore();
  const before = { ...disk.calls };
  await set(store, "a", "1");
  expect(disk.calls.sync - before.sync).toBe(1);
  expect(disk.calls.write + disk.calls.writeNow - before.write - before.writeNow).toBe(1);
  await Promise.all(Array.from({ length: 100 }, (_, i) => set(store, `k${i}`, "v")));
  expect(disk.calls.sync - before.sync).toBe(2);
  expect(disk.calls.write + disk.calls.writeNow - before.write - before.writeNow).toBe(2);
  await store.close();
});

test("writers beyond the bound on unsynced bytes wait their turn and keep their order", async () => {
  const { store } = await diskStore({ unsyncedBytesMax: 64 * 1024 });
  const order: number[] = [];
  const writes = Array.from({ length: 100 }, (_, i) =>
    set(store, "k", `${i}:${"x".repeat(5000)}`).then(() => order.push(i)),
  );
  expect(store.waiting).toBeGreaterThan(50);
  await Promise.all(writes);
  expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(valueOf(store, "k")).toMatch(/^99:/);
  await store.close();
});

test("a writer that must wait again, for a victim's record, keeps its place", async () => {
  const [victim, large] = ["victim".repeat(20), "large".repeat(20)];
  const values = ["first", "2", "the third, and the last of them"];
  // Sizes at which some of the three fit in and others don't, with a victim or without.
  for (let bytes = 65_250; bytes < 65_420; bytes += 2) {
    const { store, disk } = await diskStore({ capacityKeys: 2, unsyncedBytesMax: 65_536 });
    await set(store, victim, "v");
    await set(store, large, "v");
    const release = disk.hold("sync");
    const before = set(store, large, "x".repeat(bytes));
    await new Promise((resolve) => setImmediate(resolve));
    const writes = values.map((value) => set(store, "k", value));
    release();
    await Promise.all([before, ...writes]);
    expect(valueOf(store, "k")).toBe(values[2]);
    await store.close();
  }
});

test("bytes that wait for the log are those of the call, whatever becomes of them", async () => {
  const { store, disk } = await diskStore({ unsyncedBytesMax: 65_536 });
  const release = disk.hold("sync");
  const before = set(store, "large", "x".repeat(65_000));
  const bytes = Buffer.from("of the call".repeat(100));
  const write = store.put("default", "k", bytes, "bytes", 0, null);
  expect(store.waiting).toBe(1);
  bytes.fill("!");
  release();
  await Promise.all([before, write]);
  expect(valueOf(store, "k")).toBe("of the call".repeat(100));
  await store.close();
});

test("those who wait are refused when the store closes, one and all", async () => {
  const { store, disk } = await diskStore({ unsyncedBytesMax: 65_536 });
  const release = disk.hold("sync");
  const before = set(store, "large", "x".repeat(65_000));
  const waiting = [set(store, "a", "x".repeat(1000)), set(store, "b", "v"), store.clear("default")];
  const batch = store.batch([text("c", "v")], true);
  const closing = store.close();
  for (const refused of [...waiting, batch]) {
    await expect(refused).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
  }
  release();
  await Promise.all([before, closing]);
  expect(store.keyCount("default")).toBe(1);
});

test("a full directory of namespaces makes room for a new one from those that were cleared", async () => {
  const { store } = await memoryStore();
  for (let i = 0; i < 62; i++) {
    await store.set({ namespace: `ns${i}`, key: "k", kind: "text", value: "v" });
  }
  await store.clear("ns1");
  await store.clear("ns2");
  await store.set({ namespace: "fresh", key: "k", kind: "text", value: "v" });
  await store.set({ namespace: "fresher", key: "k", kind: "text", value: "v" });
  expect(store.namespaces()).toHaveLength(62);
  for (let i = 0; i < 3; i++) {
    const write = store.set({ namespace: `more${i}`, key: "k", kind: "text", value: "v" });
    if (i < 2) await write;
    else await expect(write).rejects.toMatchObject({ code: "TOO_MANY_NAMESPACES" });
  }
});

describe("an atomic batch", () => {
  test("leaves values that the short way of reading serves, like single writes", async () => {
    const { store } = await memoryStore();
    await set(store, "single", "plain");
    await store.batch([text("batched", "plain"), text("accented", "caf\u00e9")], true);
    const view: GlanceView = { kind: "json", text: "", version: 0, deadlineMs: 0 };
    for (const key of ["single", "batched"]) {
      expect(store.glance("default", key, view)).toBe(true);
      expect(view).toMatchObject({ kind: "text", text: "plain" });
    }
    expect(store.glance("default", "accented", view)).toBe(false);
    expect(valueOf(store, "accented")).toBe("caf\u00e9");
    await store.close();
  });

  test("sees its own effects and reports each operation", async () => {
    const { store, clock } = await memoryStore();
    await set(store, "a", "1");
    const deadlineMs = clock.nowMs() + 5000;
    const results = await store.batch(
      [
        { op: "get", ...NS, key: "a" },
        { op: "incr", ...NS, key: "a", by: 4n },
        { op: "incr", ...NS, key: "n", by: 7n, deadlineMs },
        text("b", "x"),
        { op: "get", ...NS, key: "b" },
        { op: "delete", ...NS, key: "b" },
        { op: "delete", ...NS, key: "b" },
        { op: "get", ...NS, key: "b" },
      ],
      true,
    );
    expect(results).toMatchObject([
      { op: "get", entry: { version: 1 } },
      { op: "incr", outcome: { done: true, created: false, value: 5n, version: 2 } },
      { op: "incr", outcome: { done: true, created: true, value: 7n, version: 3, deadlineMs } },
      { op: "set", outcome: { done: true, created: true, version: 4 } },
      { op: "get", entry: { kind: "text" } },
      { op: "delete", outcome: { done: true, version: 5 } },
      { op: "delete", outcome: { done: false, exists: false } },
      { op: "get", entry: null },
    ]);
    expect([valueOf(store, "a"), valueOf(store, "n"), valueOf(store, "b")]).toEqual([
      "5",
      "7",
      null,
    ]);
  });

  const failures: [string, BatchOperation, string][] = [
    ["a condition", { ...text("a", "x"), ifVersion: 99 }, "CONDITION_FAILED"],
    ["no integer", { op: "incr", ...NS, key: "a", by: 1n }, "NOT_AN_INTEGER"],
    ["a bad key", text("", "x"), "INVALID_KEY"],
    ["a value too large", text("b", "x".repeat(2_000_000)), "VALUE_TOO_LARGE"],
    ["a lone surrogate", text("b", "\ud800"), "INVALID_VALUE"],
    ["no room", text("b", "x".repeat(900_000)), "MEMORY_FULL"],
  ];
  for (const [why, operation, code] of failures) {
    test(`changes nothing when one operation fails for ${why}`, async () => {
      const { store } = await memoryStore({
        eviction: "none",
        memoryBytesMax: 1024 * 1024,
        valueBytesMax: 1_000_000,
      });
      await set(store, "a", "not a number");
      await set(store, "ballast", "x".repeat(200_000));
      const batch = store.batch(
        [text("c", "1"), { op: "delete", ...NS, key: "a" }].concat() as never,
        true,
      );
      await batch;
      await set(store, "a", "not a number");
      const before = store.engine.journal.lastSeq;
      await expect(store.batch([text("d", "1"), operation], true)).rejects.toMatchObject({
        code,
        detail: expect.stringMatching(code === "MEMORY_FULL" ? /./ : /operations\/1/) as string,
      });
      expect(store.engine.journal.lastSeq).toBe(before);
      expect([valueOf(store, "a"), valueOf(store, "d")]).toEqual(["not a number", null]);
    });
  }

  test("changes nothing when there is room for one of its two new namespaces", async () => {
    const { store } = await memoryStore();
    for (let i = 0; i < 63; i++) {
      await store.set({ namespace: `ns${i}`, key: "k", kind: "text", value: "v" });
    }
    const before = store.engine.journal.lastSeq;
    const both = [
      { ...text("k", "v"), namespace: "one" },
      { ...text("k", "v"), namespace: "two" },
    ];
    await expect(store.batch(both, true)).rejects.toMatchObject({ code: "TOO_MANY_NAMESPACES" });
    expect(store.engine.journal.lastSeq).toBe(before);
    await store.clear("ns5");
    await store.batch(both, true);
    expect(store.namespaces()).toHaveLength(64);
  });

  test("keeps an empty namespace that it writes to, when another takes a record", async () => {
    const { store } = await memoryStore();
    for (let i = 0; i < 64; i++) {
      await store.set({ namespace: `ns${i}`, key: "k", kind: "text", value: "v" });
    }
    for (const namespace of ["ns0", "ns1"]) await store.delete({ namespace, key: "k" });
    const both = ["ns0", "new"].map((namespace) => ({ ...text("k", "v"), namespace }));
    await store.batch(both, true);
    for (const { namespace } of both) expect(store.keyCount(namespace)).toBe(1);
  });

  test("is one frame: a crash keeps all of it or none", async () => {
    const { store, disk } = await diskStore();
    const before = disk.calls.writeNow + disk.calls.write;
    await store.batch(
      Array.from({ length: 50 }, (_, i) => text(`k${i}`, "v")),
      true,
    );
    expect(disk.calls.writeNow + disk.calls.write - before).toBe(1);
    await store.close();
  });

  test("evicts others before its own keys, and only as much as it needs", async () => {
    const { store } = await memoryStore({ memoryBytesMax: 1024 * 1024 });
    await set(store, "counter", "41");
    for (let i = 0; i < 3000; i++) await set(store, `filler${i}`, "x".repeat(300));
    await set(store, "counter", "41");
    for (let i = 0; i < 2000; i++) await set(store, `more${i}`, "x".repeat(300));
    const large = "x".repeat(300_000);
    await set(store, "counter", "41");
    await store.batch([{ op: "incr", ...NS, key: "counter", by: 1n }, text("large", large)], true);
    expect(valueOf(store, "counter")).toBe("42");
    expect(valueOf(store, "large")).toBe(large);
    expect(store.keyCount("default")).toBeGreaterThan(1000);
  });
});

test("a batch that is not atomic does what it can and reports the rest", async () => {
  const { store } = await memoryStore();
  await set(store, "a", "x");
  const results = await store.batch(
    [text("b", "1"), { op: "incr", ...NS, key: "a", by: 1n }, { op: "get", ...NS, key: "b" }],
    false,
  );
  expect(results).toMatchObject([
    { op: "set", outcome: { done: true } },
    { op: "incr", error: { code: "NOT_AN_INTEGER" } },
    { op: "get", entry: { kind: "text" } },
  ]);
});

test("the sweep removes expired keys, gives their memory back and logs each", async () => {
  const { store, clock } = await memoryStore();
  const before = store.stats().memory.usedBytes;
  for (let i = 0; i < 1000; i++) {
    const deadlineMs = clock.nowMs() + 1 + i * 10;
    await store.set({ ...NS, key: `k${i}`, kind: "text", value: "v".repeat(100), deadlineMs });
  }
  await set(store, "stays", "v");
  clock.advance(5000);
  expect(sweepExpired(store.engine, clock.nowMs(), () => false)).toBe(false);
  expect(store.keyCount("default")).toBeGreaterThanOrEqual(500);
  expect(store.keyCount("default")).toBeLessThanOrEqual(503);
  clock.advance(10_000);
  sweepExpired(store.engine, clock.nowMs(), () => false);
  expect(store.keyCount("default")).toBe(1);
  expect(store.stats()).toMatchObject({ expired: 1000, keys: 1 });
  expect(store.engine.journal.lastSeq).toBe(2001);
  expect(store.stats().memory.usedBytes - before).toBeLessThan(10_000);
});

test("what lower limits leave no room for is evicted at the start, and the disk follows", async () => {
  const first = await diskStore();
  for (let i = 0; i < 100; i++) await set(first.store, `k${i}`, "v");
  await first.store.close();
  const second = await diskStore({ capacityKeys: 10 }, first.disk);
  expect(second.store.keyCount("default")).toBe(10);
  while (second.store.compacting) await new Promise((resolve) => setImmediate(resolve));
  await second.store.close();
  const third = await diskStore({}, first.disk);
  expect(third.store.keyCount("default")).toBe(10);
  await third.store.close();
  await expect(diskStore({ capacityKeys: 5, eviction: "none" }, first.disk)).rejects.toMatchObject({
    code: "MEMORY_FULL",
  });
});

test("a log that failed ends writes, not reads, and shows in the health", async () => {
  const { store, disk } = await diskStore();
  await set(store, "k", "v");
  disk.inject({ code: "EIO", kinds: ["sync"] });
  await expect(set(store, "k", "lost")).rejects.toMatchObject({ code: "LOG_FAILED" });
  await expect(set(store, "other", "x")).rejects.toMatchObject({ code: "LOG_FAILED" });
  expect(store.health()).toMatchObject({ status: "degraded", log: "failed" });
  expect(valueOf(store, "k")).toBe("lost");
  await expect(store.acknowledged(store.readBarrier)).rejects.toMatchObject({ code: "LOG_FAILED" });
  await store.close().catch(() => undefined);
});

test("compaction leaves one snapshot and a short log, and only one runs at a time", async () => {
  const { store, disk } = await diskStore();
  for (let i = 0; i < 3000; i++) await set(store, `k${i % 100}`, "v".repeat(1000));
  const running = store.compact();
  await expect(store.compact()).rejects.toMatchObject({ code: "COMPACTION_RUNNING" });
  expect(await running).toMatchObject({ entries: 100 });
  expect(disk.names().filter((name) => name.startsWith("snapshot-"))).toHaveLength(1);
  expect(disk.names().filter((name) => name.startsWith("log-"))).toHaveLength(1);
  expect(store.stats().log.records).toBe(0);
  await set(store, "after", "v");
  expect(store.stats().log.records).toBe(1);
  await store.close();
  const again = await diskStore({}, disk);
  expect(again.store.keyCount("default")).toBe(101);
  expect(again.store.stats().recovery).toMatchObject({ snapshotEntries: 100, records: 1 });
  await again.store.close();
});

test("a snapshot that would hold more namespaces than can be loaded is given up", async () => {
  const { store, disk } = await diskStore();
  const put = (namespace: string, key: string): Promise<unknown> =>
    store.set({ namespace, key, kind: "text", value: "v".repeat(1000) });
  await Promise.all(Array.from({ length: 300 }, (_, i) => put("ns0", `k${i}`)));
  for (let i = 1; i < 64; i++) await put(`ns${i}`, "k");
  const compacting = store.compact();
  const isUnderWay = (): boolean =>
    disk.names().some((name) => name.endsWith(".pykv.tmp") && disk.bytesOf(name).length > 200_000);
  while (!isUnderWay()) await new Promise((resolve) => setImmediate(resolve));
  // Those that come take the records of those that go, of which one has been written already.
  void store.delete({ namespace: "ns1", key: "k" });
  for (let i = 0; i < 300; i++) void store.delete({ namespace: "ns0", key: `k${i}` });
  const writes = [put("new0", "k"), put("new1", "k")];
  await expect(compacting).rejects.toMatchObject({ code: "TOO_MANY_NAMESPACES" });
  await Promise.all(writes);
  await store.close();
  const again = await diskStore({}, disk);
  expect(again.store.namespaces()).toEqual(store.namespaces());
  expect(await again.store.compact()).toMatchObject({ entries: 64 });
  await again.store.close();
});

test("a page of long keys ends short of its limit, and the listing goes on behind it", async () => {
  const { store } = await memoryStore();
  const name = (i: number): string => `${i}:`.padEnd(65_000, "x");
  for (let i = 0; i < 400; i++) await set(store, name(i), "");
  const keys = new Set<string>();
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: ListPage = await store.list({ ...NS, limit: 10_000, cursor: cursor ?? undefined });
    for (const { key } of page.items) keys.add(key);
    ({ cursor } = page);
    pages++;
  } while (cursor !== null);
  expect(pages).toBe(2);
  expect(keys.size).toBe(400);
});
