/**
 * What must hold of a store that comes back after a crash, whatever the crash was.
 *
 * The table is that of exactly one prefix of the changes: its length is the last seq that recovery
 * found, and the whole table (values, kinds, deadlines, versions) is held against the model at that
 * seq. The prefix reaches at least as far as callers were promised, and no batch is cut in two.
 * Then the store must be as good as any: what it has recovered is durable, it takes writes with the
 * seqs that follow, and it closes and opens again with nothing changed.
 */
import { expect } from "vitest";
import type { FsyncPolicy } from "../../src/log/journal.ts";
import type { Store } from "../../src/store/store.ts";
import { turns } from "../support/log-harness.ts";
import type { SimulatedClock } from "../support/simulated-clock.ts";
import type { SimulatedDisk } from "../support/simulated-disk.ts";
import { batchValue, tableOf } from "./witness.ts";
import type { Witness } from "./witness.ts";
import { openQuietly } from "./workload.ts";

export interface Expectation {
  readonly witness: Witness;
  readonly clock: SimulatedClock;
  readonly fsync: FsyncPolicy;
  /** The prefix that is recovered must not be shorter. */
  readonly survivingSeq: number;
}

/** Opens the store that a crash has left, and checks that its table is that of a prefix. */
async function checkTable(disk: SimulatedDisk, expectation: Expectation): Promise<Store> {
  const { witness, clock, fsync, survivingSeq } = expectation;
  const store = await openQuietly(disk, clock, { fsync });
  const { lastSeq } = store.engine.journal;
  expect(lastSeq).toBeGreaterThanOrEqual(survivingSeq);
  expect(lastSeq).toBeLessThanOrEqual(witness.lastSeq);
  expectSame(tableOf(store.engine), witness.tableAt(lastSeq));
  expect(witness.splitsBatch(lastSeq)).toBe(false);
  return store;
}

/** All that must hold; leaves the disk with a store that was closed. */
export async function checkRecovery(disk: SimulatedDisk, expectation: Expectation): Promise<void> {
  const store = await checkTable(disk, expectation);
  const { engine } = store;
  const { lastSeq } = engine.journal;
  await checkPowerCut(disk, expectation, lastSeq);
  await checkWrites(store, lastSeq);
  const table = tableOf(engine);
  await store.close();
  const again = await openQuietly(disk, expectation.clock);
  expectSame(tableOf(again.engine), table);
  expect(again.engine.journal.lastSeq).toBe(lastSeq + 3);
  await again.close();
}

/** Once a store is open, what it shows is durable: the power may fail at once. */
async function checkPowerCut(
  disk: SimulatedDisk,
  expectation: Expectation,
  lastSeq: number,
): Promise<void> {
  const after = disk.reboot({ mode: "drop" });
  const store = await checkTable(after, { ...expectation, survivingSeq: lastSeq });
  expect(store.engine.journal.lastSeq).toBe(lastSeq);
  await store.close();
}

/** Seqs go on without a gap, for a lone write and for a batch; into a namespace with room. */
async function checkWrites(store: Store, lastSeq: number): Promise<void> {
  const namespace = "after";
  const outcome = await store.set({ namespace, key: "one", kind: "text", value: "1" });
  expect(outcome).toMatchObject({ done: true, created: true, version: lastSeq + 1 });
  const results = await store.batch(
    [
      { op: "set", namespace, key: "two", kind: "bytes", value: Buffer.from([0, 255]) },
      { op: "set", namespace, key: "one", kind: "text", value: batchValue(0, "2") },
    ],
    true,
  );
  const versions = results.map((result) => "outcome" in result && result.outcome);
  expect(versions).toMatchObject([{ version: lastSeq + 2 }, { version: lastSeq + 3 }]);
  await turns(1);
}

/** As toEqual, but cheap when they are the same, which is nearly always. */
export function expectSame(actual: readonly string[], expected: readonly string[]): void {
  const isSame =
    actual.length === expected.length && actual.every((line, i) => line === expected[i]);
  if (!isSame) expect(actual).toEqual(expected);
}
