/**
 * What happens to keys, passed on to those who asked: keyspace notifications, client-side caches and
 * watched keys.
 *
 * The engine tells of every change, whichever door made it. As long as nobody asks, the engine has no
 * observer and a write costs nothing more.
 */
import { CHANGE } from "../store/observer.ts";
import type { Engine } from "../store/engine.ts";
import type { Observer } from "../store/observer.ts";
import type { NamespaceId } from "../memory/namespaces.ts";

/** For a write that has no event of its own, since the command sends its events itself, in order. */
export const NO_EVENT = "-";

/** Somebody who wants to know of changes. */
export interface Listener {
  /** @param event what the command calls it; "" when another door or the server itself did it */
  changed(
    change: number,
    event: string,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void;
}

/** Somebody who wants to know of events by name: keyspace notifications. */
export interface EventListener extends Listener {
  readonly wantsMisses: boolean;
  notify(
    event: string,
    namespace: string,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void;
}

export class Changes implements Observer {
  /** What the write about to be made is called. */
  event = "";
  isNotifying = false;
  wantsMisses = false;
  readonly #engine: Engine;
  readonly #isServing: () => boolean;
  readonly #listeners = new Set<Listener>();
  #notifier: EventListener | null = null;

  /** @param isServing whether a command is being run: a change outside of one has no name */
  constructor(engine: Engine, isServing: () => boolean) {
    this.#engine = engine;
    this.#isServing = isServing;
  }

  /** From now on the listener is told; no more than once, however often it is added. */
  add(listener: Listener): void {
    this.#listeners.add(listener);
    this.#engine.observer = this;
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#engine.observer = null;
  }

  /** Sets who sends keyspace notifications; null when none are to be sent. */
  setNotifier(notifier: EventListener | null): void {
    if (this.#notifier !== null) this.remove(this.#notifier);
    this.#notifier = notifier;
    this.isNotifying = notifier !== null;
    this.wantsMisses = notifier?.wantsMisses ?? false;
    if (notifier !== null) this.add(notifier);
  }

  changed(
    change: number,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void {
    // What the engine does of its own accord has not the name of the command that runs meanwhile.
    const isOwn = change !== CHANGE.expired && change !== CHANGE.evicted;
    const event = isOwn && this.#isServing() ? this.event : "";
    for (const listener of this.#listeners) {
      if (event === NO_EVENT && listener === this.#notifier) continue;
      listener.changed(change, event, namespace, bytes, at, length, seq);
    }
  }

  notify(
    event: string,
    namespace: string,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void {
    this.#notifier?.notify(event, namespace, bytes, at, length, seq);
  }

  missed(namespace: string, bytes: Uint8Array, at: number, length: number): void {
    this.#notifier?.notify("keymiss", namespace, bytes, at, length, 0);
  }
}
