/**
 * The log alone against a disk that dies at any of its steps; every-step.ts says at which.
 *
 * A scripted run appends groups of records, rolls by size and on request, flushes and retires. It is
 * repeated with the crash one step later each time, and what the disk may hold then (all that was not
 * synced dropped, kept or torn) is read: no damage is seen, no acknowledged record is missing, none
 * is invented or changed, groups are whole. Then the log goes on, and a second crash may strike while
 * it starts.
 */
import { expect, test } from "vitest";
import { STRIDE, firstStep } from "../../test/support/every-step.ts";
import { appendSet, logOptions, readAll, setBytes, turns } from "../../test/support/log-harness.ts";
import { createRandom, randomBelow } from "../../test/support/random.ts";
import type { SimulatedClock } from "../../test/support/simulated-clock.ts";
import type { SimulatedDisk, RebootMode } from "../../test/support/simulated-disk.ts";
import type { FsyncPolicy } from "./journal.ts";
import { Log } from "./log.ts";
import { settleTail } from "./tail.ts";

const MODES: readonly RebootMode[] = ["drop", "keep", "tear"];
const GROUPS = 40;

/** What the run knows, in terms of seqs. */
interface Witness {
  /** Each record as `readAll` shows it; index is seq - 1. */
  readonly records: string[];
  /** First and last seq of each group. */
  readonly groups: [number, number][];
  acknowledgedSeq: number;
  /** Must survive a power cut under any policy. */
  flushedSeq: number;
  /** Segments up to here may be gone: what a snapshot would hold. */
  retiredSeq: number;
}

function appendGroup(log: Log, group: number, witness: Witness): number {
  const firstSeq = log.nextSeq;
  for (let i = 0; i <= group % 4; i += 1) {
    const key = `k${group}-${i}`;
    const value = "v".repeat((group * 37 + i * 11) % 300);
    const seq = appendSet(log, key, value);
    witness.records.push(`${seq}:${key}=${value}`);
  }
  witness.groups.push([firstSeq, log.lastSeq]);
  return log.lastSeq;
}

async function run(log: Log, clock: SimulatedClock, witness: Witness): Promise<void> {
  for (let group = 0; group < GROUPS; group += 1) {
    while (log.admit(4 * setBytes("k00-0", "v".repeat(300))) === "wait") await log.room(2000);
    if (typeof log.admit(2000) !== "string") throw new Error("refused");
    const seq = appendGroup(log, group, witness);
    const acknowledged = log.acknowledged(seq).then(() => {
      witness.acknowledgedSeq = Math.max(witness.acknowledgedSeq, seq);
    });
    if (group % 3 === 0) await acknowledged;
    else acknowledged.catch(() => undefined);
    if (group % 2 === 1) await turns(2);
    if (group % 5 === 4) clock.advance(1100);
    if (group % 7 === 6) {
      await log.flush();
      witness.flushedSeq = seq;
    }
    if (group % 10 === 9) {
      const rolledSeq = await log.roll();
      witness.flushedSeq = Math.max(witness.flushedSeq, rolledSeq);
      witness.retiredSeq = rolledSeq;
      await log.retire(rolledSeq);
    }
  }
  await log.close();
  witness.flushedSeq = log.lastSeq;
}

/** Runs on a disk that `sabotage` spoils; tells what there is then, and whether it came to its end. */
async function runOn(fsync: FsyncPolicy, sabotage: (disk: SimulatedDisk) => void) {
  const options = logOptions({ fsync, segmentBytesMax: 2500 });
  const witness: Witness = {
    records: [],
    groups: [],
    acknowledgedSeq: 0,
    flushedSeq: 0,
    retiredSeq: 0,
  };
  sabotage(options.disk);
  let isDone = true;
  try {
    await run(await Log.open(options), options.clock, witness);
  } catch {
    isDone = false;
  }
  await turns(3);
  return { disk: options.disk, witness, isDone };
}

async function check(disk: SimulatedDisk, witness: Witness, survivingSeq: number) {
  const fromSeq = witness.retiredSeq + 1;
  const { records, reading } = await readAll(disk, {
    fromSeq,
    knownDurableSeq: witness.retiredSeq,
  });
  const wanted = records.filter((record) => Number.parseInt(record, 10) >= fromSeq);
  expect(["clean", "torn"]).toContain(reading.end.kind);
  expect(wanted).toEqual(witness.records.slice(fromSeq - 1, reading.lastSeq));
  expect(reading.lastSeq).toBeGreaterThanOrEqual(survivingSeq);
  const isSplit = witness.groups.some(([a, b]) => reading.lastSeq >= a && reading.lastSeq < b);
  expect(isSplit).toBe(false);
  return reading;
}

