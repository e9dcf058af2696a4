/**
 * A store that lives through several crashes, at random steps, with random workloads.
 *
 * PYKV_CRASH_RUNS=1000 makes it longer, PYKV_CRASH_SEED=n repeats a run that failed.
 */
import { expect, test } from "vitest";
import { createRandom, randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { expectSame } from "./recovery-check.ts";
import { CRASHES } from "./run.ts";
import { Witness, tableOf } from "./witness.ts";
import { openQuietly, runWorkload } from "./workload.ts";
import type { Rig } from "./workload.ts";

const RUNS = Number(process.env.PYKV_CRASH_RUNS ?? 60);
const GENERATIONS_MAX = 5;
const STEPS_MAX = 300;
const ROUNDS_MAX = 60;

class Life {
  readonly #random: Random;
  readonly #fsync: "always" | "everysec" | "no";
  readonly #clock = new SimulatedClock();
  readonly #witness = new Witness();
  readonly #segmentBytesMax: number;
  #disk = new SimulatedDisk();
  /** What a power cut must leave, and what the end of the process must leave. */
  #durableSeq = 0;
  #writtenSeq = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#fsync = (["always", "everysec", "no"] as const)[randomBelow(random, 3)]!;
    this.#segmentBytesMax = 1000 + randomBelow(random, 12_000);
  }

  /** From one start to the crash after it, and what that leaves to the next. */
  async generation(): Promise<void> {
    const random = this.#random;
    const disk = this.#disk;
    disk.crashAt(disk.steps + 1 + randomBelow(random, STEPS_MAX));
    const rig = await this.#start();
    const rounds = randomBelow(random, ROUNDS_MAX);
    if (rig !== null) await this.#live(rig, rounds);
    if (!disk.crashed) disk.crashAt(0);
    await disk.list().catch(() => undefined);
    await this.#crash();
  }

  /** The store as it must be after all; on a disk that is well. */
  async end(): Promise<void> {
    const rig = await this.#start();
    await rig!.store.close();
  }

  /** Null when the crash came before the store was open. */
  async #start(): Promise<Rig | null> {
    const [disk, clock, witness] = [this.#disk, this.#clock, this.#witness];
    const options = { fsync: this.#fsync, segmentBytesMax: this.#segmentBytesMax };
    const store = await openQuietly(disk, clock, options).catch((error: unknown) => {
      if (!disk.crashed) throw error;
      return null;
    });
    if (store === null) return null;
    const { lastSeq } = store.engine.journal;
    expect(lastSeq).toBeGreaterThanOrEqual(this.#writtenSeq);
    expect(witness.splitsBatch(lastSeq)).toBe(false);
    expectSame(tableOf(store.engine), witness.tableAt(lastSeq));
    this.#durableSeq = lastSeq;
    this.#writtenSeq = lastSeq;
    witness.rewind(lastSeq);
    witness.watch(store.engine);
    return { store, disk, clock, witness };
  }

  async #live(rig: Rig, rounds: number): Promise<void> {
    const { faults } = await runWorkload(rig, this.#random, rounds);
    expect(faults).toEqual([]);
    const { witness, store } = rig;
    this.#writtenSeq = Math.max(this.#writtenSeq, witness.acknowledgedSeq, witness.flushedSeq);
    this.#durableSeq = Math.max(
      this.#durableSeq,
      witness.flushedSeq,
      store.engine.journal.durableSeq,
    );
  }

  async #crash(): Promise<void> {
    const aftermath = CRASHES[randomBelow(this.#random, CRASHES.length)]!;
    const isLost = aftermath.isPowerCut && this.#fsync !== "always";
    if (isLost) this.#writtenSeq = this.#durableSeq;
    this.#disk = aftermath.reboot(this.#disk, this.#random);
  }
}

async function liveThrough(seed: number): Promise<void> {
  const random = createRandom(seed);
  const life = new Life(random);
  const generations = 1 + randomBelow(random, GENERATIONS_MAX);
  try {
    for (let i = 0; i < generations; i += 1) await life.generation();
    await life.end();
  } catch (cause) {
    throw new Error(`PYKV_CRASH_SEED=${seed} repeats this`, { cause });
  }
}

test(
  `${RUNS} random lives lose nothing that was acknowledged`,
  { timeout: RUNS * 2000 },
  async () => {
    const given = process.env.PYKV_CRASH_SEED;
    if (given !== undefined) return liveThrough(Number(given));
    const firstSeed = randomBelow(Math.random, 2 ** 30);
    for (let i = 0; i < RUNS; i += 1) await liveThrough(firstSeed + i);
  },
);
