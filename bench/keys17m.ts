/**
 * 17.5 million keys in one process: more than the 2^24 that a JavaScript Map can hold.
 *
 * Every hundredth key is read back afterwards, so that a table which lost some would show.
 */
import type { Benchmark, Side } from "./support/benchmark.ts";
import { keyOf, valueOf } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { fill, openForBench } from "./support/stores.ts";

const MAP_KEYS_MAX = 2 ** 24;
const CHECK_EVERY = 100;

const pykv: Side = async ({ keys }) => {
  const kv = await openForBench({ dataDir: null });
  const startMs = performance.now();
  await fill(kv, keys);
  const seconds = (performance.now() - startMs) / 1000;
  for (let i = 0; i < keys; i += CHECK_EVERY) {
    if (kv.get(keyOf(i)) !== valueOf(i)) throw new Error(`key ${i} is not what was stored`);
  }
  const { usedBytes } = kv.stats().memory;
  const { size } = kv;
  await kv.close();
  const rssMiB = process.memoryUsage.rss() / 1024 ** 2;
  return { keys: size, rate: keys / seconds, usedBytes: usedBytes / keys, rssMiB };
};

async function run(session: Session): Promise<void> {
  const keys = session.size(17_500_000, 20_000);
  const figures = [await session.side("pykv", { keys })];
  const aim = { of: "value", atLeast: session.quick ? keys : MAP_KEYS_MAX + 1 } as const;
  session.row("keys held", "", column(figures, "keys"), { aim });
  session.row("set, keys and values made on the way", "/s", column(figures, "rate"));
  session.row("used, for each entry", "B", column(figures, "usedBytes"));
  session.row("resident set at the end, MiB", "", column(figures, "rssMiB").map(Math.round));
}

export const keys17m: Benchmark = {
  name: "keys17m",
  title: "17.5M keys in one process",
  sides: { pykv },
  run,
};
