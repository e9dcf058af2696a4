/**
 * How fast a store comes back: records per second from the log, entries per second from a snapshot.
 *
 * One process writes three million keys and closes; fresh processes open the directory, each timed
 * from the first look at it to the last record applied, as the store itself reports. Then a snapshot
 * is taken, so that the log behind it is empty, and the same is done again. The files are in the page
 * cache all along: what is measured is the store, not the disk.
 */
import { join } from "node:path";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { fill, openForBench } from "./support/stores.ts";

const RECORDS_AIM = 1_500_000;
const ENTRIES_AIM = 3_000_000;

/** Writes the keys, without syncing at every one: what the log holds is the same. */
const write: Side = async ({ keys, directory }) => {
  const kv = await openForBench({ dataDir: join(directory, "data"), fsync: "no" });
  await fill(kv, keys);
  const { bytes } = kv.stats().log;
  await kv.close();
  return { logBytes: bytes };
};

/** Takes a snapshot, so that the log behind it is empty. */
export const compact: Side = async ({ directory }) => {
  const kv = await openForBench({ dataDir: join(directory, "data"), fsync: "no" });
  const { bytes, seconds, entries } = await kv.compact();
  await kv.close();
  return { snapshotBytes: bytes, seconds, entries };
};

const recover: Side = async ({ keys, directory }) => {
  const startCpu = process.cpuUsage();
  const startMs = performance.now();
  const kv = await openForBench({ dataDir: join(directory, "data"), fsync: "no" });
  const openSeconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  const { recovery } = kv.stats();
  if (recovery === null || kv.size !== keys) throw new Error("not every key came back");
  await kv.close();
  const { seconds, records, snapshotEntries } = recovery;
  return {
    openSeconds,
    cpuUs: (user + system) / keys,
    recordsRate: records / seconds,
    entriesRate: snapshotEntries / seconds,
  };
};

async function run(session: Session): Promise<void> {
  const keys = session.size(3_000_000, 3000);
  const directory = session.directory();
  const rounds = async (): Promise<Figures[]> => {
    const all: Figures[] = [];
    for (let i = 0; i < session.rounds(); i++) {
      all.push(await session.side("recover", { keys, directory }));
    }
    return all;
  };
  const written = await session.side("write", { keys, directory });
  const fromLog = await rounds();
  const compacted = await session.side("compact", { directory });
  const fromSnapshot = await rounds();
  const recordsAim = { of: "value", atLeast: RECORDS_AIM } as const;
  const entriesAim = { of: "value", atLeast: ENTRIES_AIM } as const;
  session.row("records from the log", "/s", column(fromLog, "recordsRate"), { aim: recordsAim });
  session.row("  open, from call to ready", "s", column(fromLog, "openSeconds"));
  session.row("  processor time for a record", "us", column(fromLog, "cpuUs"));
  session.row("  log, for each record", "B", [(written.logBytes ?? 0) / keys]);
  const entries = column(fromSnapshot, "entriesRate");
  session.row("entries from a snapshot", "/s", entries, { aim: entriesAim });
  session.row("  open, from call to ready", "s", column(fromSnapshot, "openSeconds"));
  session.row("  processor time for an entry", "us", column(fromSnapshot, "cpuUs"));
  session.row("  snapshot, for each entry", "B", [(compacted.snapshotBytes ?? 0) / keys]);
}

export const recovery: Benchmark = {
  name: "recovery",
  title: "recovery of 3M keys of 16 bytes, values of 64, files in the page cache",
  sides: { write, compact, recover },
  run,
};
