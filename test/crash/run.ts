/**
 * One run of the workload on a disk that something happens to, and the check of what it leaves.
 */
import { expect } from "vitest";
import type { FsyncPolicy } from "../../src/log/journal.ts";
import type { StoreOptions } from "../../src/store/open.ts";
import { createRandom } from "../support/random.ts";
import type { Random } from "../support/random.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { checkRecovery } from "./recovery-check.ts";
import type { Expectation } from "./recovery-check.ts";
import { Witness } from "./witness.ts";
import { isOver, openRig, runWorkload } from "./workload.ts";
import type { Outcome, Rig } from "./workload.ts";

/** The script that every step is tried on. */
const SCRIPT = { seed: 5, rounds: 50 } as const;

export interface RunOptions extends Partial<StoreOptions> {
  readonly fsync: FsyncPolicy;
  /** What happens to the disk before anything else does. */
  readonly sabotage?: ((disk: SimulatedDisk) => void) | undefined;
  readonly seed?: number | undefined;
  readonly rounds?: number | undefined;
  /** Whether the store is closed at the end, if it still can be; default true. */
  readonly close?: boolean | undefined;
}

export interface Run {
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedClock;
  readonly witness: Witness;
  /** Null when not even the start came to its end. */
  readonly rig: Rig | null;
  readonly outcome: Outcome | null;
  /** What the start or the end failed with. */
  readonly error: unknown;
}

export async function run(options: RunOptions): Promise<Run> {
  const { sabotage, seed = SCRIPT.seed, rounds = SCRIPT.rounds, close = true, ...store } = options;
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  sabotage?.(disk);
  let rig: Rig | null = null;
  let outcome: Outcome | null = null;
  let error: unknown = null;
  try {
    rig = await openRig(disk, clock, witness, store);
    outcome = await runWorkload(rig, createRandom(seed), rounds);
    if (close && !isOver(rig)) await rig.store.close();
  } catch (cause) {
    error = cause;
  }
  return { disk, clock, witness, rig, outcome, error };
}

/** What may become of bytes that were not synced. */
export interface Aftermath {
  readonly name: string;
  readonly isPowerCut: boolean;
  readonly reboot: (disk: SimulatedDisk, random: Random) => SimulatedDisk;
}

export const DROPPED: Aftermath = {
  name: "dropped",
  isPowerCut: true,
  reboot: (disk) => disk.reboot({ mode: "drop" }),
};
const KEPT: Aftermath = {
  name: "kept",
  isPowerCut: false,
  reboot: (disk) => disk.reboot({ mode: "keep" }),
};
const TORN: Aftermath = {
  name: "torn",
  isPowerCut: true,
  reboot: (disk, random) => disk.reboot({ mode: "tear", random }),
};
/** Only of a disk that has crashed; the last to be tried, since it goes on with the same files. */
const CACHED: Aftermath = {
  name: "cached",
  isPowerCut: false,
  reboot: (disk) => disk.restart(),
};

export const POWER_CUTS: readonly Aftermath[] = [DROPPED, KEPT, TORN];
export const CRASHES: readonly Aftermath[] = [DROPPED, KEPT, TORN, TORN, CACHED];

/** What must be there after a crash of that kind. */
export function expectationOf(run: Run, fsync: FsyncPolicy, aftermath: Aftermath): Expectation {
  const { witness, clock, rig } = run;
  const isKept = fsync === "always" || !aftermath.isPowerCut;
  const durableSeq = rig?.store.engine.journal.durableSeq ?? 0;
  const acknowledgedSeq = isKept ? witness.acknowledgedSeq : 0;
  const survivingSeq = Math.max(acknowledgedSeq, witness.flushedSeq, durableSeq);
  return { witness, clock, fsync, survivingSeq };
}

/** Checks all that the run may have left; `at` says in a failure where in the run that was. */
export async function checkRun(
  run: Run,
  fsync: FsyncPolicy,
  aftermaths: readonly Aftermath[],
  at: string,
): Promise<void> {
  expect(run.outcome?.faults ?? [], at).toEqual([]);
  const seed = run.disk.steps;
  const random = createRandom(seed);
  for (const aftermath of aftermaths) {
    const disk = aftermath.reboot(run.disk, random);
    try {
      await checkRecovery(disk, expectationOf(run, fsync, aftermath));
    } catch (cause) {
      throw new Error(`${at}, unsynced bytes ${aftermath.name}, seed ${seed}`, { cause });
    }
  }
}
