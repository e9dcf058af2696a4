/**
 * Keys that clients watch although they are not there.
 *
 * A watched key that is there is compared by its version when EXEC comes: whatever happened to it, its
 * version is another or it is gone. One that is not there has no version, and may have been there in
 * between; so for these, and only while there are any, every change is listened to. A key past its
 * deadline that has not been swept yet is one that is not there, and its sweeping no change.
 */
import type { NamespaceId, Namespaces } from "../memory/namespaces.ts";
import { CHANGE } from "../store/observer.ts";
import type { Changes, Listener } from "./changes.ts";

/** Who is told that a key has been there. */
export interface Watcher {
  touched(seq: number): void;
}

export class Watches implements Listener {
  readonly #changes: Changes;
  readonly #namespaces: Namespaces;
  /** By `watchName`. */
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(changes: Changes, namespaces: Namespaces) {
    this.#changes = changes;
    this.#namespaces = namespaces;
  }

  /** Names that somebody watches. */
  get size(): number {
    return this.#watchers.size;
  }

  add(name: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(name);
    if (watchers !== undefined) {
      watchers.add(watcher);
      return;
    }
    this.#watchers.set(name, new Set([watcher]));
    this.#changes.add(this);
  }

  remove(name: string, watcher: Watcher): void {
    const watchers = this.#watchers.get(name);
    if (watchers === undefined) return;
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    this.#watchers.delete(name);
    if (this.#watchers.size === 0) this.#changes.remove(this);
  }

  changed(
    change: number,
    _event: string,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void {
    if (change !== CHANGE.created && change !== CHANGE.set) return;
    const name = watchName(this.#namespaces.name(namespace), bytes, at, length);
    const watchers = this.#watchers.get(name);
    if (watchers !== undefined) for (const watcher of watchers) watcher.touched(seq);
  }
}

/** One string for a namespace and a key; no namespace has a space in its name. */
export function watchName(
  namespace: string,
  bytes: Uint8Array,
  at: number,
  length: number,
): string {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, length);
  return `${namespace} ${key.toString("latin1")}`;
}
