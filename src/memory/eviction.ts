/**
 * Which entry goes when something must: a strategy of four calls, and exact LRU.
 *
 * LRU is the classic pair of a hash lookup (the index) and a doubly linked list: most recently used
 * at the head, the victim at the tail, every step O(1). The list is intrusive: its links are two
 * words of the slot, so it costs no allocation, and there is one list a namespace.
 */
import { NAMESPACE } from "./namespaces.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import type { Shard } from "./shard.ts";
import { NO_SLOT, SLOT, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

export interface EvictionStrategy {
  inserted(namespace: NamespaceId, slot: SlotRef): void;
  /** The entry was read or overwritten. */
  touched(namespace: NamespaceId, slot: SlotRef): void;
  removed(namespace: NamespaceId, slot: SlotRef): void;
  /** The entry of the namespace that should go next, other than `except`; NO_SLOT for none. */
  victim(namespace: NamespaceId, except: SlotRef): SlotRef;
}

export class LruEviction implements EvictionStrategy {
  readonly #u32: Uint32Array;
  readonly #namespaces: Namespaces;

  constructor(shard: Shard, namespaces: Namespaces) {
    this.#u32 = shard.u32;
    this.#namespaces = namespaces;
  }

  inserted(namespace: NamespaceId, slot: SlotRef): void {
    const u32 = this.#u32;
    const list = this.#namespaces.word(namespace);
    const at = slotWord(slot);
    const head = u32[list + NAMESPACE.lruHead]! as SlotRef;
    u32[at + SLOT.prev] = NO_SLOT;
    u32[at + SLOT.next] = head;
    if (head === NO_SLOT) u32[list + NAMESPACE.lruTail] = slot;
    else u32[slotWord(head) + SLOT.prev] = slot;
    u32[list + NAMESPACE.lruHead] = slot;
  }

  touched(namespace: NamespaceId, slot: SlotRef): void {
    const u32 = this.#u32;
    const list = this.#namespaces.word(namespace);
    const head = u32[list + NAMESPACE.lruHead]! as SlotRef;
    if (head === slot) return;
    const at = slotWord(slot);
    const prev = u32[at + SLOT.prev]! as SlotRef;
    const next = u32[at + SLOT.next]! as SlotRef;
    // Not the head, so there is an entry before it and a head to go in front of.
    u32[slotWord(prev) + SLOT.next] = next;
    if (next === NO_SLOT) u32[list + NAMESPACE.lruTail] = prev;
    else u32[slotWord(next) + SLOT.prev] = prev;
    u32[at + SLOT.prev] = NO_SLOT;
    u32[at + SLOT.next] = head;
    u32[slotWord(head) + SLOT.prev] = slot;
    u32[list + NAMESPACE.lruHead] = slot;
  }

  removed(namespace: NamespaceId, slot: SlotRef): void {
    const u32 = this.#u32;
    const list = this.#namespaces.word(namespace);
    const at = slotWord(slot);
    const prev = u32[at + SLOT.prev]! as SlotRef;
    const next = u32[at + SLOT.next]! as SlotRef;
    if (prev === NO_SLOT) u32[list + NAMESPACE.lruHead] = next;
    else u32[slotWord(prev) + SLOT.next] = next;
    if (next === NO_SLOT) u32[list + NAMESPACE.lruTail] = prev;
    else u32[slotWord(next) + SLOT.prev] = prev;
  }

  victim(namespace: NamespaceId, except: SlotRef): SlotRef {
    const tail = this.#u32[this.#namespaces.word(namespace) + NAMESPACE.lruTail]! as SlotRef;
    if (tail !== except || tail === NO_SLOT) return tail;
    return this.#u32[slotWord(tail) + SLOT.prev]! as SlotRef;
  }
}

/** Keeps no order and gives up nothing. */
export const noEviction: EvictionStrategy = {
  inserted: () => undefined,
  touched: () => undefined,
  removed: () => undefined,
  victim: () => NO_SLOT,
};
