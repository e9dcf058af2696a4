/**
 * All that the engine asks of a disk.
 *
 * The interface is narrow on purpose: what it names is what a crash can interrupt, and the simulated
 * disk in test/support implements exactly this, so that a test can crash, tear or fill the disk at
 * every call. Paths are relative to the data directory, with no slash; there are no subdirectories.
 *
 * Errors keep node's `code` (ENOSPC, EIO, ENOENT, ...).
 */

/** An open file. Positions and lengths are in bytes. */
export interface DiskFile {
  readonly name: string;
  /** Writes all of `bytes` at `position`, or rejects; after a rejection any part may be written. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The same on the calling thread: for small writes that must happen before a reply. */
  writeNow(bytes: Uint8Array, position: number): void;
  /** Fills `target` from `position`; resolves with the bytes read, fewer only at the end of file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** fdatasync: what was written, and the size, survive a power cut once this resolves. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  /** Closing twice is harmless. */
  close(): Promise<void>;
}

export interface Disk {
  /** Creates a file that must not exist, for reading and writing. */
  create(name: string): Promise<DiskFile>;
  /** Opens an existing file. */
  open(name: string, mode: "read" | "write"): Promise<DiskFile>;
  list(): Promise<string[]>;
  /** Atomic replacement; durable once `syncDirectory` resolves. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Makes creations, renames and removals durable. */
  syncDirectory(): Promise<void>;
  /** Bytes that may still be written, as the file system reports it; a hint, not a promise. */
  freeBytes(): Promise<number>;
}
