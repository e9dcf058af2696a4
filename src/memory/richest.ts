/**
 * Which namespace gives way when the memory is full: the one that holds the most bytes, so that one
 * tenant can't push out the others.
 *
 * An exact answer would need an order kept up with every write. Instead a few namespaces are looked
 * at each time, going round the directory, and the richest seen so far is remembered: with a few
 * tenants that is exact, with many it is right after one round, and a round goes by quickly, since
 * it is taken just when much has to go.
 *
 * Cost: RICHEST_LOOKS records; up to the whole directory only when the one remembered holds nothing
 * any more and most others hold nothing either.
 */
import { NAMESPACE_TOTAL, NO_NAMESPACE } from "./namespaces.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import { COUNTER } from "./shard.ts";
import type { Shard } from "./shard.ts";

export const RICHEST_LOOKS = 16;

export class Richest {
  readonly #u32: Uint32Array;
  readonly #namespaces: Namespaces;

  constructor(shard: Shard, namespaces: Namespaces) {
    this.#u32 = shard.u32;
    this.#namespaces = namespaces;
  }

  /** The richest namespace other than `except`; NO_NAMESPACE when no other holds a key. */
  pick(except: NamespaceId = NO_NAMESPACE): NamespaceId {
    const { top } = this.#namespaces;
    let richest = this.#u32[COUNTER.richestNamespace]! as NamespaceId;
    let cursor = this.#u32[COUNTER.richestCursor]!;
    if (richest === except || !this.#holdsKeys(richest)) richest = NO_NAMESPACE;
    for (let looks = 0; looks < top; looks++) {
      if (looks >= RICHEST_LOOKS && richest !== NO_NAMESPACE) break;
      cursor = (cursor % top) + 1;
      const id = cursor as NamespaceId;
      if (id !== except && this.#holdsKeys(id) && this.#isRicher(id, richest)) richest = id;
    }
    this.#u32[COUNTER.richestNamespace] = richest;
    this.#u32[COUNTER.richestCursor] = cursor;
    return richest;
  }

  #holdsKeys(id: NamespaceId): boolean {
    return this.#namespaces.isLive(id) && this.#namespaces.keys(id) > 0;
  }

  #isRicher(id: NamespaceId, than: NamespaceId): boolean {
    if (than === NO_NAMESPACE) return true;
    const { bytes } = NAMESPACE_TOTAL;
    return this.#namespaces.total(id, bytes) > this.#namespaces.total(than, bytes);
  }
}
