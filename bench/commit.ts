/**
 * Group commit: SETs per second that are on disk when they are answered, by the number of writers,
 * each of which waits for its answer before it writes again.
 *
 * Beside the lone writer stands what the disk gives at best: one write of the same size and one
 * fdatasync at a time into a file whose room is reserved, with nothing around it.
 */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { FsyncPolicy } from "../src/log/journal.ts";
import type { Benchmark, Side } from "./support/benchmark.ts";
import { keyOf, valueOf } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { openForBench } from "./support/stores.ts";

const KEYS = 100_000;
/** What one record and the head of its frame take, about. */
const FRAME_BYTES = 160;
const RESERVED_BYTES = 16 * 1024 * 1024;

const pykv: Side = async ({ directory, fsync, writers, seconds }) => {
  const kv = await openForBench({ dataDir: join(directory, `data-${process.pid}`), fsync });
  let writes = 0;
  let isOver = false;
  const writer = async (first: number): Promise<void> => {
    for (let i = first; !isOver; i = (i + writers) % KEYS) {
      await kv.set(keyOf(i), valueOf(i));
      writes++;
    }
  };
  const syncsBefore = kv.stats().log.syncs;
  const startMs = performance.now();
  setTimeout(() => {
    isOver = true;
  }, seconds * 1000);
  await Promise.all(Array.from({ length: writers }, (_, i) => writer(i)));
  const took = (performance.now() - startMs) / 1000;
  const syncs = kv.stats().log.syncs - syncsBefore;
  await kv.close();
  return { writes: writes / took, syncs: syncs / took };
};

const disk: Side = async ({ directory, seconds }) => {
  const file = await open(join(directory, `disk-${process.pid}`), "w");
  await file.write(Buffer.alloc(RESERVED_BYTES), 0, RESERVED_BYTES, 0);
  await file.sync();
  const frame = Buffer.alloc(FRAME_BYTES, 1);
  const startMs = performance.now();
  let syncs = 0;
  while (performance.now() - startMs < seconds * 1000) {
    const at = (syncs * FRAME_BYTES) % (RESERVED_BYTES - FRAME_BYTES);
    await file.write(frame, 0, FRAME_BYTES, at);
    await file.datasync();
    syncs++;
  }
  const took = (performance.now() - startMs) / 1000;
  await file.close();
  return { syncs: syncs / took };
};

const CASES: readonly (readonly [FsyncPolicy, number])[] = [
  ["always", 1],
  ["always", 10],
  ["always", 100],
  ["always", 1000],
  ["everysec", 1],
  ["everysec", 100],
  ["no", 1],
  ["no", 100],
];

async function run(session: Session): Promise<void> {
  const seconds = session.size(3, 0.05);
  const directory = session.directory();
  const cases = session.quick ? CASES.filter(([, writers]) => writers === 100) : CASES;
  const sides = [...cases.keys()].map(String);
  const results = await session.alternate([...sides, "disk"], session.rounds(3), (side) => {
    if (side === "disk") return session.side("disk", { directory, seconds });
    const [fsync, writers] = cases[Number(side)]!;
    return session.side("pykv", { directory, seconds, fsync, writers });
  });
  const peer = { name: "write + fdatasync", rounds: column(results.get("disk"), "syncs") };
  for (const [i, [fsync, writers]] of cases.entries()) {
    const rounds = results.get(String(i));
    const what = `SETs, ${fsync}, ${writers} ${writers === 1 ? "writer" : "writers"}`;
    const isAlways = fsync === "always";
    session.row(what, "/s", column(rounds, "writes"), isAlways ? { peer } : {});
    if (isAlways) session.row("  syncs", "/s", column(rounds, "syncs"));
  }
}

export const commit: Benchmark = {
  name: "commit",
  title: "group commit: SETs per second, in process",
  sides: { pykv, disk },
  run,
};
