import { expect, test } from "vitest";
import { diskStore, memoryStore } from "../../test/support/store-harness.ts";

test("the files on disk are told, the oldest first, and a compaction changes them", async () => {
  const { store } = await diskStore();
  await store.set({ namespace: "default", key: "k", value: "v".repeat(5000), kind: "text" });
  const before = (await store.storage())!;
  expect(before.segments).toMatchObject([{ name: "log-0000000000000001.pykv", seq: 1 }]);
  expect(before.segments[0]!.bytes).toBeGreaterThan(5000);
  expect(before.snapshots).toEqual([]);
  await store.compact();
  const after = (await store.storage())!;
  expect(after.segments.map(({ seq }) => seq)).toEqual([2]);
  expect(after.snapshots).toMatchObject([{ seq: 1 }]);
  expect(after.snapshots[0]!.bytes).toBeGreaterThan(5000);
  expect(after.freeBytes).toBeGreaterThan(0);
  await store.close();
});

test("a store without a directory has no files to tell of", async () => {
  const { store } = await memoryStore();
  expect(await store.storage()).toBeNull();
});
