/**
 * Salvage of what is damaged in more than one place: what one file has lost another may have.
 */
import { expect, test } from "vitest";
import { salvageDisk } from "../../src/store/inspect.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { expectSame } from "./recovery-check.ts";
import { Witness, tableAfter, tableOf } from "./witness.ts";
import { openQuietly, openRig } from "./workload.ts";

const NS = "default";

test("a clearing in the log takes nothing that a snapshot proves to be newer", async () => {
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  const { store } = await openRig(disk, clock, witness);
  const set = (key: string, value: string) =>
    store.set({ namespace: NS, key, kind: "text", value });
  await set("old", "1");
  await store.compact();
  await store.clear(NS);
  const newer = await set("newer", "only in the snapshot");
  disk.inject({ code: "EIO", kinds: ["remove"] });
  await store.compact().catch(() => undefined);
  await store.close();
  const lostSeq = newer.done ? newer.version : 0;

  const snapshot = disk.names().findLast((name) => name.startsWith("snapshot-"))!;
  disk.flipBit(snapshot, disk.bytesOf(snapshot).length - 1, 0);
  const log = disk.names().find((name) => disk.bytesOf(name).includes("only in the snap"))!;
  disk.flipBit(log, disk.bytesOf(log).indexOf("only in the snap"), 0);
  await expect(openQuietly(disk, clock)).rejects.toMatchObject({ code: "CORRUPTION" });

  const target = new SimulatedDisk();
  const { damages } = await salvageDisk(disk, target, () => undefined);
  expect(damages).toBeGreaterThanOrEqual(2);
  const salvaged = await openQuietly(target, clock);
  expect(lostSeq).toBe(3);
  expectSame(tableOf(salvaged.engine), tableAfter(witness.effects));
  await salvaged.close();
});

test("what a damaged snapshot holds goes where the swaps before it have put it", async () => {
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  const { store } = await openRig(disk, clock, witness);
  const set = (namespace: string, key: string) =>
    store.set({ namespace, key, kind: "text", value: "v" });
  await set("a", "first");
  disk.inject({ code: "EIO", kinds: ["remove"] });
  await store.compact().catch(() => undefined);
  await set("a", "second");
  store.engine.swap("a", "b");
  await set("a", "third");
  disk.inject({ code: "EIO", kinds: ["remove"] });
  await store.compact().catch(() => undefined);
  await set("b", "fourth");
  store.engine.swap("a", "b");
  await store.close();

  const snapshots = disk.names().filter((name) => name.startsWith("snapshot-"));
  expect(snapshots).toHaveLength(2);
  for (const snapshot of snapshots) {
    disk.flipBit(snapshot, disk.bytesOf(snapshot).length - 1, 0);
  }
  const target = new SimulatedDisk();
  await salvageDisk(disk, target, () => undefined);
  const salvaged = await openQuietly(target, clock);
  expectSame(tableOf(salvaged.engine), tableAfter(witness.effects));
  await salvaged.close();
});
