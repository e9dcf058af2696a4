/**
 * A store whose process or machine dies at any single step of its disk; every-step.ts says at which.
 *
 * The workload runs again for each step, up to the crash. Then everything that the disk may hold
 * (unsynced bytes dropped, kept, torn in two ways; or all in the page cache of a machine that ran on)
 * is given to a new process, and checked as recovery-check.ts says. Recovery itself is crashed too.
 */
import { expect, test } from "vitest";
import { segmentName } from "../../src/format/segment.ts";
import { readSnapshotEnds } from "../../src/store/snapshot-reader.ts";
import type { FsyncPolicy } from "../../src/log/journal.ts";
import { STRIDE, firstStep } from "../support/every-step.ts";
import { turns } from "../support/log-harness.ts";
import { createRandom } from "../support/random.ts";
import type { SimulatedDisk } from "../support/simulated-disk.ts";
import { checkRecovery } from "./recovery-check.ts";
import { CRASHES, DROPPED, checkRun, expectationOf, run } from "./run.ts";
import type { Aftermath, Run } from "./run.ts";
import { kindsOf, tableOf } from "./witness.ts";
import { openQuietly } from "./workload.ts";

test("the workload does all there is to do, and the table is what the log says", async () => {
  const { disk, witness, rig, outcome, error } = await run({ fsync: "always" });
  expect(error).toBeNull();
  expect(outcome?.faults).toEqual([]);
  expect(outcome?.compactions).toMatchObject({ failed: 0 });
  expect(outcome?.compactions.done).toBeGreaterThanOrEqual(4);
  expect([...kindsOf(witness.effects)].sort()).toEqual([
    "CLEAR",
    "DELETE evicted",
    "DELETE expired",
    "DELETE user",
    "EXPIRE",
    "EXPIRE with deadline",
    "SET",
    "SET with deadline",
    "SWAP",
  ]);
  expect(tableOf(rig!.store.engine)).toEqual(witness.tableAt(witness.lastSeq));
  expect(disk.names()).not.toContain(segmentName(1));
});

test("the workload's snapshots are taken in the middle of writes", async () => {
  const whole = await run({ fsync: "always" });
  let fuzzy = 0;
  for (let step = 1; step < whole.disk.steps; step += 7) {
    const { disk } = await run({ fsync: "always", sabotage: (it) => it.crashAt(step) });
    const after = disk.reboot({ mode: "keep" });
    for (const name of after.names().filter((it) => /^snapshot-\d+\.pykv$/.test(it))) {
      const { header, footer } = await readSnapshotEnds(after, name);
      if (footer !== null && footer.blocks > 3 && footer.endSeq > header.startSeq + 4) fuzzy += 1;
    }
  }
  expect(fuzzy).toBeGreaterThan(3);
});

for (const fsync of ["always", "everysec", "no"] as const) {
  test(`${fsync}: a crash at any step loses nothing that it must not`, async () => {
    let step = firstStep();
    for (; ; step += STRIDE) {
      const crashed = await run({ fsync, sabotage: (disk) => disk.crashAt(step) });
      if (!crashed.disk.crashed) break;
      await checkRun(crashed, fsync, CRASHES, `crash at step ${step}`);
    }
    expect(step).toBeGreaterThan(150);
  });
}

/** Every so many steps of the workload, recovery is crashed at every step of its own. */
const SECOND_CRASH_STRIDE = { always: 13 * STRIDE, everysec: 19 * STRIDE } as const;

for (const fsync of ["always", "everysec"] as const) {
  test(`${fsync}: a second crash, at any step of the recovery, loses nothing either`, async () => {
    const stride = SECOND_CRASH_STRIDE[fsync];
    const whole = await run({ fsync });
    for (let step = firstStep(stride); step < whole.disk.steps; step += stride) {
      const aftermath = CRASHES[step % CRASHES.length]!;
      for (let second = 1, isDone = false; !isDone; second += 1) {
        const crashed = await run({ fsync, sabotage: (disk) => disk.crashAt(step) });
        isDone = await crashRecovery(crashed, fsync, aftermath, second);
      }
    }
  });
}

/** Crashes the recovery after a crash and checks what that leaves; whether it came to its end. */
async function crashRecovery(
  crashed: Run,
  fsync: FsyncPolicy,
  aftermath: Aftermath,
  second: number,
): Promise<boolean> {
  const { steps } = crashed.disk;
  const first = aftermath.reboot(crashed.disk, createRandom(steps));
  const isDone = await recoverUntil(first, crashed, fsync, second);
  const next = isDone ? DROPPED : CRASHES[second % CRASHES.length]!;
  const disk = next.reboot(first, createRandom(second));
  // What a kill left in the page cache may still be lost, until the recovery has synced it.
  const worse = next.isPowerCut && !isDone ? next : aftermath;
  try {
    await checkRecovery(disk, expectationOf(crashed, fsync, worse));
  } catch (cause) {
    const how = `${aftermath.name}, then ${next.name}`;
    throw new Error(`crash at step ${steps}, then at ${second} of recovery: ${how}`, { cause });
  }
  return isDone;
}

/** Whether the recovery came to its end before the crash. */
async function recoverUntil(
  disk: SimulatedDisk,
  { clock }: Run,
  fsync: FsyncPolicy,
  crashStep: number,
): Promise<boolean> {
  disk.crashAt(crashStep);
  try {
    await openQuietly(disk, clock, { fsync });
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  await turns(2);
  return !disk.crashed;
}
