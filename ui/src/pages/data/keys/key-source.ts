/**
 * The keys that the Data page has loaded, and the loading of more.
 *
 * A listing comes in no order, up to 10,000 keys a page, so what is shown is always the part that has
 * been loaded, sorted; `status` says honestly which part that is. Pages are put into the tree in slices
 * of a few milliseconds, so that scrolling goes on meanwhile. Memory is bounded by a number of keys and
 * of characters; beyond that a prefix has to narrow the list down.
 *
 * One source is one listing: another namespace or prefix is another source.
 */
import type { Page, PageOptions } from "pykv/client";
import { KeyTree } from "./key-tree.ts";

export interface KeySourceStatus {
  readonly phase: "loading" | "idle" | "failed";
  /** Whether every key of the listing has been loaded. */
  readonly isComplete: boolean;
  /** Whether no more may be loaded, though there are more. */
  readonly isFull: boolean;
  /** Whether it goes on by itself until the end. */
  readonly isLoadingAll: boolean;
  readonly error: unknown;
  /** Grows with every change of the tree. */
  readonly version: number;
}

/** What the source needs from its surroundings, so that a test can stand in for it. */
export interface Surroundings {
  listPage(options: PageOptions): Promise<Page>;
  nowMs(): number;
  /** Lets the browser draw and listen before it goes on. */
  breathe(): Promise<void>;
  /** Keys that may be loaded. */
  readonly keysMax: number;
}

const KEY_CHARACTERS_MAX = 128 * 1024 * 1024;
/** The first page is on the screen sooner when it is small. */
const FIRST_PAGE_KEYS = 1000;
const PAGE_KEYS = 10_000;
const SLICE_MS = 4;
/** Drawing the list anew costs more than a slice: it is done less often. */
const TELL_MS = 200;
/** Keys between two looks at the clock. */
const SLICE_KEYS = 64;

export class KeySource {
  readonly prefix: string;
  readonly #surroundings: Surroundings;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  #tree: KeyTree;
  /** Being made to take the place of the tree; `removed` is what it must not have in the end. */
  #next: { readonly tree: KeyTree; readonly removed: Set<string> } | null = null;
  #cursor: string | null = null;
  #characters = 0;
  #status: KeySourceStatus = {
    phase: "idle",
    isComplete: false,
    isFull: false,
    isLoadingAll: false,
    error: null,
    version: 0,
  };

  /** `openPrefixes` are the folders that are open from the start, as they were in another listing. */
  constructor(
    prefix: string,
    separator: string,
    surroundings: Surroundings,
    openPrefixes: ReadonlySet<string> = new Set(),
  ) {
    this.prefix = prefix;
    this.#surroundings = surroundings;
    this.#tree = new KeyTree(separator, openPrefixes);
    this.#tree.reveal(prefix);
  }

  get tree(): KeyTree {
    return this.#tree;
  }

  readonly status = (): KeySourceStatus => this.#status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Loads the next page, unless one is on its way or there is none. */
  async more(): Promise<void> {
    const { phase, isComplete, isFull } = this.#status;
    if (phase === "loading" || isComplete || isFull) return;
    this.#change({ phase: "loading", error: null });
    try {
      do await this.#nextPage();
      while (this.#status.isLoadingAll && !this.#status.isComplete && !this.#status.isFull);
      this.#change({ phase: "idle", isLoadingAll: false });
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#change({ phase: "failed", isLoadingAll: false, error });
    }
  }

  /** Loads until the end, or until `pause`. */
  async all(): Promise<void> {
    this.#change({ isLoadingAll: true });
    await this.more();
  }

  pause(): void {
    if (this.#status.isLoadingAll) this.#change({ isLoadingAll: false });
  }

  /** Ends it for good. */
  close(): void {
    this.#abort.abort();
    this.#listeners.clear();
  }

  /** Notes a key that was written here. */
  add(key: string): void {
    if (!key.startsWith(this.prefix)) return;
    this.#next?.removed.delete(key);
    for (const tree of this.#trees()) tree.add(key);
    this.#change({});
  }

  /** Notes a key that was deleted here, or found to be gone. */
  remove(key: string): void {
    this.#next?.removed.add(key);
    for (const tree of this.#trees()) tree.delete(key);
    this.#change({});
  }

  setOpen(prefix: string, isOpen: boolean): void {
    this.#tree.setOpen(prefix, isOpen);
    this.#change({});
  }

  reveal(key: string): void {
    this.#tree.reveal(key);
    this.#change({});
  }

  /** Sorts the same keys into other folders, beside those that are shown until it is done. */
  async separateBy(separator: string): Promise<void> {
    this.#next = null;
    if (this.#tree.separator === separator) return;
    const next = new KeyTree(separator);
    const removed = new Set<string>();
    next.reveal(this.prefix);
    const rebuilt = { tree: next, removed };
    this.#next = rebuilt;
    // A copy: the tree changes meanwhile, and then both do.
    const keys = [...this.#tree.keysIn("")];
    await this.#insert([next], keys, () => this.#next === rebuilt);
    if (!this.#isNext(rebuilt)) return;
    for (const key of removed) next.delete(key);
    this.#next = null;
    this.#tree = next;
    this.#change({});
  }

  async #nextPage(): Promise<void> {
    const { keyCount } = this.#tree;
    const page = await this.#surroundings.listPage({
      prefix: this.prefix,
      cursor: this.#cursor,
      limit: this.#cursor === null && keyCount === 0 ? FIRST_PAGE_KEYS : PAGE_KEYS,
      signal: this.#abort.signal,
    });
    this.#cursor = page.cursor;
    for (const key of page.keys) this.#characters += key.length;
    await this.#insert(null, page.keys, () => !this.#abort.signal.aborted);
    const { keysMax } = this.#surroundings;
    const isFull = this.#tree.keyCount >= keysMax || this.#characters >= KEY_CHARACTERS_MAX;
    this.#change({ isComplete: page.cursor === null, isFull: isFull && page.cursor !== null });
  }

  /** Another separator may have been chosen while this one was made. */
  #isNext(rebuilt: object): boolean {
    return this.#next === rebuilt;
  }

  #trees(): KeyTree[] {
    return this.#next === null ? [this.#tree] : [this.#tree, this.#next.tree];
  }

  /** Without targets: into what is shown, and into what will take its place. */
  async #insert(
    targets: readonly KeyTree[] | null,
    keys: Iterable<string>,
    goesOn: () => boolean,
  ): Promise<void> {
    const surroundings = this.#surroundings;
    let startedMs = surroundings.nowMs();
    let toldMs = startedMs;
    let count = 0;
    for (const key of keys) {
      for (const tree of targets ?? this.#trees()) tree.add(key);
      count += 1;
      if (count % SLICE_KEYS !== 0 || surroundings.nowMs() - startedMs < SLICE_MS) continue;
      if (targets === null && surroundings.nowMs() - toldMs >= TELL_MS) {
        toldMs = surroundings.nowMs();
        this.#change({});
      }
      await surroundings.breathe();
      if (!goesOn()) return;
      startedMs = surroundings.nowMs();
    }
  }

  #change(change: Partial<KeySourceStatus>): void {
    this.#status = { ...this.#status, ...change, version: this.#status.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}
