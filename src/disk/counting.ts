/** A disk that tells how much is read from it, for the progress of long readings. */
import type { Disk, DiskFile } from "./disk.ts";

/** The same disk; `onRead` is called with the bytes of every reading, once it is through. */
export function countingReads(disk: Disk, onRead: (bytes: number) => void): Disk {
  return {
    create: (name) => disk.create(name),
    open: async (name, mode) => counting(await disk.open(name, mode), onRead),
    list: () => disk.list(),
    rename: (from, to) => disk.rename(from, to),
    remove: (name) => disk.remove(name),
    syncDirectory: () => disk.syncDirectory(),
    freeBytes: () => disk.freeBytes(),
  };
}

function counting(file: DiskFile, onRead: (bytes: number) => void): DiskFile {
  return {
    name: file.name,
    write: (bytes, position) => file.write(bytes, position),
    writeNow: (bytes, position) => file.writeNow(bytes, position),
    read: async (target, position) => {
      const count = await file.read(target, position);
      onRead(count);
      return count;
    },
    sync: () => file.sync(),
    truncate: (length) => file.truncate(length),
    size: () => file.size(),
    close: () => file.close(),
  };
}
