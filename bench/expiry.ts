/**
 * A million keys with deadlines spread over ten seconds: how long after its deadline is a key gone
 * from memory, and how long does one slice of the sweep hold the event loop?
 *
 * The background work is driven here just as the store drives it, by a timer and a turn of the event
 * loop between slices, but each slice is timed and the keys that it removed are counted. The sweep
 * goes by deadline, so the nth key removed is the one with the nth deadline, but for the 16 ms of a
 * tick of its clock. A log (everysec) takes the records of the removals. The processor's time of a
 * slice, all threads of the process counted, tells a long slice from one that the system interrupted.
 */
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "../src/base/clock.ts";
import { silentLogger } from "../src/base/logger.ts";
import { openStore } from "../src/store/open.ts";
import { completeOptions } from "../src/store/options/load.ts";
import { Maintenance } from "../src/store/maintenance.ts";
import { MemoryLimit } from "../src/store/memory-limit.ts";
import type { Store } from "../src/store/store.ts";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { collectGarbage, keyOf, shuffled, valueOf } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { percentile } from "./support/statistics.ts";

const NAMESPACE = "default";
const LAG_MS_AIM = 1000;
const SLICE_MS_AIM = 5;
/** Time to fill in the keys before the first deadline, for each key. */
const FILL_MS_PER_KEY = 0.008;
const GRACE_MS = 500;
const NS_PER_MS = 1e6;

const pykv: Side = async ({ keys, seconds, directory }) => {
  const store = await openWithoutBackground(join(directory, `data-${process.pid}`));
  const firstMs = Math.trunc(Date.now() + GRACE_MS + keys * FILL_MS_PER_KEY);
  const spacingMs = (seconds * 1000) / keys;
  await fillWithDeadlines(store, keys, firstMs, spacingMs);
  collectGarbage();
  if (Date.now() >= firstMs) throw new Error("filling took longer than planned for");
  const sweep = new TimedSweep(store, keys, (n) => firstMs + n * spacingMs);
  const figures = await sweep.run();
  await store.close();
  return figures;
};

function openWithoutBackground(dataDir: string): Promise<Store> {
  const given = { dataDir, fsync: "everysec", memoryBytesMax: 4 * 1024 ** 3 } as const;
  const { options } = completeOptions(given, { memoryBytes: 0 });
  const context = { clock: systemClock, logger: silentLogger, background: false };
  return openStore(dataDir, options, context);
}

async function fillWithDeadlines(
  store: Store,
  keys: number,
  firstMs: number,
  spacingMs: number,
): Promise<void> {
  const order = shuffled(keys);
  for (let i = 0; i < keys; i++) {
    const deadlineMs = Math.trunc(firstMs + order[i]! * spacingMs);
    const write = store.put(NAMESPACE, keyOf(i), valueOf(i), "text", deadlineMs, null);
    if (i % 1000 === 999) await write;
  }
}

class TimedSweep {
  readonly #store: Store;
  readonly #maintenance: Maintenance;
  readonly #deadlineMs: (n: number) => number;
  readonly #lagsMs: Float64Array;
  readonly #sliceMs: number[] = [];
  readonly #sliceCpuMs: number[] = [];
  #removed = 0;

  constructor(store: Store, keys: number, deadlineMs: (n: number) => number) {
    this.#store = store;
    const { engine } = store;
    const onWake = (): void => undefined;
    const memoryLimit = new MemoryLimit(engine);
    // prettier-ignore
    this.#maintenance = new Maintenance({
      engine, memoryLimit, clock: systemClock, intervalMs: 100, onWake,
    });
    this.#deadlineMs = deadlineMs;
    this.#lagsMs = new Float64Array(keys);
  }

  async run(): Promise<Figures> {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const keys = this.#lagsMs.length;
    await new Promise<void>((settle) => {
      const turn = (): void => {
        if (this.#slice()) setImmediate(turn);
      };
      const timer = setInterval(() => {
        turn();
        if (this.#removed < keys) return;
        clearInterval(timer);
        settle();
      }, 100);
    });
    loop.disable();
    return this.#figures(loop.max / NS_PER_MS);
  }

  #slice(): boolean {
    const startCpu = process.cpuUsage();
    const startMs = performance.now();
    const more = this.#maintenance.slice();
    this.#sliceMs.push(performance.now() - startMs);
    const { user, system } = process.cpuUsage(startCpu);
    this.#sliceCpuMs.push((user + system) / 1000);
    const nowMs = Date.now();
    const removed = this.#lagsMs.length - this.#store.keyCount(NAMESPACE);
    while (this.#removed < removed) {
      this.#lagsMs[this.#removed] = Math.max(0, nowMs - this.#deadlineMs(this.#removed));
      this.#removed++;
    }
    return more;
  }

  #figures(loopMs: number): Figures {
    const lags = this.#lagsMs.sort();
    const slices = Float64Array.from(this.#sliceMs).sort();
    return {
      lagP50Ms: percentile(lags, 0.5),
      lagP99Ms: percentile(lags, 0.99),
      lagMaxMs: percentile(lags, 1),
      sliceP50Ms: percentile(slices, 0.5),
      sliceMaxMs: percentile(slices, 1),
      sliceCpuMaxMs: Math.max(...this.#sliceCpuMs),
      slicesOver: this.#sliceMs.filter((ms) => ms > SLICE_MS_AIM).length,
      slices: slices.length,
      loopMs,
    };
  }
}

async function run(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 2000);
  const seconds = session.size(10, 0.3);
  const rounds = [];
  const directory = session.directory();
  for (let i = 0; i < session.rounds(3); i++) {
    rounds.push(await session.side("pykv", { keys, seconds, directory }));
  }
  const aim = { of: "value", atMost: LAG_MS_AIM } as const;
  session.row("from deadline to removal: p50", "ms", column(rounds, "lagP50Ms"));
  session.row("  p99", "ms", column(rounds, "lagP99Ms"));
  session.row("  longest", "ms", column(rounds, "lagMaxMs"), { aim });
  const sliceAim = { of: "value", atMost: SLICE_MS_AIM } as const;
  session.row("slice of the sweep: p50", "ms", column(rounds, "sliceP50Ms"));
  session.row("  longest", "ms", column(rounds, "sliceMaxMs"), { aim: sliceAim });
  session.row("  longest in time of the processor", "ms", column(rounds, "sliceCpuMaxMs"));
  session.row("  over 5 ms", "", column(rounds, "slicesOver"));
  session.row("  how many", "", column(rounds, "slices"));
  session.row("longest delay of a 1 ms timer meanwhile", "ms", column(rounds, "loopMs"));
}

export const expiry: Benchmark = {
  name: "expiry",
  title: "1M keys with deadlines spread over 10 s, fsync everysec",
  sides: { pykv },
  run,
};
