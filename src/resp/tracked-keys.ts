/**
 * Which clients may have which keys in their caches.
 *
 * A map for each namespace, from keys to client numbers, so that forgetting a namespace costs nothing
 * for each key. A key is mostly cached by one client, so a number stands for a set of one. Numbers of
 * clients that are gone stay until their key changes, or until a set has more of them than there are
 * clients: a number is never given out twice, so they do no harm.
 *
 * The keys are remembered in the order in which they came, and the table is kept within its limit by
 * forgetting the oldest, one of each namespace in turn. A map's iterator goes on where it was though
 * keys are deleted behind it and added before it, so finding the oldest is O(1).
 */

/** What a key and a client in a set take beside the key's own bytes, about. */
export const TRACKED_KEY_BYTES = 64;
const CLIENT_BYTES = 32;
/** Smaller sets are not worth looking through. */
const LOOKED_THROUGH_MIN = 16;

/** What is forgotten of a key: whom to tell. */
export type ClientIds = number | ReadonlySet<number>;

interface NamespaceKeys {
  readonly ids: Map<string, number | Set<number>>;
  /** Clients that have tracked a key here. */
  readonly clients: Set<number>;
  bytes: number;
  oldest: MapIterator<string>;
}

export class TrackedKeys {
  /** None of them empty. */
  readonly #namespaces = new Map<string, NamespaceKeys>();
  #turn = this.#namespaces.entries();
  /** Keys in all namespaces. */
  size = 0;
  /** Memory that they take, about. */
  bytes = 0;

  add(namespace: string, key: string, id: number, isGone: (id: number) => boolean): void {
    const keys = this.#namespaces.get(namespace) ?? this.#newNamespace(namespace);
    keys.clients.add(id);
    const known = keys.ids.get(key);
    if (known === undefined) {
      keys.ids.set(key, id);
      this.size++;
      this.#count(keys, bytesOf(key, id));
    } else if (typeof known === "number") {
      if (known === id) return;
      keys.ids.set(key, new Set([known, id]));
      this.#count(keys, 2 * CLIENT_BYTES);
    } else {
      const before = known.size;
      addTo(known, id, isGone);
      this.#count(keys, (known.size - before) * CLIENT_BYTES);
    }
  }

  /** Forgets a key; undefined when nobody tracked it. */
  take(namespace: string, key: string): ClientIds | undefined {
    const keys = this.#namespaces.get(namespace);
    const found = keys?.ids.get(key);
    if (keys === undefined || found === undefined) return undefined;
    keys.ids.delete(key);
    if (keys.ids.size === 0) this.#namespaces.delete(namespace);
    this.size--;
    this.#count(keys, -bytesOf(key, found));
    return found;
  }

  /** Forgets the oldest key of the namespace whose turn it is. The table must not be empty. */
  takeOldest(): { readonly key: string; readonly ids: ClientIds } {
    let next = this.#turn.next();
    if (next.done === true) {
      this.#turn = this.#namespaces.entries();
      next = this.#turn.next();
    }
    const [namespace, keys] = next.value!;
    const key = nextOf(keys);
    return { key, ids: this.take(namespace, key)! };
  }

  /** Forgets a namespace; returns the clients that have tracked a key there. */
  takeNamespace(namespace: string): ReadonlySet<number> {
    const keys = this.#namespaces.get(namespace);
    if (keys === undefined) return new Set();
    this.#namespaces.delete(namespace);
    this.size -= keys.ids.size;
    this.bytes -= keys.bytes;
    return keys.clients;
  }

  /** The client is gone: it has tracked nothing as far as `takeNamespace` is concerned. */
  forgetClient(id: number): void {
    for (const { clients } of this.#namespaces.values()) clients.delete(id);
  }

  clear(): void {
    this.#namespaces.clear();
    this.size = 0;
    this.bytes = 0;
  }

  #newNamespace(namespace: string): NamespaceKeys {
    const ids = new Map<string, number | Set<number>>();
    const keys = { ids, clients: new Set<number>(), bytes: 0, oldest: ids.keys() };
    this.#namespaces.set(namespace, keys);
    return keys;
  }

  #count(keys: NamespaceKeys, bytes: number): void {
    keys.bytes += bytes;
    this.bytes += bytes;
  }
}

function bytesOf(key: string, ids: ClientIds): number {
  const idsBytes = typeof ids === "number" ? 0 : ids.size * CLIENT_BYTES;
  return key.length + TRACKED_KEY_BYTES + idsBytes;
}

function nextOf(keys: NamespaceKeys): string {
  let next = keys.oldest.next();
  if (next.done === true) {
    keys.oldest = keys.ids.keys();
    next = keys.oldest.next();
  }
  return next.value!;
}

/** Adds to a set, and looks for clients that are gone each time that it has doubled. */
function addTo(ids: Set<number>, id: number, isGone: (id: number) => boolean): void {
  if (ids.has(id)) return;
  ids.add(id);
  if (ids.size < LOOKED_THROUGH_MIN || (ids.size & (ids.size - 1)) !== 0) return;
  for (const each of ids) if (isGone(each)) ids.delete(each);
}
