/**
 * A directory of a few hundred bytes with a snapshot and a log in it, and what each stretch of its
 * files is for: small enough that every byte can be damaged in turn.
 */
import { segmentName } from "../../src/format/segment.ts";
import { readLog } from "../../src/log/reader.ts";
import { readSnapshot } from "../../src/store/snapshot-reader.ts";
import type { Store } from "../../src/store/store.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { Witness } from "./witness.ts";
import type { Effect } from "./witness.ts";
import { openRig } from "./workload.ts";

/** A stretch of a file, and the changes that are lost when it can't be read. */
export interface Stretch {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly isLost: (effect: Effect) => boolean;
}

export interface SmallStore {
  readonly snapshot: "none" | "alone" | "beside";
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedClock;
  readonly witness: Witness;
  /** The last seq that the snapshot covers; 0 when there is none. */
  readonly startSeq: number;
}

/** Where it stands in a segment's header. */
const STORE_ID = { from: 16, to: 32 } as const;
const NS = "default";

/**
 * `snapshot` is taken half-way: none, alone (the log before it is gone), or beside the whole log, as
 * when a crash came before the log was cut short.
 */
export async function createSmallStore(snapshot: SmallStore["snapshot"]): Promise<SmallStore> {
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  const { store } = await openRig(disk, clock, witness, { capacityKeys: 0 });
  await firstHalf(store);
  const startSeq = snapshot === "none" ? 0 : witness.lastSeq;
  if (snapshot === "beside") disk.inject({ code: "EIO", kinds: ["remove"] });
  if (snapshot !== "none") await store.compact().catch(() => undefined);
  await secondHalf(store);
  await store.close();
  return { snapshot, disk, clock, witness, startSeq };
}

async function firstHalf(store: Store): Promise<void> {
  for (let i = 0; i < 9; i += 1) {
    const value = `value ${i} `.repeat(i);
    await store.set({ namespace: NS, key: `key-${i}`, kind: "text", value });
  }
  await store.set({ namespace: "other", key: "gone", kind: "json", value: "1" });
  await store.increment({ namespace: NS, key: "counter", by: 41n });
  await store.delete({ namespace: NS, key: "key-1" });
}

async function secondHalf(store: Store): Promise<void> {
  const deadlineMs = 1_700_000_900_000;
  await store.increment({ namespace: NS, key: "counter", by: 1n });
  await store.expire({ namespace: NS, key: "key-2", deadlineMs });
  await store.delete({ namespace: NS, key: "key-3" });
  await store.clear("other");
  await store.batch(
    [
      { op: "set", namespace: NS, key: "key-4", kind: "text", value: "batch 1: changed" },
      { op: "delete", namespace: NS, key: "key-5" },
      { op: "set", namespace: "other", key: "new", kind: "bytes", value: "batch 1: end" },
    ],
    true,
  );
  await store.set({ namespace: NS, key: "key-0", kind: "text", value: "last" });
}

/** The frames of the log and the blocks of the snapshot. */
export async function stretchesOf({
  snapshot: kind,
  disk,
  startSeq,
}: SmallStore): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  const log = { disk, storeId: null, fromSeq: startSeq + 1, knownDurableSeq: 0 };
  await readLog(log, ({ file, offset, bytes, firstSeq, count }) => {
    const isLost = ({ seq }: Effect): boolean => seq >= firstSeq && seq < firstSeq + count;
    stretches.push({ file, from: offset, to: offset + bytes, isLost });
  });
  // Without the id of the store no frame can be told from what looks like one.
  if (kind === "none") stretches.push({ ...STORE_ID, file: segmentName(1), isLost: () => true });
  const snapshot = disk.names().find((name) => name.startsWith("snapshot-"));
  if (snapshot === undefined) return stretches;
  let keys: string[] = [];
  let from = Infinity;
  await readSnapshot(disk, snapshot, {
    entry: (bytes, view) => {
      from = Math.min(from, view.nsAt);
      keys.push(bytes.toString("latin1", view.nsAt, view.keyAt + view.keyLen));
    },
    block: (to) => {
      const lost = new Set(keys);
      const isLost = ({ seq, namespace, key }: Effect): boolean =>
        kind === "alone" && seq <= startSeq && lost.has(namespace + key);
      const start = stretches.findLast(({ file }) => file === snapshot)?.to ?? 0;
      stretches.push({ file: snapshot, from: start, to, isLost });
      keys = [];
    },
  });
  return stretches;
}
