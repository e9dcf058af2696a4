/**
 * What was typed and not yet sent: kept in memory, and in the session's storage so that a reload of the
 * page, or of a server that is being restarted, loses nothing.
 *
 * Each draft is an item of its own, so typing in one does not write the others. The storage is small:
 * a draft of more than a million characters, or one that it refuses, is kept in memory alone.
 */
import { useCallback, useSyncExternalStore } from "react";

/** The part of the browser's storage that is used. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "pykv-draft:";
const STORED_CHARACTERS_MAX = 1_000_000;

export class Drafts {
  readonly #storage: DraftStorage | null;
  readonly #drafts = new Map<string, unknown>();
  readonly #listeners = new Set<() => void>();
  /** Those that a reload would lose. */
  readonly #unstored = new Set<string>();

  constructor(storage: DraftStorage | null) {
    this.#storage = storage;
    for (const id of this.#storedIds()) {
      const draft = parse(storage?.getItem(PREFIX + id) ?? null);
      if (draft !== undefined) this.#drafts.set(id, draft);
    }
  }

  get(id: string): unknown {
    return this.#drafts.get(id);
  }

  /** Ids of all drafts. */
  ids(): string[] {
    return [...this.#drafts.keys()];
  }

  /** Whether leaving the page would lose something. */
  get isFragile(): boolean {
    return this.#unstored.size > 0;
  }

  set(id: string, draft: unknown): void {
    this.#drafts.set(id, draft);
    if (this.#store(id, draft)) this.#unstored.delete(id);
    else this.#unstored.add(id);
    this.#tell();
  }

  delete(id: string): void {
    if (!this.#drafts.delete(id)) return;
    this.#unstored.delete(id);
    this.#storage?.removeItem(PREFIX + id);
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  #store(id: string, draft: unknown): boolean {
    const text = JSON.stringify(draft);
    try {
      if (text.length > STORED_CHARACTERS_MAX) this.#storage?.removeItem(PREFIX + id);
      else this.#storage?.setItem(PREFIX + id, text);
      return this.#storage !== null && text.length <= STORED_CHARACTERS_MAX;
    } catch {
      // The quota is used up.
      return false;
    }
  }

  #storedIds(): string[] {
    const names = Array.from({ length: this.#storage?.length ?? 0 }, (_, at) => {
      return this.#storage?.key(at) ?? "";
    });
    return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Null where storage is forbidden, as in some private windows. */
function sessionStorageIfAllowed(): DraftStorage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

export const drafts = new Drafts(sessionStorageIfAllowed());

/**
 * One draft, and what changes it; undefined drops it. `read` takes what was stored, perhaps by
 * an older console, and returns undefined for what it can't use.
 */
export function useDraft<T>(
  id: string,
  read: (stored: unknown) => T | undefined,
): readonly [T | undefined, (draft: T | undefined) => void] {
  const stored = useSyncExternalStore(drafts.subscribe, () => drafts.get(id));
  const set = useCallback(
    (draft: T | undefined) => (draft === undefined ? drafts.delete(id) : drafts.set(id, draft)),
    [id],
  );
  return [stored === undefined ? undefined : read(stored), set];
}
