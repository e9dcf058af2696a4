import { expect, test } from "vitest";
import { diskStore, memoryStore } from "../../test/support/store-harness.ts";
import { MemoryLimit } from "./memory-limit.ts";
import type { Store } from "./store.ts";

const KEYS = 200;
const VALUE = "v".repeat(10_000);
const MiB = 2 ** 20;

async function filled(store: Store): Promise<Store> {
  for (let i = 0; i < KEYS; i++) {
    await store.set({ namespace: "default", key: `k${i}`, kind: "text", value: VALUE });
  }
  return store;
}

test("lowering it evicts the least recently used, in slices, down to the new limit", async () => {
  const store = await filled((await memoryStore()).store);
  const { table } = store.engine;
  const limit = new MemoryLimit(store.engine);
  limit.set(MiB);
  expect(limit.bytes).toBe(MiB);
  expect(table.maxBytes).toBe(table.usedBytes);
  expect(limit.slice(() => true)).toBe(true);
  expect(store.keyCount("default")).toBe(KEYS - 64);
  while (limit.slice(() => true));
  expect(table.maxBytes).toBe(MiB);
  expect(table.usedBytes).toBeLessThanOrEqual(MiB);
  expect(store.get("default", `k${KEYS - 1}`)).not.toBeNull();
  expect(store.get("default", "k0")).toBeNull();
  expect(store.stats().evictions).toBe(KEYS - store.keyCount("default"));
});

test("writes go on while it is being lowered, and do not raise what is used", async () => {
  const store = await filled((await memoryStore()).store);
  const { table } = store.engine;
  const limit = new MemoryLimit(store.engine);
  limit.set(MiB);
  const before = table.usedBytes;
  await store.set({ namespace: "default", key: "new", kind: "text", value: VALUE });
  expect(table.usedBytes).toBeLessThanOrEqual(before);
});

test("raising it again on the way down is in force at once", async () => {
  const store = await filled((await memoryStore()).store);
  const limit = new MemoryLimit(store.engine);
  limit.set(MiB);
  limit.slice(() => true);
  const keys = store.keyCount("default");
  limit.set(32 * MiB);
  expect(limit.slice(() => true)).toBe(false);
  expect(store.engine.table.maxBytes).toBe(32 * MiB);
  expect(store.keyCount("default")).toBe(keys);
});

test("where nothing may be evicted, writes are refused until deletes have made room", async () => {
  const store = await filled((await memoryStore({ eviction: "none" })).store);
  store.memoryBytesMax = MiB;
  const write = store.set({ namespace: "default", key: "new", kind: "text", value: VALUE });
  await expect(write).rejects.toMatchObject({ code: "MEMORY_FULL" });
  expect(store.keyCount("default")).toBe(KEYS);
});

test("it can't be raised beyond what the table was made for", async () => {
  const { store } = await memoryStore({ memoryBytesMax: 2 * MiB });
  store.memoryBytesMax = 3 * MiB;
  expect(store.memoryBytesMax).toBe(2 * MiB);
});

test("evictions by a lower limit are in the log", async () => {
  const { store } = await diskStore();
  await filled(store);
  const { lastSeq } = store.engine.journal;
  const limit = new MemoryLimit(store.engine);
  limit.set(MiB);
  while (limit.slice(() => false));
  expect(store.engine.journal.lastSeq - lastSeq).toBe(KEYS - store.keyCount("default"));
});
