/** A look at a data directory from outside, which changes nothing: who holds it, and what is in it. */
import { lockHolder } from "../disk/lock.ts";
import { NodeDisk } from "../disk/node-disk.ts";
import { parseSegmentName } from "../format/segment.ts";
import { parseSnapshotName } from "../format/snapshot.ts";

export interface DataDirSurvey {
  /** The process that runs on it; null when none does. */
  readonly holderPid: number | null;
  readonly segments: number;
  readonly snapshots: number;
  /** Of segments and snapshots. */
  readonly bytes: number;
  /** Files in which torn tails were put aside. */
  readonly tornFiles: readonly string[];
}

/** Rejects with DATA_DIR_UNUSABLE when the directory can't be read. */
export async function surveyDataDir(dir: string): Promise<DataDirSurvey> {
  const disk = await NodeDisk.openForReading(dir);
  const names = await disk.list();
  const segments = names.filter((name) => parseSegmentName(name) !== null);
  const snapshots = names.filter((name) => parseSnapshotName(name) !== null);
  let bytes = 0;
  for (const name of [...segments, ...snapshots]) {
    const file = await disk.open(name, "read");
    bytes += await file.size().finally(() => file.close());
  }
  return {
    holderPid: await lockHolder(disk.directory),
    segments: segments.length,
    snapshots: snapshots.length,
    bytes,
    tornFiles: names.filter((name) => /^torn-.*\.bin$/.test(name)),
  };
}
