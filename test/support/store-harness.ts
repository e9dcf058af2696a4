/**
 * Stores for tests: in memory or on a simulated disk, on a clock that stands still, with nothing
 * going on in the background unless a test does it.
 */
import type { Clock } from "../../src/base/clock.ts";
import { silentLogger } from "../../src/base/logger.ts";
import { GiB, MiB } from "../../src/base/units.ts";
import { openStore, openStoreOn } from "../../src/store/open.ts";
import type { StoreOptions } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const STORE_OPTIONS: StoreOptions = {
  fsync: "always",
  segmentBytesMax: MiB,
  unsyncedBytesMax: 64 * MiB,
  memoryBytesMax: 64 * MiB,
  capacityKeys: 0,
  eviction: "lru",
  cleanupIntervalMs: 100,
  compactionIntervalMs: 0,
  logLimit: { bytesMax: 0, recordsMax: 0 },
  valueBytesMax: GiB,
};

export interface TestStore {
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly disk: SimulatedDisk;
}

export async function memoryStore(
  overrides: Partial<StoreOptions> = {},
  clock = new SimulatedClock(),
): Promise<{ readonly store: Store; readonly clock: SimulatedClock }> {
  const options = { ...STORE_OPTIONS, ...overrides };
  const context = { clock, logger: silentLogger, background: false, namespacesMax: 64 };
  return { store: await openStore(null, options, context), clock };
}

/** A store in memory that reads the time from a clock of the test's. */
export async function memoryStoreOn(clock: Clock): Promise<Store> {
  const context = { clock, logger: silentLogger, background: false, namespacesMax: 64 };
  return openStore(null, STORE_OPTIONS, context);
}

export async function diskStore(
  overrides: Partial<StoreOptions> = {},
  disk = new SimulatedDisk(),
  clock = new SimulatedClock(),
): Promise<TestStore> {
  const options = { ...STORE_OPTIONS, ...overrides };
  const context = {
    clock,
    timers: clock,
    logger: silentLogger,
    background: false,
    namespacesMax: 64,
  };
  const store = await openStoreOn(disk, options, context, () => Promise.resolve());
  return { store, clock, disk };
}