/** Starts the log again as a server does. */
async function recover(disk: SimulatedDisk, fsync: FsyncPolicy, fromSeq: number): Promise<Log> {
  const { reading } = await readAll(disk, { fromSeq });
  await settleTail(disk, reading);
  const { segments, lastSeq } = reading;
  return Log.open({ ...logOptions({ fsync }), disk, segments, nextSeq: lastSeq + 1 });
}

async function checkRestart(disk: SimulatedDisk, witness: Witness, fsync: FsyncPolicy) {
  const log = await recover(disk, fsync, witness.retiredSeq + 1);
  expect(log.durableSeq).toBe(log.lastSeq);
  const count = log.lastSeq;
  const afterStart = disk.reboot({ mode: "drop" });
  expect((await readAll(afterStart, { fromSeq: witness.retiredSeq + 1 })).reading.lastSeq).toBe(
    count,
  );
  await log.acknowledged(appendSet(log, "after"));
  await log.close();
  const { records, reading } = await readAll(disk, { fromSeq: witness.retiredSeq + 1 });
  expect(reading.end.kind).toBe("clean");
  expect(records.at(-1)).toBe(`${count + 1}:after=`);
}

/** A second crash, at some step of the start after the first. */
async function checkSecondCrash(
  disk: SimulatedDisk,
  witness: Witness,
  fsync: FsyncPolicy,
  survivingSeq: number,
  seed: number,
) {
  const random = createRandom(seed);
  disk.crashAt(1 + randomBelow(random, 30));
  await recover(disk, fsync, witness.retiredSeq + 1).catch(() => undefined);
  await turns(3);
  const after = disk.reboot({ mode: "tear", random });
  await check(after, witness, survivingSeq);
  await checkRestart(after, witness, fsync);
}

for (const fsync of ["always", "everysec", "no"] as const) {
  for (const mode of MODES) {
    test(`${fsync}, unsynced bytes ${mode}: a crash at any step loses nothing`, async () => {
      let crashStep = firstStep();
      for (let isDone = false; !isDone; crashStep += STRIDE) {
        const first = await runOn(fsync, (disk) => disk.crashAt(crashStep));
        isDone = first.isDone;
        const { disk, witness } = first;
        const isAckDurable = fsync === "always" || mode === "keep";
        const survivingSeq = isAckDurable
          ? Math.max(witness.acknowledgedSeq, witness.flushedSeq)
          : witness.flushedSeq;
        const seed = crashStep * 7 + 1;
        const label = `crash at step ${crashStep}, seed ${seed}`;
        try {
          const rebooted = disk.reboot({ mode, random: createRandom(seed) });
          await check(rebooted, witness, survivingSeq);
          await checkRestart(rebooted, witness, fsync);
          const again = disk.reboot({ mode, random: createRandom(seed) });
          await checkSecondCrash(again, witness, fsync, survivingSeq, seed);
        } catch (cause) {
          throw new Error(label, { cause });
        }
      }
      expect(crashStep).toBeGreaterThan(100);
    });
  }
}

for (const fsync of ["always", "everysec"] as const) {
  for (const code of ["EIO", "ENOSPC"] as const) {
    test(`${fsync}: ${code} in any step loses nothing that was acknowledged`, async () => {
      let step = firstStep() - STRIDE;
      for (let hasStruck = true; hasStruck;) {
        step += STRIDE;
        const fromStep = step;
        const { disk, witness } = await runOn(fsync, (it) => it.inject({ code, fromStep }));
        hasStruck = disk.steps >= fromStep;
        for (const mode of MODES) {
          const isAckDurable = fsync === "always" || mode === "keep";
          const survivingSeq = Math.max(
            isAckDurable ? witness.acknowledgedSeq : 0,
            witness.flushedSeq,
          );
          try {
            const rebooted = disk.reboot({ mode, random: createRandom(step) });
            await check(rebooted, witness, survivingSeq);
            await checkRestart(rebooted, witness, fsync);
          } catch (cause) {
            throw new Error(`${code} at step ${step}, ${mode}, seed ${step}`, { cause });
          }
        }
      }
      expect(step).toBeGreaterThan(50);
    });
  }
}
