/**
 * A disk in memory that can crash, tear, fail and fill up at every call.
 *
 * Every call is a step, numbered from 1. `crashAt(n)` lets step n do its work on the files (but not
 * make anything durable) and then fail, and every later step with it: the process is dead. `reboot`
 * gives the disk that the next process finds, where what was not synced is dropped, kept or torn.
 * Everything is decided by the random source that is passed in, so a seed repeats a run.
 *
 * Directory changes are kept apart from file contents, as file systems do: a file that was synced
 * but whose name was not is gone. Unsynced changes of the directory survive as far as some point in
 * their order, never with holes. Asynchronous calls end in a later turn of the event loop.
 */
import type { Disk, DiskFile } from "../../src/disk/disk.ts";
import { createRandom, randomBelow } from "./random.ts";
import type { Random } from "./random.ts";
import { SimulatedContent } from "./simulated-file.ts";
import type { RebootMode } from "./simulated-file.ts";

export type { RebootMode } from "./simulated-file.ts";

export const STEP_KINDS = [
  "create",
  "open",
  "list",
  "rename",
  "remove",
  "syncDirectory",
  "freeBytes",
  "write",
  "writeNow",
  "read",
  "sync",
  "truncate",
  "size",
  "close",
] as const;

export type StepKind = (typeof STEP_KINDS)[number];

export interface Injection {
  readonly code: "EIO" | "ENOSPC" | "EDQUOT" | "EMFILE";
  /** Which calls fail; all kinds when absent. */
  readonly kinds?: readonly StepKind[] | undefined;
  /** The first step that may fail; at once when absent. */
  readonly fromStep?: number | undefined;
  /** Whether all matching steps fail from then on, or only one. */
  readonly lasting?: boolean | undefined;
}

type DirectoryChange =
  | { readonly kind: "create"; readonly name: string; readonly content: SimulatedContent }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "remove"; readonly name: string };

type Directory = Map<string, SimulatedContent>;

export class SimulatedDisk implements Disk {
  /** Calls so far. */
  steps = 0;
  /** Calls so far, by kind. */
  readonly calls: Record<StepKind, number> = zeroCalls();
  /** Bytes that all files together may hold; writes beyond fail with ENOSPC. */
  capacityBytes = Infinity;
  crashed = false;
  readonly #files: Directory;
  readonly #durableFiles: Directory;
  #directoryChanges: DirectoryChange[] = [];
  #crashStep = Infinity;
  #injections: Injection[] = [];
  readonly #held = new Map<StepKind, Promise<void>>();

  constructor(files: Directory = new Map()) {
    this.#files = new Map(files);
    this.#durableFiles = new Map(files);
  }

  /** The process dies in this step. */
  crashAt(step: number): void {
    this.#crashStep = step;
  }

  inject(injection: Injection): void {
    this.#injections.push(injection);
  }

  clearInjections(): void {
    this.#injections = [];
  }

  /** Makes asynchronous calls of a kind wait until the returned function is called. */
  hold(kind: StepKind): () => void {
    let release: () => void = () => undefined;
    this.#held.set(kind, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(kind);
      release();
    };
  }

  /** What the next process finds after a power cut now. A killed process is mode "keep". */
  reboot(options: { mode: RebootMode; random?: Random }): SimulatedDisk {
    const random = options.random ?? createRandom(1);
    const files: Directory = new Map(this.#durableFiles);
    const count = {
      drop: 0,
      keep: this.#directoryChanges.length,
      tear: randomBelow(random, this.#directoryChanges.length + 1),
    }[options.mode];
    for (const change of this.#directoryChanges.slice(0, count)) changeDirectory(files, change);
    for (const [name, content] of files) files.set(name, content.survivor(options.mode, random));
    return new SimulatedDisk(files);
  }

  /**
   * What the next process finds after this one was killed and the machine ran on: everything, synced
   * or not, and a power cut may still take what was not. This disk must have crashed.
   */
  restart(): SimulatedDisk {
    if (!this.crashed) throw new Error("only a disk whose process is dead is taken over");
    const disk = new SimulatedDisk(this.#durableFiles);
    disk.#files.clear();
    for (const [name, content] of this.#files) disk.#files.set(name, content);
    disk.#directoryChanges = [...this.#directoryChanges];
    return disk;
  }

  /** A copy of a file's bytes, as the process sees them; not a step. */
  bytesOf(name: string): Buffer {
    return Buffer.from(this.#contentOf(name).bytes);
  }

  /** Puts a durable file there; not a step. */
  put(name: string, bytes: Uint8Array): void {
    const content = new SimulatedContent(bytes);
    this.#files.set(name, content);
    this.#durableFiles.set(name, content);
  }

  flipBit(name: string, at: number, bit: number): void {
    this.#contentOf(name).flip(at, bit);
  }

  names(): string[] {
    return [...this.#files.keys()].sort();
  }

  get usedBytes(): number {
    let bytes = 0;
    for (const content of this.#files.values()) bytes += content.bytes.length;
    return bytes;
  }

  async create(name: string): Promise<DiskFile> {
    return this.#later("create", () => {
      if (this.#files.has(name)) throw diskError("EEXIST", name);
      const content = new SimulatedContent();
      this.#changeDirectory({ kind: "create", name, content });
      return new SimulatedFile(this, name, content);
    });
  }

  async open(name: string, mode: "read" | "write"): Promise<DiskFile> {
    return this.#later("open", () => {
      return new SimulatedFile(this, name, this.#contentOf(name), mode === "write");
    });
  }

  async list(): Promise<string[]> {
    return this.#later("list", () => this.names());
  }

  async rename(from: string, to: string): Promise<void> {
    return this.#later("rename", () => {
      this.#contentOf(from);
      this.#changeDirectory({ kind: "rename", from, to });
    });
  }

  async remove(name: string): Promise<void> {
    return this.#later("remove", () => {
      this.#contentOf(name);
      this.#changeDirectory({ kind: "remove", name });
    });
  }

  async syncDirectory(): Promise<void> {
    const covered = await this.#later("syncDirectory", () => new Set(this.#directoryChanges));
    for (const change of this.#directoryChanges) {
      if (covered.has(change)) changeDirectory(this.#durableFiles, change);
    }
    this.#directoryChanges = this.#directoryChanges.filter((change) => !covered.has(change));
  }

  async freeBytes(): Promise<number> {
    return this.#later("freeBytes", () => Math.max(0, this.capacityBytes - this.usedBytes));
  }

  /** A step that ends in a later turn; `work` is done at once, as when the call reaches the disk. */
  async later<T>(kind: StepKind, work: () => T, partly?: () => void): Promise<T> {
    return this.#later(kind, work, partly);
  }

  /** A step that ends at once. `partly` is what an injected failure leaves behind. */
  now<T>(kind: StepKind, work: () => T, partly?: () => void): T {
    this.#begin(kind, partly);
    const result = work();
    if (this.steps >= this.#crashStep) this.crashed = true;
    if (this.crashed) throw diskError("CRASHED", kind);
    return result;
  }

  async #later<T>(kind: StepKind, work: () => T, partly?: () => void): Promise<T> {
    const held = this.#held.get(kind);
    if (held !== undefined) await held;
    const result = this.now(kind, work, partly);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.crashed) throw diskError("CRASHED", kind);
    return result;
  }

  #begin(kind: StepKind, partly: (() => void) | undefined): void {
    if (this.crashed) throw diskError("CRASHED", kind);
    this.steps += 1;
    this.calls[kind] += 1;
    const injection = this.#injections.find(
      ({ kinds, fromStep }) =>
        (kinds === undefined || kinds.includes(kind)) && this.steps >= (fromStep ?? 0),
    );
    if (injection === undefined) return;
    if (injection.lasting !== true) {
      this.#injections = this.#injections.filter((other) => other !== injection);
    }
    partly?.();
    throw diskError(injection.code, kind);
  }

  #contentOf(name: string): SimulatedContent {
    const content = this.#files.get(name);
    if (content === undefined) throw diskError("ENOENT", name);
    return content;
  }

  #changeDirectory(change: DirectoryChange): void {
    changeDirectory(this.#files, change);
    this.#directoryChanges.push(change);
  }
}

