/**
 * Commands by name, found from the bytes of a request without making a string.
 *
 * The names are few and known when the server starts, so a small open-addressed table does: a hash of
 * length, first, second and last letter, case folded by a mask, then a comparison of all bytes.
 */
import { Histogram } from "../base/histogram.ts";
import type { Args } from "./args.ts";
import type { Command } from "./command.ts";

const SLOTS = 1024;
/** Clears the bit that tells lower case from upper case letters. */
const CASE_MASK = 0xdf;

/** A command with what the dispatcher wants to know at a glance, and its counters. */
export class Entry {
  readonly command: Command;
  /** In lower case; of a subcommand with its container's, such as `client|id`. */
  readonly fullName: string;
  readonly arityMin: number;
  readonly arityMax: number;
  readonly isWrite: boolean;
  readonly isReadOnly: boolean;
  readonly isFast: boolean;
  readonly flags: ReadonlySet<string>;
  readonly subcommands: ReadonlyMap<string, Entry> | null;
  readonly nameBytes: Buffer;

  calls = 0;
  /** Microseconds. */
  usTotal = 0;
  /** Refused before they ran, and failed while they did. */
  rejected = 0;
  failed = 0;
  readonly latency = new Histogram();

  constructor(command: Command, container: string | null) {
    this.command = command;
    this.fullName = container === null ? command.name : `${container}|${command.name}`;
    const { arity } = command;
    this.arityMin = Math.abs(arity);
    this.arityMax = arity > 0 ? arity : Infinity;
    this.flags = new Set(command.flags);
    this.isWrite = this.flags.has("write");
    this.isReadOnly = this.flags.has("readonly");
    this.isFast = this.flags.has("fast") || QUICK.has(command.name);
    this.nameBytes = Buffer.from(command.name.toUpperCase(), "latin1");
    const children = command.subcommands;
    this.subcommands =
      children === undefined
        ? null
        : new Map(children.map((each) => [each.name, new Entry(each, command.name)]));
  }
}

/** Not called fast by Redis, because a huge value may have to be freed, and yet O(1). */
const QUICK: ReadonlySet<string> = new Set(["set"]);

export class Registry {
  readonly entries: readonly Entry[];
  readonly #slots: (Entry | null)[] = new Array<Entry | null>(SLOTS).fill(null);

  constructor(commands: readonly Command[]) {
    this.entries = commands.map((command) => new Entry(command, null));
    for (const entry of this.entries) this.#insert(entry);
  }

  /** The command that argument 0 names, or null. */
  find(args: Args): Entry | null {
    const { buffer } = args;
    const at = args.at[0]!;
    const length = args.length[0]!;
    for (let slot = slotOf(buffer, at, length); ; slot = (slot + 1) % SLOTS) {
      const entry = this.#slots[slot] ?? null;
      if (entry === null || isNamed(entry.nameBytes, buffer, at, length)) return entry;
    }
  }

  /** By its name in lower case, of a subcommand `client|id`. */
  named(name: string): Entry | null {
    const [first = "", second] = name.split("|");
    const entry = this.entries.find((each) => each.command.name === first) ?? null;
    if (second === undefined) return entry;
    return entry?.subcommands?.get(second) ?? null;
  }

  /** All of them, subcommands behind their containers. */
  *all(): Generator<Entry> {
    for (const entry of this.entries) {
      yield entry;
      if (entry.subcommands !== null) yield* entry.subcommands.values();
    }
  }

  /** Forgets what was counted. */
  resetCounters(): void {
    for (const entry of this.all()) {
      entry.calls = 0;
      entry.usTotal = 0;
      entry.rejected = 0;
      entry.failed = 0;
      entry.latency.reset();
    }
  }

  #insert(entry: Entry): void {
    const { nameBytes } = entry;
    let slot = slotOf(nameBytes, 0, nameBytes.length);
    while (this.#slots[slot] !== null) slot = (slot + 1) % SLOTS;
    this.#slots[slot] = entry;
  }
}

function slotOf(bytes: Uint8Array, at: number, length: number): number {
  if (length === 0) return 0;
  const first = bytes[at]! & CASE_MASK;
  const middle = bytes[at + (length >>> 1)]! & CASE_MASK;
  const last = bytes[at + length - 1]! & CASE_MASK;
  return (length * 67 + first * 31 + middle * 7 + last * 131) % SLOTS;
}

/** Only letters, digits and - stand in names; folding can confuse none of them with another byte. */
function isNamed(name: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    let byte = bytes[at + i]!;
    if (byte >= 0x61 && byte <= 0x7a) byte -= 0x20;
    if (byte !== name[i]) return false;
  }
  return true;
}
