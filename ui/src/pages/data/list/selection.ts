/**
 * The keys that are selected, by name: rows move while more are loaded, names do not.
 */
import { useSyncExternalStore } from "react";

export class Selection {
  readonly #keys = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  /** Where the next range starts. */
  anchor: string | null = null;

  get size(): number {
    return this.#keys.size;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  keys(): string[] {
    return [...this.#keys];
  }

  /** Selects the key, or no longer; the next range starts here. */
  toggle(key: string): void {
    if (!this.#keys.delete(key)) this.#keys.add(key);
    this.anchor = key;
    this.#tell();
  }

  addAll(keys: Iterable<string>): void {
    for (const key of keys) this.#keys.add(key);
    this.#tell();
  }

  removeAll(keys: Iterable<string>): void {
    for (const key of keys) this.#keys.delete(key);
    this.#tell();
  }

  clear(): void {
    this.anchor = null;
    if (this.#keys.size === 0) return;
    this.#keys.clear();
    this.#tell();
  }

  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Renders anew with each change of the selection. */
export function useSelectionVersion(selection: Selection): number {
  return useSyncExternalStore(selection.subscribe, selection.version);
}
