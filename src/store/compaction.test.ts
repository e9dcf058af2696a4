import { expect, test } from "vitest";
import { diskStore } from "../../test/support/store-harness.ts";
import { silentLogger } from "../base/logger.ts";
import { Compaction } from "./compaction.ts";
import type { CompactionSchedule } from "./compaction.ts";

const MINUTE_MS = 60_000;
const NEVER: CompactionSchedule = { intervalMs: 0, logLimit: { bytesMax: 0, recordsMax: 0 } };

/** A compaction of its own over a store, whose own one never runs, and a way to write. */
async function harness(schedule: Partial<CompactionSchedule>) {
  const { store, disk, clock } = await diskStore();
  const compaction = new Compaction({
    ...NEVER,
    ...schedule,
    engine: store.engine,
    disk,
    storeId: new Uint8Array(16),
    clock,
    logger: silentLogger,
    lastAtMs: null,
    snapshotBytes: 0,
    backlog: { records: 0, bytes: 0 },
  });
  const write = (key: string, value = "v") =>
    store.set({ namespace: "default", key, kind: "text", value });
  /** Whether a look finds that one is due; it has ended then. */
  const isDue = async (): Promise<boolean> => {
    compaction.runIfDue();
    const isRunning = compaction.running;
    await compaction.settled();
    expect(compaction.lastError).toBeNull();
    return isRunning;
  };
  return { store, clock, compaction, write, isDue };
}

test("one is due when the interval has passed and there was a write", async () => {
  const { store, clock, write, isDue } = await harness({ intervalMs: MINUTE_MS });
  clock.advance(MINUTE_MS);
  expect(await isDue()).toBe(false);
  await write("k");
  expect(await isDue()).toBe(true);
  await write("k");
  clock.advance(MINUTE_MS - 1);
  expect(await isDue()).toBe(false);
  clock.advance(1);
  expect(await isDue()).toBe(true);
  await store.close();
});

test("one is due when the log has more records than it may", async () => {
  const { store, write, isDue } = await harness({ logLimit: { bytesMax: 0, recordsMax: 2 } });
  for (const [key, expected] of [
    ["a", false],
    ["b", false],
    ["c", true],
    ["d", false],
  ] as const) {
    await write(key);
    expect(await isDue(), key).toBe(expected);
  }
  await store.close();
});

test("one is due when the log is longer than it may be, and than the data", async () => {
  const { store, write, isDue } = await harness({ logLimit: { bytesMax: 20_000, recordsMax: 0 } });
  await write("big", "v".repeat(30_000));
  expect(await isDue()).toBe(false);
  await write("big", "v".repeat(30_000));
  expect(await isDue()).toBe(true);
  await store.close();
});

test("a new schedule counts from where the old one began", async () => {
  const { store, clock, compaction, write, isDue } = await harness({});
  await write("k");
  clock.advance(10 * MINUTE_MS);
  expect(await isDue()).toBe(false);
  compaction.schedule = { ...NEVER, intervalMs: 11 * MINUTE_MS };
  expect(await isDue()).toBe(false);
  clock.advance(MINUTE_MS);
  expect(await isDue()).toBe(true);
  await write("k");
  compaction.schedule = { ...NEVER, logLimit: { bytesMax: 0, recordsMax: 1 } };
  expect(await isDue()).toBe(false);
  await write("k");
  expect(await isDue()).toBe(true);
  await store.close();
});
