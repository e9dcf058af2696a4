/**
 * Putting the end of a log in order before a new segment follows it.
 *
 * A torn tail is saved aside before it is cut off: it was acknowledged to nobody, but it may be the
 * only trace of what somebody wants to know. The copy is durable, under its own name, before the
 * segment is touched, so a crash at any step leaves either the tail in place or the copy complete.
 */
import type { Disk } from "../disk/disk.ts";
import type { LogReading } from "./reader.ts";

const COPY_BYTES = 1024 * 1024;

/**
 * Cuts the last segment to its frames: room that was reserved, or a torn tail, which is saved as
 * `torn-<segment>-<offset>.bin`. Resolves with that name, or null when nothing was torn. To be called
 * after `readLog` (whose end is not corrupt) and before `Log.open`. Durable when it resolves.
 */
export async function settleTail(disk: Disk, reading: LogReading): Promise<string | null> {
  const { end } = reading;
  const last = reading.segments.at(-1);
  if (end.kind === "clean" && last !== undefined) await cut(disk, last.name, last.bytes);
  if (end.kind !== "torn") return null;
  const copy = `torn-${end.file.replace(/\.pykv$/, "")}-${end.offset}.bin`;
  await saveAside(disk, end.file, end.offset, end.bytes, copy);
  if (end.offset > 0) {
    await cut(disk, end.file, end.offset);
  } else {
    await disk.remove(end.file);
    await disk.syncDirectory();
  }
  return copy;
}

async function saveAside(
  disk: Disk,
  name: string,
  offset: number,
  bytes: number,
  copy: string,
): Promise<void> {
  // One that is there was made just before a crash, from the same tail.
  if ((await disk.list()).includes(copy)) await disk.remove(copy);
  const source = await disk.open(name, "read");
  try {
    const target = await disk.create(copy);
    try {
      for (let done = 0; done < bytes; done += COPY_BYTES) {
        const piece = Buffer.alloc(Math.min(COPY_BYTES, bytes - done));
        const count = await source.read(piece, offset + done);
        await target.write(piece.subarray(0, count), done);
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  await disk.syncDirectory();
}

async function cut(disk: Disk, name: string, length: number): Promise<void> {
  const file = await disk.open(name, "write");
  try {
    if ((await file.size()) > length) await file.truncate(length);
    await file.sync();
  } finally {
    await file.close();
  }
}