class SimulatedFile implements DiskFile {
  readonly name: string;
  readonly #disk: SimulatedDisk;
  readonly #content: SimulatedContent;
  readonly #isWritable: boolean;
  #isClosed = false;

  constructor(disk: SimulatedDisk, name: string, content: SimulatedContent, isWritable = true) {
    this.#disk = disk;
    this.name = name;
    this.#content = content;
    this.#isWritable = isWritable;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    const [work, partly] = this.#writing(bytes, position);
    return this.#disk.later("write", work, partly);
  }

  writeNow(bytes: Uint8Array, position: number): void {
    const [work, partly] = this.#writing(bytes, position);
    this.#disk.now("writeNow", work, partly);
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    return this.#disk.later("read", () => {
      this.#check(false);
      const bytes = this.#content.bytes.subarray(position, position + target.length);
      target.set(bytes);
      return bytes.length;
    });
  }

  async sync(): Promise<void> {
    const finish = await this.#disk.later("sync", () => {
      this.#check(false);
      return this.#content.beginSync();
    });
    finish();
  }

  async truncate(length: number): Promise<void> {
    return this.#disk.later("truncate", () => {
      this.#check(true);
      this.#content.truncate(length);
    });
  }

  async size(): Promise<number> {
    return this.#disk.later("size", () => this.#content.bytes.length);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    return this.#disk.later("close", () => undefined);
  }

  /** The whole write, and the half of it that a failure may leave. */
  #writing(bytes: Uint8Array, position: number): [() => void, () => void] {
    const partly = (): void => {
      this.#content.write(position, bytes.subarray(0, bytes.length >>> 1));
    };
    const work = (): void => {
      this.#check(true);
      const grownBytes = Math.max(0, position + bytes.length - this.#content.bytes.length);
      const freeBytes = this.#disk.capacityBytes - this.#disk.usedBytes;
      if (grownBytes <= freeBytes) return this.#content.write(position, bytes);
      const fitting = Math.max(0, bytes.length - grownBytes + Math.max(0, freeBytes));
      this.#content.write(position, bytes.subarray(0, fitting));
      throw diskError("ENOSPC", this.name);
    };
    return [work, partly];
  }

  #check(writing: boolean): void {
    if (this.#isClosed) throw diskError("EBADF", this.name);
    if (writing && !this.#isWritable) throw diskError("EBADF", this.name);
  }
}

function changeDirectory(files: Directory, change: DirectoryChange): void {
  if (change.kind === "create") {
    files.set(change.name, change.content);
    return;
  }
  if (change.kind === "remove") {
    files.delete(change.name);
    return;
  }
  const content = files.get(change.from);
  if (content === undefined) return;
  files.delete(change.from);
  files.set(change.to, content);
}

function zeroCalls(): Record<StepKind, number> {
  return Object.fromEntries(STEP_KINDS.map((kind) => [kind, 0])) as Record<StepKind, number>;
}

function diskError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${what}`), { code });
}
