/**
 * The namespaces that were read most since the last look, in one pass over the directory that makes an
 * object for none but those it returns: tens of thousands of namespaces take some milliseconds.
 */
import { NAMESPACE_TOTAL } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import type { Engine } from "./engine.ts";
import { namespaceFigures } from "./stats.ts";
import type { BusyNamespace } from "./types.ts";

/**
 * What each namespace's reads were at the last look; kept by whoever looks. One that is looked at for the
 * first time has no reads since: a cleared namespace goes on, with its counters, under another number.
 */
export class ReadMarks {
  #reads = new Float64Array(16).fill(NaN);

  /** Reads since the last look at this namespace. */
  advance(id: NamespaceId, reads: number): number {
    if (id >= this.#reads.length) this.#grow(id);
    const before = this.#reads[id] ?? NaN;
    this.#reads[id] = reads;
    return reads >= before ? reads - before : 0;
  }

  forget(id: NamespaceId): void {
    if (id < this.#reads.length) this.#reads[id] = NaN;
  }

  #grow(id: number): void {
    const larger = new Float64Array(2 ** Math.ceil(Math.log2(id + 1))).fill(NaN);
    larger.set(this.#reads);
    this.#reads = larger;
  }
}

interface Candidate {
  readonly id: NamespaceId;
  readonly reads: number;
  readonly bytes: number;
}

/** At most `limit` of them, the busiest first, and among those not read at all the largest first. */
export function busiestNamespaces(
  { table: { namespaces } }: Engine,
  limit: number,
  marks: ReadMarks,
): BusyNamespace[] {
  const best: Candidate[] = [];
  for (let number = 1; number <= namespaces.top; number++) {
    const id = number as NamespaceId;
    if (!namespaces.isLive(id)) {
      marks.forget(id);
      continue;
    }
    const all =
      namespaces.total(id, NAMESPACE_TOTAL.hits) + namespaces.total(id, NAMESPACE_TOTAL.misses);
    const reads = marks.advance(id, all);
    const bytes = namespaces.total(id, NAMESPACE_TOTAL.bytes);
    if (all === 0 && namespaces.keys(id) === 0) continue;
    const last = best[limit - 1];
    if (last !== undefined && !isBusier(reads, bytes, last)) continue;
    const at = best.findIndex((each) => isBusier(reads, bytes, each));
    best.splice(at < 0 ? best.length : at, 0, { id, reads, bytes });
    if (best.length > limit) best.pop();
  }
  return best.map(({ id, reads }) => ({ ...namespaceFigures(namespaces, id), reads }));
}

function isBusier(reads: number, bytes: number, than: Candidate): boolean {
  return reads === than.reads ? bytes > than.bytes : reads > than.reads;
}
