/**
 * The parts of an entry, by its slot: what every reader of the table asks for.
 *
 * A slot is good until the next call that writes; what is read through it is read at once.
 */
import { latin1Slice, utf8Slice } from "../base/bytes.ts";
import type { BlockRef } from "./arena.ts";
import * as entry from "./entry.ts";
import type { NamespaceId } from "./namespaces.ts";
import type { Shard } from "./shard.ts";
import { SLOT, slotNamespace, slotVersion, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

export class Entries {
  readonly shard: Shard;
  readonly #u32: Uint32Array;

  constructor(shard: Shard) {
    this.shard = shard;
    this.#u32 = shard.u32;
  }

  namespaceOf(slot: SlotRef): NamespaceId {
    return slotNamespace(this.#u32, slot);
  }

  version(slot: SlotRef): number {
    return slotVersion(this.#u32, slot);
  }

  /** First word of the entry's block; its head, for the functions of entry.ts, is there. */
  block(slot: SlotRef): BlockRef {
    return this.#u32[slotWord(slot)]! as BlockRef;
  }

  head(slot: SlotRef): number {
    return this.#u32[this.#u32[slotWord(slot)]!]!;
  }

  hashOf(slot: SlotRef): number {
    return this.#u32[slotWord(slot) + SLOT.hash]!;
  }

  isAscii(slot: SlotRef): boolean {
    return entry.isAscii(this.head(slot));
  }

  kind(slot: SlotRef): number {
    return entry.kindOf(this.head(slot));
  }

  /** Milliseconds since 1970; 0 is none. */
  deadline(slot: SlotRef): number {
    const block = this.block(slot);
    return entry.hasDeadline(this.#u32[block]!) ? entry.deadlineMs(this.#u32, block) : 0;
  }

  /** First byte of the key. */
  keyAt(slot: SlotRef): number {
    return entry.keyAt(this.block(slot), this.head(slot));
  }

  keyLength(slot: SlotRef): number {
    return entry.keyLength(this.head(slot));
  }

  /** First byte of the value. */
  valueAt(slot: SlotRef): number {
    return this.keyAt(slot) + this.keyLength(slot);
  }

  valueLength(slot: SlotRef): number {
    return entry.valueLength(this.#u32, this.block(slot), this.head(slot));
  }

  /** The value as a string; bytes that are not UTF-8 become U+FFFD. */
  valueText(slot: SlotRef): string {
    const block = this.#u32[slotWord(slot)]!;
    const head = this.#u32[block]!;
    const from = entry.keyAt(block, head) + entry.keyLength(head);
    const to = from + entry.valueLength(this.#u32, block, head);
    if (entry.isAscii(head)) return latin1Slice(this.shard.bytes, from, to);
    return utf8Slice(this.shard.bytes, from, to);
  }
}
