/**
 * Overwriting a million keys ten times with sizes drawn anew from 10 to 1000 bytes: does memory stay
 * near what is live?
 *
 * Held against it: the bytes of keys and values that are live, and for each entry the overhead that
 * entries of one unchanging size have, which the same process measures first. A store that never
 * gave a block back, or could not use one for another size, would grow with every round.
 */
import type { Kv } from "../src/index.ts";
import type { Benchmark, Side } from "./support/benchmark.ts";
import { KEY_BYTES, VALUE_BYTES, keyOf, randomNumbers } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { fill, openForBench } from "./support/stores.ts";

const ROUNDS = 10;
const SIZE_MIN = 10;
const SIZE_MAX = 1000;
const RATIO_AIM = 1.25;

const pykv: Side = async ({ keys }) => {
  const overhead = await overheadBytes(keys);
  const kv = await openForBench({ dataDir: null });
  const random = randomNumbers();
  let used = 0;
  let arena = 0;
  let last = { used: 0, arena: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const liveBytes = await overwriteAll(kv, keys, random);
    const { usedBytes, arenaBytes } = kv.stats().memory;
    const fairBytes = liveBytes + keys * overhead;
    last = { used: usedBytes / fairBytes, arena: arenaBytes / fairBytes };
    // The first round fills; it overwrites nothing.
    used = Math.max(used, last.used);
    arena = Math.max(arena, last.arena);
  }
  const rssMiB = process.memoryUsage.rss() / 1024 ** 2;
  await kv.close();
  return { used, arena, usedAtEnd: last.used, arenaAtEnd: last.arena, overhead, rssMiB };
};

/** What an entry takes beside its key and value, where all have the same size and none is moved. */
async function overheadBytes(keys: number): Promise<number> {
  const kv = await openForBench({ dataDir: null });
  await fill(kv, keys);
  const { usedBytes } = kv.stats().memory;
  await kv.close();
  return usedBytes / keys - KEY_BYTES - VALUE_BYTES;
}

const pool = Buffer.alloc(SIZE_MAX, "0123456789");

/** Returns the bytes of keys and values that are live afterwards. */
async function overwriteAll(kv: Kv, keys: number, random: () => number): Promise<number> {
  let liveBytes = 0;
  for (let i = 0; i < keys; i++) {
    const size = SIZE_MIN + (random() % (SIZE_MAX - SIZE_MIN + 1));
    liveBytes += KEY_BYTES + size;
    const write = kv.set(keyOf(i), pool.toString("latin1", 0, size));
    if (i % 1000 === 0) await write;
  }
  return liveBytes;
}

async function run(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 3000);
  const figures = [await session.side("pykv", { keys })];
  const aim = { of: "value", atMost: RATIO_AIM } as const;
  session.row("used, of live bytes and overhead: worst round", "x", column(figures, "used"), {
    aim,
  });
  session.row("  at the end", "x", column(figures, "usedAtEnd"));
  session.row("pages of the arena: worst round", "x", column(figures, "arena"), { aim });
  session.row("  at the end", "x", column(figures, "arenaAtEnd"));
  session.row("overhead of an entry", "B", column(figures, "overhead"));
  session.row("resident set at the end, MiB", "", column(figures, "rssMiB").map(Math.round));
  session.note("no timing in it: one run, the same sizes every time");
}

export const churn: Benchmark = {
  name: "churn",
  title: "1M keys overwritten ten times with sizes of 10 to 1000 bytes",
  sides: { pykv },
  run,
};
