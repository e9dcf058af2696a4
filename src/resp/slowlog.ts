/**
 * SLOWLOG: the commands that took longest, of late. The newest come first; both the entries and what
 * is kept of their arguments are bounded.
 */
import type { Args } from "./args.ts";
import type { Client } from "./client.ts";
import { shownArgument } from "./shown-arguments.ts";

/** As in Redis: arguments kept of one command, and bytes of one argument. */
const ARGUMENTS_MAX = 32;
const ARGUMENT_BYTES_MAX = 128;

export interface SlowEntry {
  readonly id: number;
  /** Since 1970. */
  readonly seconds: number;
  readonly durationUs: number;
  readonly args: readonly Buffer[];
  readonly address: string;
  readonly clientName: string;
}

export class Slowlog {
  /** Newest first. */
  #entries: SlowEntry[] = [];
  #nextId = 0;

  get length(): number {
    return this.#entries.length;
  }

  add(client: Client, args: Args, durationMs: number): void {
    const { slowlogEntriesMax } = client.door.settings;
    this.#entries.unshift({
      id: this.#nextId++,
      seconds: Math.floor(client.nowMs() / 1000),
      durationUs: Math.round(durationMs * 1000),
      args: keptArguments(args),
      address: client.link.remoteAddress,
      clientName: client.name,
    });
    this.trim(slowlogEntriesMax);
  }

  /** The newest `count`. */
  newest(count: number): readonly SlowEntry[] {
    return this.#entries.slice(0, count);
  }

  trim(entriesMax: number): void {
    if (this.#entries.length > entriesMax) this.#entries.length = entriesMax;
  }

  reset(): void {
    this.#entries = [];
  }
}

function keptArguments(args: Args): Buffer[] {
  const isCut = args.count > ARGUMENTS_MAX;
  const kept = isCut ? ARGUMENTS_MAX - 1 : args.count;
  const shown = Array.from({ length: kept }, (_, i) => keptArgument(shownArgument(args, i)));
  if (isCut) shown.push(Buffer.from(`... (${args.count - kept} more arguments)`));
  return shown;
}

function keptArgument(bytes: Buffer): Buffer {
  const rest = bytes.length - ARGUMENT_BYTES_MAX;
  if (rest <= 0) return Buffer.from(bytes);
  const more = Buffer.from(`... (${rest} more bytes)`);
  return Buffer.concat([bytes.subarray(0, ARGUMENT_BYTES_MAX), more]);
}
