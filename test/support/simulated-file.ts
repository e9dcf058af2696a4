/**
 * What a simulated file holds: the bytes as the process sees them, the bytes that would survive a
 * power cut for certain, and the changes that lie between.
 */
import { randomBelow } from "./random.ts";
import type { Random } from "./random.ts";

const SECTOR_BYTES = 512;

type Change =
  | { readonly kind: "write"; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly length: number };

/**
 * What a power cut does to changes that were not synced: none happened, all happened, or each write
 * happened sector by sector or not, and each change of the size or not, in no order.
 */
export type RebootMode = "drop" | "keep" | "tear";

/** Bytes that grow as they are written to. */
class Content {
  #buffer: Buffer;
  length: number;

  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#buffer = Buffer.from(bytes);
    this.length = bytes.length;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  write(at: number, bytes: Uint8Array): void {
    this.setLength(Math.max(this.length, at + bytes.length));
    this.#buffer.set(bytes, at);
  }

  setLength(length: number): void {
    if (length > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(length, this.#buffer.length * 2));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    if (length > this.length) this.#buffer.fill(0, this.length, length);
    this.length = length;
  }
}

export class SimulatedContent {
  readonly #now: Content;
  readonly #durable: Content;
  #changes: Change[] = [];

  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#now = new Content(bytes);
    this.#durable = new Content(bytes);
  }

  get bytes(): Buffer {
    return this.#now.bytes;
  }

  write(at: number, bytes: Uint8Array): void {
    this.#now.write(at, bytes);
    this.#changes.push({ kind: "write", at, bytes: Buffer.from(bytes) });
  }

  truncate(length: number): void {
    this.#now.setLength(length);
    this.#changes.push({ kind: "truncate", length });
  }

  /** Makes durable what has changed so far; what changes after this call is not covered. */
  beginSync(): () => void {
    const covered = new Set(this.#changes);
    return () => {
      for (const change of this.#changes)
        if (covered.has(change)) applyChange(this.#durable, change);
      this.#changes = this.#changes.filter((change) => !covered.has(change));
    };
  }

  /** Turns one bit over, on the disk and in every cache. */
  flip(at: number, bit: number): void {
    const mask = 1 << bit;
    this.#now.bytes[at]! ^= mask;
    if (at < this.#durable.length) this.#durable.bytes[at]! ^= mask;
    for (const change of this.#changes) {
      if (change.kind !== "write") continue;
      const index = at - change.at;
      if (index >= 0 && index < change.bytes.length) change.bytes[index]! ^= mask;
    }
  }

  /** What a power cut leaves. */
  survivor(mode: RebootMode, random: Random): SimulatedContent {
    const content = new Content(this.#durable.bytes);
    for (const change of mode === "drop" ? [] : this.#changes) {
      if (mode === "keep") applyChange(content, change);
      else tearChange(content, change, random);
    }
    return new SimulatedContent(content.bytes);
  }
}

function applyChange(content: Content, change: Change): void {
  if (change.kind === "write") content.write(change.at, change.bytes);
  else content.setLength(change.length);
}

function tearChange(content: Content, change: Change, random: Random): void {
  if (change.kind === "truncate") {
    if (random() < 0.5) content.setLength(change.length);
    return;
  }
  const end = change.at + change.bytes.length;
  // The size is metadata: it may grow without the data, which then reads as zeros.
  if (end > content.length && random() < 0.5) content.setLength(end);
  const keptShare = randomBelow(random, 3) / 2;
  for (let at = change.at; at < end;) {
    const next = Math.min(end, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    if (random() < keptShare)
      content.write(at, change.bytes.subarray(at - change.at, next - change.at));
    at = next;
  }
}
