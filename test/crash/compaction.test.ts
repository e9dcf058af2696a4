/**
 * Compactions that fail half-way, snapshots of a store that changes under them, and logs that hold
 * more than there ever was at once.
 */
import { expect, test } from "vitest";
import type { StoreOptions } from "../../src/store/open.ts";
import { turns } from "../support/log-harness.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { expectSame } from "./recovery-check.ts";
import { createSmallStore } from "./small-store.ts";
import { Witness, tableOf } from "./witness.ts";
import { openQuietly, openRig } from "./workload.ts";
import type { Rig } from "./workload.ts";

const NS = "default";

/** Calls of a compaction of an idle store that may fail without harm to the log. */
const FAILING_CALLS = ["list", "create", "write", "sync", "close", "rename", "remove"] as const;

for (const kind of FAILING_CALLS) {
  for (const code of ["EIO", "ENOSPC"] as const) {
    test(`a compaction that fails in ${kind} with ${code} can be tried again at once`, async () => {
      const { disk, clock, witness } = await createSmallStore("alone");
      const store = await openQuietly(disk, clock, { capacityKeys: 0 });
      await store.engine.journal.roll();
      disk.inject({ code, kinds: [kind] });
      const first: unknown = await store.compact().catch((error: unknown) => error);
      expect(first).toMatchObject({ code: code === "EIO" ? "EIO" : "DISK_FULL" });
      expect(store.health()).toMatchObject({ status: "degraded", log: "ok" });
      expect(store.health().reasons[0]).toContain("the last compaction failed");
      expectSame(tableOf(store.engine), witness.tableAt(witness.lastSeq));
      await store.compact();
      expect(store.health().status).toBe("healthy");
      await turns(3);
      expect(disk.names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
      expect(disk.names().filter((name) => name.startsWith("snapshot-"))).toHaveLength(1);
      await store.close();
      const again = await openQuietly(disk, clock, { capacityKeys: 0 });
      expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
      await again.close();
    });
  }
}

test("a compaction that finds no room for a new segment shows in the health, and passes", async () => {
  const { disk, clock } = await createSmallStore("alone");
  const store = await openQuietly(disk, clock, { capacityKeys: 0 });
  await store.set({ namespace: NS, key: "more", kind: "text", value: "v" });
  disk.inject({ code: "ENOSPC", kinds: ["create"] });
  await expect(store.compact()).rejects.toMatchObject({ code: "DISK_FULL" });
  expect(store.health()).toMatchObject({ status: "degraded", log: "ok" });
  clock.advance(600);
  await store.compact();
  expect(store.health().status).toBe("healthy");
  await store.close();
});

const LARGE = "x".repeat(16_000);
const LIMITS: readonly Partial<StoreOptions>[] = [{ eviction: "lru" }, { eviction: "none" }];

/**
 * The namespace that the snapshot visits first is full of large values; once they have been visited
 * they become small, and those that are visited later become large. The snapshot then holds both,
 * which is twice what the memory limit allows.
 */
async function snapshotTwiceTheSize({ store, disk }: Rig): Promise<void> {
  const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
  const setAll = (namespace: string, value: string) =>
    Promise.all(keys.map((key) => store.set({ namespace, key, kind: "text", value })));
  await setAll("first", LARGE);
  await setAll("second", "small");
  await store.engine.journal.roll();
  const before = disk.calls.write;
  const compacted = store.compact();
  // The header, and a block for each of the large values.
  while (disk.calls.write < before + keys.length + 2) await turns(1);
  const changes = [setAll("first", "small"), setAll("second", LARGE)];
  await Promise.all([compacted, ...changes]);
}

for (const limits of LIMITS) {
  test(`a snapshot of more than there ever was is recovered whole, eviction ${limits.eviction ?? ""}`, async () => {
    const disk = new SimulatedDisk();
    const clock = new SimulatedClock();
    const witness = new Witness();
    const options = {
      ...limits,
      capacityKeys: 0,
      memoryBytesMax: 1_050_000,
      unsyncedBytesMax: 64_000_000,
      segmentBytesMax: 64_000_000,
      reserveStepBytes: 4_000_000,
    };
    const rig = await openRig(disk, clock, witness, options);
    await snapshotTwiceTheSize(rig);
    expectSame(tableOf(rig.store.engine), witness.tableAt(witness.lastSeq));
    const evicted = rig.store.stats().evictions;
    expect(evicted).toBe(0);
    await rig.store.close();
    const again = await openQuietly(disk, clock, options);
    expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
    expect(again.compacting).toBe(false);
    await again.close();
  });
}

test("a log of more clearings than there may be namespaces is replayed", async () => {
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  const { store } = await openRig(disk, clock, witness);
  const set = (namespace: string) => store.set({ namespace, key: "k", kind: "text", value: "v" });
  for (let i = 0; i < 20; i += 1) {
    await set(NS);
    await store.clear(NS);
    while (store.engine.table.reap(100) > 0);
  }
  for (const namespace of [NS, "another", "a-third"]) await set(namespace);
  await store.close();
  const again = await openQuietly(disk, clock);
  expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
  await again.close();
});

test("a temporary file that could not be removed is in nobody's way", async () => {
  const { disk, clock, witness } = await createSmallStore("alone");
  const store = await openQuietly(disk, clock, { capacityKeys: 0 });
  await store.engine.journal.roll();
  disk.inject({ code: "EIO", kinds: ["rename"] });
  disk.inject({ code: "EIO", kinds: ["remove"] });
  await expect(store.compact()).rejects.toMatchObject({ code: "EIO" });
  expect(disk.names().filter((name) => name.endsWith(".tmp"))).toHaveLength(1);
  await store.compact();
  await store.close();
  const again = await openQuietly(disk, clock, { capacityKeys: 0 });
  expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
  await again.close();
});
