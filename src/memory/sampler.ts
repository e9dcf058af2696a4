/**
 * Any key of a namespace, in bounded time: for RANDOMKEY.
 *
 * A namespace that holds a good share of all entries is hit by looking into buckets of the index at
 * random. One that does not is small beside the rest, so its pages of slots can be walked: one of them
 * is chosen with the weight of its entries (a reservoir of one), then an entry of it. The first way
 * favours keys in buckets with few others a little, as Redis does; the second favours none as long as
 * the namespace has no more than PAGES_MAX pages, or 174,000 keys.
 *
 * When the choice falls on what is past its deadline and not swept yet, the next entry that is not is
 * taken, within a bound; so in a namespace of nothing but such keys, or nearly, none is found.
 *
 * Cost: up to BUCKETS_MAX buckets with the slots that they name, or PAGES_MAX page records.
 */
import type { HashIndex } from "./hash-index.ts";
import { BUCKET_ENTRIES, OVERFLOW, SLOT_MASK } from "./hash-index.ts";
import { NAMESPACE } from "./namespaces.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import { PAGE } from "./pages.ts";
import type { Shard } from "./shard.ts";
import { NO_SLOT, slotNamespace } from "./slots.ts";
import type { SlotCursor, SlotRef, Slots } from "./slots.ts";

/** The index is tried for namespaces that hold at least this share of all entries. */
const SHARE_MIN = 1 / 64;
/** With some 7 entries to a bucket: with the smallest share one try in 1,000 finds none. */
const BUCKETS_MAX = 64;
const PAGES_MAX = 1024;
/** Slots looked at for one that is not past its deadline. */
const LOOKS_MAX = 65_536;

export interface SamplerParts {
  readonly shard: Shard;
  readonly index: HashIndex;
  readonly slots: Slots;
  readonly namespaces: Namespaces;
  readonly isExpired: (slot: SlotRef) => boolean;
}

export class Sampler {
  readonly #parts: SamplerParts;
  readonly #u32: Uint32Array;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#u32 = parts.shard.u32;
  }

  /** NO_SLOT when the namespace is empty, and see above. `random` gives numbers from 0 up to 1. */
  pick(namespace: NamespaceId, random: () => number): SlotRef {
    const { index, namespaces } = this.#parts;
    const keys = namespaces.keys(namespace);
    if (keys === 0) return NO_SLOT;
    if (keys >= index.count * SHARE_MIN) {
      for (let tries = 0; tries < BUCKETS_MAX; tries++) {
        const bucket = index.bucketAt(Math.floor(random() * index.buckets));
        const slot = this.#ofBucket(bucket, namespace, random);
        if (slot !== NO_SLOT) return slot;
      }
    }
    const page = this.#page(namespace, random);
    const slot = this.#ofPage(page, namespace, random);
    return slot === NO_SLOT ? this.#behind(page, namespace) : slot;
  }

  /** One of the namespace's entries in a chain of buckets, each as likely as the others. */
  #ofBucket(first: number, namespace: NamespaceId, random: () => number): SlotRef {
    const u32 = this.#u32;
    let chosen = NO_SLOT;
    let seen = 0;
    for (let bucket = first; bucket !== 0; bucket = u32[bucket + OVERFLOW]!) {
      for (let i = 0; i < BUCKET_ENTRIES; i++) {
        const slot = (u32[bucket + i]! & SLOT_MASK) as SlotRef;
        if (slot === NO_SLOT || slotNamespace(u32, slot) !== namespace) continue;
        if (this.#parts.isExpired(slot)) continue;
        if (random() * ++seen < 1) chosen = slot;
      }
    }
    return chosen;
  }

  /** One of the namespace's pages, the more likely the more entries it has. */
  #page(namespace: NamespaceId, random: () => number): number {
    const u32 = this.#u32;
    const { shard, namespaces } = this.#parts;
    let chosen = 0;
    let seen = 0;
    let page = u32[namespaces.word(namespace) + NAMESPACE.firstPage]!;
    for (let looks = 0; page !== 0 && looks < PAGES_MAX; looks++) {
      const live = u32[shard.pageRecord(page) + PAGE.live]!;
      seen += live;
      if (random() * seen < live) chosen = page;
      page = u32[shard.pageRecord(page) + PAGE.next]!;
    }
    return chosen;
  }

  /** One of the entries of a page. */
  #ofPage(page: number, namespace: NamespaceId, random: () => number): SlotRef {
    const { slots, isExpired } = this.#parts;
    const cursor = this.#startOf(page, namespace);
    let chosen = NO_SLOT;
    let seen = 0;
    for (;;) {
      const slot = slots.next(namespace, cursor, LOOKS_MAX);
      if (slot === NO_SLOT || cursor.page !== page) return chosen;
      if (!isExpired(slot) && random() * ++seen < 1) chosen = slot;
    }
  }

  /** The first entry behind the start of a page, going round at the end. */
  #behind(page: number, namespace: NamespaceId): SlotRef {
    const { slots, isExpired } = this.#parts;
    const cursor = this.#startOf(page, namespace);
    let isAround = false;
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const slot = slots.next(namespace, cursor, LOOKS_MAX);
      if (slot === NO_SLOT) {
        if (isAround) break;
        isAround = true;
        // At the end the page is 0, which is the start as well.
        cursor.ordinal = 0;
        cursor.place = 0;
      } else if (!isExpired(slot)) return slot;
    }
    return NO_SLOT;
  }

  #startOf(page: number, namespace: NamespaceId): SlotCursor {
    return { ordinal: this.#parts.slots.pageOrdinal(namespace, page), page, place: 0 };
  }
}
