/**
 * What lies in the data directory: segments of the log and snapshots, as the disk has them.
 */
import type { Disk } from "../disk/disk.ts";
import { parseSegmentName } from "../format/segment.ts";
import { parseSnapshotName } from "../format/snapshot.ts";
import type { StorageFile, StorageReport } from "./types.ts";

/** Cost: a few system calls a file; nothing is read. */
export async function describeStorage(disk: Disk): Promise<StorageReport> {
  const segments: StorageFile[] = [];
  const snapshots: StorageFile[] = [];
  for (const name of (await disk.list()).sort()) {
    const segmentSeq = parseSegmentName(name);
    const snapshotSeq = parseSnapshotName(name);
    const seq = segmentSeq ?? snapshotSeq;
    if (seq === null) continue;
    const bytes = await sizeOf(disk, name);
    // Removed since it was listed: a compaction has ended meanwhile.
    if (bytes === null) continue;
    (segmentSeq === null ? snapshots : segments).push({ name, seq, bytes });
  }
  return { segments, snapshots, freeBytes: await disk.freeBytes() };
}

async function sizeOf(disk: Disk, name: string): Promise<number | null> {
  try {
    const file = await disk.open(name, "read");
    try {
      return await file.size();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
