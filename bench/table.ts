/**
 * The table in process, against lru-cache and lmdb: keys of 16 bytes, values of 64, plain loops.
 *
 * The keys that are looked up are strings of their own, as they are when they come from requests: not
 * the objects that were stored, and their hash is not known yet. A Map compares two strings that are
 * the same object by their address and knows the hash of one that it has seen; that case is there
 * too, as "the stored strings themselves". Random keys are asked for in shuffled order, hot keys are
 * a thousand out of all.
 *
 * lmdb writes in one synchronous transaction without syncing, which is its fastest way. lru-cache
 * hands out the very string that was stored, lmdb and PyKV make one from bytes.
 */
import { join } from "node:path";
import type { Benchmark, Figures, Side, SideArgs } from "./support/benchmark.ts";
import { keyOf, rateOf, shuffled, valueOf } from "./support/data.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { openForBench } from "./support/stores.ts";

const HOT_KEYS = 1000;
const WARM_UP_KEYS = 50_000;

interface Subject {
  set(key: string, value: string): unknown;
  get(key: string): unknown;
}

const pykv: Side = async ({ keys }) => {
  const warm = await openForBench({ dataDir: null });
  measure(warm, Math.min(keys, WARM_UP_KEYS));
  await warm.close();
  const kv = await openForBench({ dataDir: null });
  const figures = measure(kv, keys);
  await kv.close();
  return figures;
};

const lruCache: Side = async ({ keys }) => {
  const { LRUCache } = await import("lru-cache");
  measure(new LRUCache<string, string>({ max: keys }), Math.min(keys, WARM_UP_KEYS));
  return measure(new LRUCache<string, string>({ max: keys }), keys);
};

const lmdb: Side = async ({ keys, directory }: SideArgs) => {
  const { open } = await import("lmdb");
  const settings = { encoding: "string", noSync: true, mapSize: 1024 ** 3 } as const;
  const path = join(directory, `lmdb-${process.pid}`);
  const warm = open<string, string>(`${path}-warm`, settings);
  const db = open<string, string>(path, settings);
  const subjectOf = (of: typeof db): Subject => ({
    set: (key, value) => of.putSync(key, value),
    get: (key) => of.get(key),
  });
  const inOne = (of: typeof db) => (work: () => void) => of.transactionSync(work);
  measure(subjectOf(warm), Math.min(keys, WARM_UP_KEYS), inOne(warm));
  const figures = measure(subjectOf(db), keys, inOne(db));
  await warm.close();
  await db.close();
  return figures;
};

/** Operations per second of each kind; `writing` wraps what only writes. */
function measure(
  subject: Subject,
  keys: number,
  writing: (work: () => void) => void = (work) => work(),
): Figures {
  const order = shuffled(keys);
  const stored = Array.from({ length: keys }, (_, i) => keyOf(i));
  const values = Array.from({ length: keys }, (_, i) => valueOf(i));
  const set = rateOf(keys, () => writing(() => setAll(subject, stored, values)));
  const random = Array.from(order, (i) => keyOf(i));
  const get = rateOf(keys, () => getAll(subject, random));
  const again = Array.from(order, (i) => keyOf(i));
  const newValues = Array.from(order, (i) => valueOf(keys + i));
  const overwrite = rateOf(keys, () => writing(() => setAll(subject, again, newValues)));
  const hotKeys = Math.min(HOT_KEYS, keys);
  const hotNames = Array.from(order, (i) => keyOf(order[i % hotKeys]!));
  const hot = rateOf(keys, () => getAll(subject, hotNames));
  const same = Array.from(order, (i) => stored[i]!);
  const identity = rateOf(keys, () => getAll(subject, same));
  return { set, overwrite, get, hot, identity };
}

function setAll(subject: Subject, keys: readonly string[], values: readonly string[]): void {
  for (let i = 0; i < keys.length; i++) subject.set(keys[i]!, values[i]!);
}

/** Looks at every value, so that no get can be left out, and misses are noticed. */
function getAll(subject: Subject, keys: readonly string[]): void {
  let characters = 0;
  for (const key of keys) {
    const value = subject.get(key);
    if (typeof value === "string") characters += value.length;
  }
  if (characters !== keys.length * 64) throw new Error("a key was not found");
}

const ROWS = [
  ["set", "set, new keys", 1, undefined],
  ["overwrite", "set, keys that are there, shuffled", 1, undefined],
  ["get", "get, shuffled", 1, 5],
  ["hot", "get, a thousand hot keys", undefined, 5],
  ["identity", "get, shuffled, by the stored strings themselves", undefined, undefined],
] as const;

async function run(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 2000);
  const directory = session.directory();
  const sides = ["pykv", "lruCache", "lmdb"];
  const results = await session.alternate(sides, session.rounds(), (side) =>
    session.side(side, { keys, directory }),
  );
  for (const [figure, what, ofLruCache, ofLmdb] of ROWS) {
    const rounds = column(results.get("pykv"), figure);
    const lru = { name: "lru-cache 11", rounds: column(results.get("lruCache"), figure) };
    const lmdbPeer = { name: "lmdb 3", rounds: column(results.get("lmdb"), figure) };
    session.row(what, "/s", rounds, { peer: lru, ...aimOf(ofLruCache) });
    session.row(what, "/s", rounds, { peer: lmdbPeer, ...aimOf(ofLmdb) });
  }
}

function aimOf(atLeast: number | undefined): { aim?: { of: "ratio"; atLeast: number } } {
  return atLeast === undefined ? {} : { aim: { of: "ratio", atLeast } };
}

export const table: Benchmark = {
  name: "table",
  title: "in process, 1M keys of 16 bytes, values of 64, no data directory",
  sides: { pykv, lruCache, lmdb },
  run,
};
