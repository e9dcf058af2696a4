/**
 * A store on a simulated disk, and a workload that does to it all that can be done.
 *
 * The script is drawn from a seed, so that the same seed does the same whatever happens meanwhile:
 * the same operations in the same rounds, with the disk failing one step later each time. It goes on
 * until its end or until the log is gone, with several writes in flight most of the time, snapshots
 * in the middle of them, and time passing. Every result is held against what went into the log.
 */
import { PyKVError } from "../../src/base/errors.ts";
import type { ErrorCode } from "../../src/base/errors.ts";
import { silentLogger } from "../../src/base/logger.ts";
import { sweepExpired } from "../../src/store/maintenance.ts";
import { openStoreOn } from "../../src/store/open.ts";
import type { StoreOptions } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { turns } from "../support/log-harness.ts";
import { randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";
import type { SimulatedClock } from "../support/simulated-clock.ts";
import type { SimulatedDisk } from "../support/simulated-disk.ts";
import { act } from "./operations.ts";
import type { Witness } from "./witness.ts";

const KiB = 1024;

/** What a write may be refused with; anything else is a fault of the store. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  "CONDITION_FAILED",
  "NOT_AN_INTEGER",
  "DISK_FULL",
  "LOG_FAILED",
  "COMPACTION_RUNNING",
]);

export interface Rig {
  readonly store: Store;
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedClock;
  readonly witness: Witness;
}

/** Small enough that some kilobytes roll the log, evict keys and fill several blocks of a snapshot. */
const STORE_OPTIONS: StoreOptions = {
  fsync: "always",
  segmentBytesMax: 6 * KiB,
  unsyncedBytesMax: 8 * KiB,
  memoryBytesMax: 1024 * KiB,
  capacityKeys: 9,
  eviction: "lru",
  cleanupIntervalMs: 1000,
  compactionIntervalMs: 0,
  logLimit: { bytesMax: 0, recordsMax: 0 },
  valueBytesMax: 64 * KiB,
};

export interface RigOptions extends Partial<StoreOptions> {
  /** Default 4 KiB. */
  readonly reserveStepBytes?: number | undefined;
}

/** Opens a store with nothing going on that the test does not start. */
export function openQuietly(
  disk: SimulatedDisk,
  clock: SimulatedClock,
  { reserveStepBytes = 4 * KiB, ...options }: RigOptions = {},
): Promise<Store> {
  return openStoreOn(
    disk,
    { ...STORE_OPTIONS, ...options },
    {
      clock,
      timers: clock,
      logger: silentLogger,
      namespacesMax: 8,
      background: false,
      sizes: { reserveStepBytes, snapshotBlockBytes: 256 },
    },
    () => Promise.resolve(),
  );
}

/** The same, with a witness that knows all that there is in the store, or that it is empty. */
export async function openRig(
  disk: SimulatedDisk,
  clock: SimulatedClock,
  witness: Witness,
  options: RigOptions = {},
): Promise<Rig> {
  const store = await openQuietly(disk, clock, options);
  witness.watch(store.engine);
  return { store, disk, clock, witness };
}

/** What a run of the workload came to. */
export interface Outcome {
  /** Errors by code, of writes and of compactions. */
  readonly refusals: Map<string, number>;
  readonly compactions: { done: number; failed: number };
  /** Errors that no operation may end in. */
  readonly faults: unknown[];
}

/** Keeps the promises of a run, and what became of them. */
export class Tracker {
  readonly outcome: Outcome = {
    refusals: new Map(),
    compactions: { done: 0, failed: 0 },
    faults: [],
  };
  #pending: Promise<void>[] = [];

  /** Follows an operation whose result `onDone` checks; a refusal is counted, all else is a fault. */
  track<T>(operation: Promise<T>, onDone: (result: T) => void): void {
    this.#pending.push(
      operation.then(onDone).catch((error: unknown) => {
        if (error instanceof PyKVError && REFUSALS.has(error.code)) this.#count(error.code);
        else this.outcome.faults.push(error);
      }),
    );
  }

  /** A compaction may fail with whatever the disk says; the store must not. */
  trackCompaction(store: Store): void {
    const { compactions } = this.outcome;
    this.#pending.push(
      store.compact().then(
        () => void (compactions.done += 1),
        (error: unknown) => {
          if (error instanceof PyKVError && error.code === "COMPACTION_RUNNING") return;
          compactions.failed += 1;
          if (!isOfDisk(error)) this.outcome.faults.push(error);
        },
      ),
    );
  }

  /** Every operation ends, one way or the other: if one does not, neither does the test. */
  async settled(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    await Promise.all(pending);
  }

  #count(code: string): void {
    const { refusals } = this.outcome;
    refusals.set(code, (refusals.get(code) ?? 0) + 1);
  }
}

function isOfDisk(error: unknown): boolean {
  if (error instanceof PyKVError) return ["LOG_FAILED", "DISK_FULL"].includes(error.code);
  return error instanceof Error && "code" in error;
}

/** Whether the process, or its log, is no more. */
export function isOver({ disk, store }: Rig): boolean {
  return disk.crashed || store.engine.journal.failed !== null;
}

/** Runs the script of `random`; ends early when the log is gone. */
export async function runWorkload(rig: Rig, random: Random, rounds: number): Promise<Outcome> {
  const tracker = new Tracker();
  for (let round = 1; round <= rounds; round += 1) {
    const operations = 1 + randomBelow(random, 7);
    for (let i = 0; i < operations; i += 1) act(rig, tracker, random);
    const pause = randomBelow(random, 4);
    if (isOver(rig)) break;
    if (round % 8 === 3) tracker.trackCompaction(rig.store);
    if (round % 5 === 0) await tracker.settled();
    else await turns(pause);
    if (round % 4 === 2) letTimePass(rig);
    if (round % 9 === 7) await flush(rig, tracker);
  }
  await tracker.settled();
  await turns(3);
  return tracker.outcome;
}

function letTimePass({ clock, store }: Rig): void {
  clock.advance(700);
  sweepExpired(store.engine, clock.nowMs(), () => false);
  while (store.engine.table.reap(100) > 0);
}

async function flush({ store, witness }: Rig, tracker: Tracker): Promise<void> {
  const { lastSeq } = witness;
  tracker.track(store.flush(), () => {
    witness.flushedSeq = Math.max(witness.flushedSeq, lastSeq);
  });
  await tracker.settled();
}
