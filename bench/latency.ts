/**
 * The longest single SET while five million keys are filled in: growth must not show as a pause.
 *
 * Timed is the call itself, which is how long it holds the event loop; with a log also how long its
 * promise took. The machine pauses processes on its own account, so making a key and a value is timed
 * in the same way. That takes less time than a SET, so fewer of those pauses fall into it: it shows
 * that there are some, not how many. Pauses beside a garbage collection are counted apart (the data
 * is not in the heap, but the keys and values that the benchmark makes are), and so are those beside
 * which the system gave the processor to another process.
 */
import { join } from "node:path";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { keyOf, valueOf } from "./support/data.ts";
import { Pauses } from "./support/pauses.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { fill, openForBench } from "./support/stores.ts";

const LONG_MS_AIM = 5;
/** Writes under way at once. */
const WINDOW = 64;
const WARM_UP_KEYS = 20_000;

const memoryOnly: Side = ({ keys }) => timedFill(null, keys);

const withLog: Side = ({ keys, directory }) =>
  timedFill(join(directory, `data-${process.pid}`), keys);

async function timedFill(dataDir: string | null, keys: number): Promise<Figures> {
  const warm = await openForBench({ dataDir: null });
  await fill(warm, WARM_UP_KEYS);
  await warm.close();
  const kv = await openForBench({ dataDir, fsync: "everysec" });
  const calls = new Pauses(keys);
  const replies = new Pauses(Math.ceil(keys / WINDOW));
  for (let i = 0; i < keys;) {
    const firstMs = performance.now();
    let last: Promise<unknown> | null = null;
    for (const end = Math.min(keys, i + WINDOW); i < end; i++) {
      const key = keyOf(i);
      const value = valueOf(i);
      const startMs = performance.now();
      last = kv.set(key, value);
      calls.add(startMs, performance.now());
    }
    calls.endWindow();
    await last;
    replies.add(firstMs, performance.now());
  }
  const figures = { ...(await calls.figures("call")), ...(await replies.figures("reply")) };
  await kv.close();
  return figures;
}

/** The same loop with no store: the garbage, the clock and the machine. */
const nothing: Side = async ({ keys }) => {
  const calls = new Pauses(keys);
  let characters = 0;
  for (let i = 0; i < keys; i++) {
    const startMs = performance.now();
    characters += keyOf(i).length + valueOf(i).length;
    calls.add(startMs, performance.now());
    if (i % WINDOW === 0) calls.endWindow();
  }
  return { ...(await calls.figures("call")), characters };
};

const SIDES = [
  ["memoryOnly", "no data directory"],
  ["withLog", "fsync everysec"],
  ["nothing", "no store: making key and value"],
] as const;

async function run(session: Session): Promise<void> {
  const keys = session.size(5_000_000, 3000);
  const directory = session.directory();
  const names = SIDES.map(([side]) => side);
  const results = await session.alternate(names, session.rounds(3), (side) =>
    session.side(side, { keys, directory }),
  );
  for (const [side, what] of SIDES) {
    const rounds = results.get(side);
    const aim = side === "nothing" ? {} : { aim: { of: "value", atMost: LONG_MS_AIM } as const };
    session.row(
      `${side === "nothing" ? "" : "SET, "}${what}: p50`,
      "ms",
      column(rounds, "callP50Ms"),
    );
    session.row("  p99.9", "ms", column(rounds, "callP999Ms"));
    session.row("  longest", "ms", column(rounds, "callMaxMs"), aim);
    session.row("  over 5 ms", "", column(rounds, "callLong"));
    session.row("    beside a garbage collection", "", column(rounds, "callLongInGc"));
    session.row("    interrupted by another process", "", column(rounds, "callLongInterrupted"));
  }
  const replies = results.get("withLog");
  session.row("reply to 64 SETs, fsync everysec: p50", "ms", column(replies, "replyP50Ms"));
  session.row("  p99.9", "ms", column(replies, "replyP999Ms"));
  session.row("  longest", "ms", column(replies, "replyMaxMs"));
}

export const latency: Benchmark = {
  name: "latency",
  title: "the longest SET while 5M keys are filled in",
  sides: { memoryOnly, withLog, nothing },
  run,
};
