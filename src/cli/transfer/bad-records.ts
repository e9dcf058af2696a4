/**
 * What is done with records that can't be imported: told, counted by what they are, and kept in a
 * file; or the first one ends the import.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { Failure } from "../exit.ts";

/** A bad record without --skip-bad. */
export class BadRecordEnd extends Error {
  override readonly name = "BadRecordEnd";
}

export interface BadRecordOptions {
  readonly isSkipping: boolean;
  /** Where to keep them, one a line; null for nowhere. */
  readonly path: string | null;
  /** Adds to the file that an earlier part of this import has made. */
  readonly isResuming: boolean;
  readonly say: (text: string) => void;
}

/** Told one by one; those after it are only counted. */
const TOLD_MAX = 20;

export class BadRecords {
  readonly #options: BadRecordOptions;
  readonly #groups = new Map<string, number>();
  #count = 0;
  #fd: number | null = null;

  constructor(options: BadRecordOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** How many there were of each sort, such as "7 list". */
  groups(): string[] {
    return [...this.#groups].map(([group, count]) => `${count} ${group}`);
  }

  /** Throws BadRecordEnd unless bad records are passed over; Failure when they can't be kept. */
  add(origin: string, reason: string, source: Buffer, group?: string): void {
    const { isSkipping, say } = this.#options;
    if (!isSkipping) throw new BadRecordEnd(`${origin}: ${reason}`);
    this.#count++;
    if (group !== undefined) this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    if (this.#count <= TOLD_MAX) say(`pykv: ${origin}: ${reason}`);
    if (this.#count === TOLD_MAX + 1) say("pykv: more bad records follow; they are counted only");
    this.#keep(source);
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #keep(source: Buffer): void {
    const { path, isResuming } = this.#options;
    if (path === null) return;
    try {
      this.#fd ??= openSync(path, isResuming ? "a" : "w");
      writeSync(this.#fd, Buffer.concat([oneLine(source), Buffer.from("\n")]));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(`cannot keep bad records in ${path}: ${reason}`);
    }
  }
}

/** Line breaks in the element of an array are space between its parts. */
function oneLine(source: Buffer): Buffer {
  return source.includes(0x0a) || source.includes(0x0d)
    ? Buffer.from(source.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)))
    : source;
}
