/**
 * The memory limit while the store runs.
 *
 * Raising it takes effect at once. Lowering it below what is used means to evict, perhaps millions of
 * entries, each with a record in the log; so the background work does it in slices, and the limit in
 * force follows what is used down until the new one is met. Writes find the memory full meanwhile and
 * evict for themselves. Where nothing may be evicted the lower limit holds at once, and refuses them.
 */
import type { Engine } from "./engine.ts";

/** Victims between two looks at the clock. */
const STEPS = 64;

export class MemoryLimit {
  readonly #engine: Engine;
  /** The limit on its way; null when it is in force. */
  #target: number | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** What it was set to. */
  get bytes(): number {
    return this.#target ?? this.#engine.table.maxBytes;
  }

  /** @param bytes up to the table's `maxBytesMax` */
  set(bytes: number): void {
    const { table } = this.#engine;
    this.#target = table.mayEvict && bytes < table.usedBytes ? bytes : null;
    table.limit(this.#target === null ? bytes : table.usedBytes);
  }

  /** Evicts towards a lowered limit until `isOver`; true when there is more to do now. */
  slice(isOver: () => boolean): boolean {
    const target = this.#target;
    if (target === null) return false;
    const { table } = this.#engine;
    const evict = this.#engine.evictBeside(0);
    for (let done = 1; table.usedBytes > target; done++) {
      if (!table.giveWay(evict)) {
        // The log is busy, and the next waking goes on; or nothing more may go.
        if (this.#engine.evictionVerdict === "ok") break;
        table.limit(Math.max(target, table.usedBytes));
        return false;
      }
      if (done % STEPS === 0 && isOver()) {
        table.limit(Math.max(target, table.usedBytes));
        return true;
      }
    }
    table.limit(target);
    this.#target = null;
    return false;
  }
}
