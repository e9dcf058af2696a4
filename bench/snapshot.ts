/**
 * A snapshot of five million entries while writes go on: the longest pause of the event loop, and the
 * memory it takes.
 *
 * A writer overwrites random keys at every turn of the event loop, and times from the end of its
 * writes to the beginning of its next turn: that is how long everybody else held the loop. The same
 * is done for as long without a snapshot, which shows what is not the snapshot's. Memory is the
 * resident set, against the largest that the same writing has without a snapshot.
 */
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kv } from "../src/index.ts";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { collectGarbage, keyOf, randomNumbers, valueOf } from "./support/data.ts";
import { forcedSwitches } from "./support/pauses.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { percentile } from "./support/statistics.ts";
import { fill, openForBench } from "./support/stores.ts";

const PAUSE_MS_AIM = 10;
const MEMORY_PERCENT_AIM = 5;
/** Writes at each turn of the event loop. */
const WRITES = 32;
const NS_PER_MS = 1e6;
const RSS_EVERY_TURNS = 64;
const WARM_UP_MS = 2000;

const pykv: Side = async ({ keys, directory }) => {
  const dataDir = join(directory, `data-${process.pid}`);
  const kv = await openForBench({ dataDir, fsync: "everysec" });
  await fill(kv, keys);
  await kv.flush();
  const load = new Load(kv, keys);
  await load.during(pause(Math.min(WARM_UP_MS, keys)));
  await kv.flush();
  collectGarbage();
  const before = process.memoryUsage.rss();
  let durationMs = 0;
  const compacting = kv.compact().then(({ seconds }) => {
    durationMs = seconds * 1000;
  });
  const during = await load.during(compacting);
  const without = await load.during(pause(durationMs));
  const { bytes } = kv.stats().log;
  await kv.close();
  return {
    ...named("with", during),
    ...named("without", without),
    seconds: durationMs / 1000,
    memoryPercent: ((during.rssMax - before) / before) * 100,
    memoryWithoutPercent: ((without.rssMax - before) / before) * 100,
    logMiB: bytes / 1024 ** 2,
  };
};

interface Measured {
  readonly pausesMs: Float64Array;
  readonly loopMs: number;
  /** Pauses over the aim, and those of them beside which another process got the processor. */
  readonly long: number;
  readonly interrupted: number;
  readonly rssMax: number;
  readonly writesPerSecond: number;
}

class Load {
  readonly #kv: Kv;
  readonly #keys: number;
  readonly #random = randomNumbers();

  constructor(kv: Kv, keys: number) {
    this.#kv = kv;
    this.#keys = keys;
  }

  /** Writes until `until` resolves. */
  async during(until: Promise<unknown>): Promise<Measured> {
    const state = { over: false };
    const ended = until.finally(() => {
      state.over = true;
    });
    const pausesMs: number[] = [];
    const startMs = performance.now();
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    let [rssMax, long, interrupted] = [0, 0, 0];
    for (let turns = 0; !state.over; turns++) {
      const last = this.#write();
      if (turns % RSS_EVERY_TURNS === 0) rssMax = Math.max(rssMax, process.memoryUsage.rss());
      // Holds the writer back when the log asks for it, as a server would; no pause of the loop.
      if (turns % RSS_EVERY_TURNS === 0) await last;
      const switches = forcedSwitches();
      const leftMs = performance.now();
      await nextTurn();
      const pauseMs = performance.now() - leftMs;
      pausesMs.push(pauseMs);
      if (pauseMs <= PAUSE_MS_AIM) continue;
      long++;
      if (forcedSwitches() !== switches) interrupted++;
    }
    loop.disable();
    await ended;
    const seconds = (performance.now() - startMs) / 1000;
    const writesPerSecond = (pausesMs.length * WRITES) / seconds;
    const sorted = Float64Array.from(pausesMs).sort();
    const loopMs = loop.max / NS_PER_MS;
    return { pausesMs: sorted, loopMs, long, interrupted, rssMax, writesPerSecond };
  }

  #write(): Promise<unknown> {
    let last: Promise<unknown> = Promise.resolve();
    for (let i = 0; i < WRITES; i++) {
      const key = this.#random() % this.#keys;
      last = this.#kv.set(keyOf(key), valueOf(key + 1));
    }
    return last;
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, durationMs));
}

function named(prefix: string, measured: Measured): Figures {
  const { pausesMs, loopMs, long, interrupted, writesPerSecond } = measured;
  return {
    [`${prefix}Long`]: long,
    [`${prefix}Interrupted`]: interrupted,
    [`${prefix}P50Ms`]: percentile(pausesMs, 0.5),
    [`${prefix}P999Ms`]: percentile(pausesMs, 0.999),
    [`${prefix}MaxMs`]: percentile(pausesMs, 1),
    [`${prefix}LoopMs`]: loopMs,
    [`${prefix}Writes`]: writesPerSecond,
  };
}

async function run(session: Session): Promise<void> {
  const keys = session.size(5_000_000, 5000);
  const rounds: Figures[] = [];
  for (let i = 0; i < session.rounds(3); i++) {
    rounds.push(await session.side("pykv", { keys, directory: session.directory() }));
  }
  const beside = (figure: string) => ({
    peer: { name: "no snapshot", rounds: column(rounds, `without${figure}`) },
  });
  const own = (figure: string): number[] => column(rounds, `with${figure}`);
  const pauseAim = { aim: { of: "value", atMost: PAUSE_MS_AIM } } as const;
  const memoryAim = { aim: { of: "value", atMost: MEMORY_PERCENT_AIM } } as const;
  session.row("pause of the event loop: p50", "ms", own("P50Ms"), beside("P50Ms"));
  session.row("  p99.9", "ms", own("P999Ms"), beside("P999Ms"));
  session.row("  longest", "ms", own("MaxMs"), { ...beside("MaxMs"), ...pauseAim });
  session.row("  over 10 ms", "", own("Long"));
  session.row("    interrupted by another process", "", own("Interrupted"));
  session.row("longest delay of a 1 ms timer", "ms", own("LoopMs"), beside("LoopMs"));
  session.row("more memory, of the resident set", "%", column(rounds, "memoryPercent"), {
    peer: { name: "no snapshot", rounds: column(rounds, "memoryWithoutPercent") },
    ...memoryAim,
  });
  session.row("writes meanwhile", "/s", own("Writes"), beside("Writes"));
  session.row("the snapshot took", "s", column(rounds, "seconds"));
}

export const snapshot: Benchmark = {
  name: "snapshot",
  title: "a snapshot of 5M entries while writing, fsync everysec",
  sides: { pykv },
  run,
};
