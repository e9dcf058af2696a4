/**
 * A million keys with deadlines spread over some seconds: how long after its deadline does a client of
 * the Redis protocol hear that a key has expired?
 *
 * Everything is as in a server, a store with a log (everysec), its background work, the door and a
 * client subscribed to `expired` events, but for the socket: the client's wire is a function that
 * reads the messages as they are sent. The processor's time that a waiting store costs, with nothing
 * due, is measured before the first deadline.
 */
import { join } from "node:path";
import { latin1Slice } from "../src/base/bytes.ts";
import { systemClock } from "../src/base/clock.ts";
import { silentLogger } from "../src/base/logger.ts";
import { Door } from "../src/resp/door.ts";
import { DEFAULT_SETTINGS } from "../src/resp/settings.ts";
import type { Wire } from "../src/resp/wire.ts";
import { openStore } from "../src/store/open.ts";
import { completeOptions } from "../src/store/options/load.ts";
import type { Store } from "../src/store/store.ts";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { KEY_BYTES, collectGarbage, keyOf, shuffled, valueOf } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { percentile } from "./support/statistics.ts";

const LAG_MS_AIM = 50;
/** Time to fill in a key before the first deadline, more than it takes. */
const FILL_MS_PER_KEY = 0.015;
const IDLE_SHARE = 0.1;
const GRACE_MS = 500;
const GIVE_UP_MS = 60_000;
const VALUE_BYTES_MAX = 1024 * 1024;

/** An event as it goes over the wire, up to the key. */
const HEAD = `>3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:expired\r\n$${KEY_BYTES}\r\n`;
const EVENT_BYTES = HEAD.length + KEY_BYTES + 2;
const DIGITS_AT = HEAD.length + "key:".length;

const pykv: Side = async ({ keys, seconds, directory }) => {
  const store = await openLikeAServer(join(directory, `data-${process.pid}`));
  const firstMs = Math.trunc(Date.now() + GRACE_MS + keys * FILL_MS_PER_KEY);
  const deadlinesMs = spread(keys, firstMs, seconds * 1000);
  await fill(store, deadlinesMs);
  collectGarbage();
  const idle = await idlePercent(firstMs);
  const listener = new Listener(store, deadlinesMs);
  const lagsMs = (await listener.all()).sort();
  await store.close();
  return {
    lagP50Ms: percentile(lagsMs, 0.5),
    lagP99Ms: percentile(lagsMs, 0.99),
    lagMaxMs: percentile(lagsMs, 1),
    idlePercent: idle,
  };
};

function openLikeAServer(dataDir: string): Promise<Store> {
  const given = { dataDir, fsync: "everysec", memoryBytesMax: 4 * 1024 ** 3 } as const;
  const { options } = completeOptions(given, { memoryBytes: 0 });
  return openStore(dataDir, options, { clock: systemClock, logger: silentLogger });
}

/** Deadlines of the keys by their numbers, in no order. */
function spread(keys: number, firstMs: number, spanMs: number): Float64Array {
  const order = shuffled(keys);
  return Float64Array.from(order, (place) => Math.trunc(firstMs + (place / keys) * spanMs));
}

async function fill(store: Store, deadlinesMs: Float64Array): Promise<void> {
  for (const [i, deadlineMs] of deadlinesMs.entries()) {
    const write = store.put("default", keyOf(i), valueOf(i), "text", deadlineMs, null);
    if (i % 1000 === 999) await write;
  }
}

/** Processor time over what is left until shortly before the first deadline. */
async function idlePercent(firstMs: number): Promise<number> {
  const waitMs = (firstMs - Date.now()) * (1 - IDLE_SHARE);
  if (waitMs <= 0) throw new Error("filling took longer than planned for");
  const startCpu = process.cpuUsage();
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  const { user, system } = process.cpuUsage(startCpu);
  return (user + system) / 10 / (performance.now() - startMs);
}

/** A client of the door that is told of every key that expires, and when. */
class Listener {
  readonly #deadlinesMs: Float64Array;
  readonly #lagsMs: Float64Array;
  readonly #done: Promise<void>;
  #settle: () => void = () => undefined;
  #heard = 0;

  constructor(store: Store, deadlinesMs: Float64Array) {
    this.#deadlinesMs = deadlinesMs;
    this.#lagsMs = new Float64Array(deadlinesMs.length);
    this.#done = new Promise((resolve) => (this.#settle = resolve));
    const door = new Door({
      store,
      settings: { ...DEFAULT_SETTINGS, keyspaceEvents: "Ex" },
      clock: systemClock,
      logger: silentLogger,
      valueBytesMax: VALUE_BYTES_MAX,
      version: "bench",
    });
    const connection = door.enter(() => this.#wire());
    const request = Buffer.from("HELLO 3\r\nSUBSCRIBE __keyevent@0__:expired\r\n");
    connection!.data(request, request.length);
  }

  /** How late each key was, in the order in which they were heard of. */
  async all(): Promise<Float64Array> {
    const lastMs = this.#deadlinesMs.reduce((last, each) => Math.max(last, each), 0);
    const giveUp = setTimeout(() => this.#settle(), lastMs - Date.now() + GIVE_UP_MS);
    await this.#done;
    clearTimeout(giveUp);
    if (this.#heard === this.#lagsMs.length) return this.#lagsMs;
    throw new Error(`${this.#heard} of ${this.#lagsMs.length} keys were heard of`);
  }

  #wire(): Wire {
    return {
      ...{ backlogBytes: 0, isClosed: false, remoteAddress: "", localAddress: "" },
      write: (buffer, from, to) => this.#read(buffer, from, to),
      ...{ pause: ignore, resume: ignore, end: ignore, destroy: ignore },
    };
  }

  #read(buffer: Buffer, from: number, to: number): true {
    const nowMs = Date.now();
    let at = buffer.indexOf(HEAD, from, "latin1");
    for (; at >= 0 && at + EVENT_BYTES <= to; at += EVENT_BYTES) {
      const digits = latin1Slice(buffer, at + DIGITS_AT, at + EVENT_BYTES - 2);
      this.#lagsMs[this.#heard++] = nowMs - this.#deadlinesMs[Number(digits)]!;
    }
    if (this.#heard === this.#lagsMs.length) this.#settle();
    return true;
  }
}

/** The wire is always open, and takes all that is written. */
function ignore(): void {
  // Nothing to be done.
}

async function run(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 2000);
  const seconds = session.size(10, 0.3);
  const directory = session.directory();
  const rounds: Figures[] = [];
  for (let i = 0; i < session.rounds(3); i++) {
    rounds.push(await session.side("pykv", { keys, seconds, directory }));
  }
  const aim = { of: "value", atMost: LAG_MS_AIM } as const;
  session.row("from deadline to `expired`: p50", "ms", column(rounds, "lagP50Ms"));
  session.row("  p99", "ms", column(rounds, "lagP99Ms"), { aim });
  session.row("  longest", "ms", column(rounds, "lagMaxMs"));
  session.row("processor while nothing is due", "%", column(rounds, "idlePercent"));
}

export const expiryLag: Benchmark = {
  name: "expiry-lag",
  title: "1M keys with deadlines spread over 10 s, and a client that hears of them",
  sides: { pykv },
  run,
};
