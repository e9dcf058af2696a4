/**
 * The disk of a real machine: one directory, through node:fs.
 *
 * Raw descriptors with callbacks, not FileHandle: an append and its fdatasync are the whole cost of a
 * durable write, and FileHandle adds its own objects and promises to each. A synchronous write of a
 * small buffer costs 5 µs where a trip through the thread pool costs 25 and more, hence `writeNow`.
 *
 * write(2) may write less than it was given; every write here goes on until all is written.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { PyKVError } from "../base/errors.ts";
import type { Disk, DiskFile } from "./disk.ts";

const READ_BYTES_MAX = 1 << 30;

export class NodeDisk implements Disk {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /**
   * Opens a directory, making it (and its parents) when it is missing; new ones are durable when this
   * resolves. Rejects with DATA_DIR_UNUSABLE.
   */
  static async open(directory: string): Promise<NodeDisk> {
    const full = path.resolve(directory);
    try {
      const firstMade = await fs.promises.mkdir(full, { recursive: true });
      if (firstMade !== undefined) await syncParents(full, path.dirname(firstMade));
      await fs.promises.access(full, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PyKVError("DATA_DIR_UNUSABLE", `${full}: ${why}`, { cause });
    }
    return new NodeDisk(full);
  }

  /** Opens a directory that is there already; rejects with DATA_DIR_UNUSABLE when it is not. */
  static async openExisting(directory: string): Promise<NodeDisk> {
    const full = path.resolve(directory);
    const isDirectory = await fs.promises.stat(full).then(
      (stat) => stat.isDirectory(),
      () => false,
    );
    if (!isDirectory) throw new PyKVError("DATA_DIR_UNUSABLE", `${full} is no directory`);
    return NodeDisk.open(full);
  }

  /** The same for one that may be read and no more; rejects with DATA_DIR_UNUSABLE. */
  static async openForReading(directory: string): Promise<NodeDisk> {
    const full = path.resolve(directory);
    try {
      await fs.promises.readdir(full);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PyKVError("DATA_DIR_UNUSABLE", why, { cause });
    }
    return new NodeDisk(full);
  }

  create(name: string): Promise<DiskFile> {
    return this.#openFile(name, "wx+");
  }

  open(name: string, mode: "read" | "write"): Promise<DiskFile> {
    return this.#openFile(name, mode === "read" ? "r" : "r+");
  }

  async list(): Promise<string[]> {
    const entries = await fs.promises.readdir(this.directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  rename(from: string, to: string): Promise<void> {
    return fs.promises.rename(this.#path(from), this.#path(to));
  }

  remove(name: string): Promise<void> {
    return fs.promises.unlink(this.#path(name));
  }

  syncDirectory(): Promise<void> {
    return syncDirectoryAt(this.directory);
  }

  async freeBytes(): Promise<number> {
    const stats = await fs.promises.statfs(this.directory);
    return stats.bavail * stats.bsize;
  }

  #path(name: string): string {
    return path.join(this.directory, name);
  }

  #openFile(name: string, flags: string): Promise<DiskFile> {
    return new Promise((resolve, reject) => {
      fs.open(this.#path(name), flags, 0o600, (error, fd) => {
        if (error) reject(error);
        else resolve(new NodeFile(name, fd));
      });
    });
  }
}

class NodeFile implements DiskFile {
  readonly name: string;
  #fd: number;

  constructor(name: string, fd: number) {
    this.name = name;
    this.#fd = fd;
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writeFrom(bytes, 0, position, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  writeNow(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) {
      done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
    }
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < target.length) {
      const count = await this.#readSome(target, done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#fd, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  truncate(length: number): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.ftruncate(this.#fd, length, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  size(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.#fd, (error, stats) => {
        if (error) reject(error);
        else resolve(stats.size);
      });
    });
  }

  close(): Promise<void> {
    const fd = this.#fd;
    if (fd < 0) return Promise.resolve();
    // The number may belong to another file as soon as this one is closed.
    this.#fd = -1;
    return new Promise((resolve, reject) => {
      fs.close(fd, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #writeFrom(
    bytes: Uint8Array,
    done: number,
    position: number,
    finish: (error: Error | null) => void,
  ): void {
    const length = bytes.length - done;
    fs.write(this.#fd, bytes, done, length, position + done, (error, written) => {
      if (error || written === length) finish(error);
      else this.#writeFrom(bytes, done + written, position, finish);
    });
  }

  #readSome(target: Uint8Array, at: number, position: number): Promise<number> {
    const length = Math.min(target.length - at, READ_BYTES_MAX);
    return new Promise((resolve, reject) => {
      fs.read(this.#fd, target, at, length, position, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
  }
}

/** Syncs every directory from the parent of `leaf` up to `top`, each of which got a new entry. */
async function syncParents(leaf: string, top: string): Promise<void> {
  for (let at = path.dirname(leaf); ; at = path.dirname(at)) {
    await syncDirectoryAt(at);
    if (at === top || at === path.dirname(at)) return;
  }
}

async function syncDirectoryAt(directory: string): Promise<void> {
  // Windows has no way to sync a directory, and makes its changes durable by itself.
  if (process.platform === "win32") return;
  const handle = await fs.promises.open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
