/**
 * SAVE, BGSAVE and BGREWRITEAOF: three names for one thing here, a snapshot that replaces the log
 * before it. Clients that ask for one of them are told what Redis would tell them, so it is kept which
 * name the running one goes by; one that the store takes by itself counts as a rewrite.
 */
import type { Store } from "../store/store.ts";

export type SaveKind = "save" | "rewrite";

export class Saves {
  readonly #store: Store;
  #kind: SaveKind = "rewrite";
  /** What comes when the one that runs is through. */
  #scheduled: SaveKind | null = null;
  /** Asked for since the start, by kind. */
  readonly totals = { save: 0, rewrite: 0 };

  constructor(store: Store) {
    this.#store = store;
  }

  get running(): SaveKind | null {
    return this.#store.compacting ? this.#kind : null;
  }

  get scheduled(): SaveKind | null {
    return this.#scheduled;
  }

  /** Whether there is anything to save to. */
  get isPossible(): boolean {
    return this.#store.engine.journal.stats().fsync !== null;
  }

  /** Takes a snapshot; rejects as `Store.compact` does, which has logged it. */
  async run(kind: SaveKind): Promise<void> {
    this.#kind = kind;
    this.totals[kind]++;
    try {
      await this.#store.compact();
    } finally {
      this.#kind = "rewrite";
    }
  }

  /** The same with nobody waiting for it. */
  start(kind: SaveKind): void {
    this.run(kind).catch(() => undefined);
  }

  /** Starts one as soon as the one that runs is through. */
  schedule(kind: SaveKind): void {
    const isWaiting = this.#scheduled !== null;
    this.#scheduled = kind;
    if (isWaiting) return;
    void this.#store.compacted().then(() => {
      const next = this.#scheduled ?? kind;
      this.#scheduled = null;
      this.start(next);
    });
  }
}
