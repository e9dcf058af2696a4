/**
 * The one live connection of the page, and what React reads of it.
 *
 * A component subscribes to what it shows: the connection, the newest sample, or every change (charts,
 * which draw themselves and need no render). Each snapshot is one object that changes only when it
 * changes, so a sample a second costs the components that show it one render each, and no other.
 */
import { useSyncExternalStore } from "react";
import { History } from "./history.ts";
import { Stream } from "./stream.ts";
import type { Connection } from "./stream.ts";
import type { Now, SampleEvent } from "./types.ts";

export interface Latest {
  readonly figures: SampleEvent["figures"];
  readonly now: Now;
}

class Topic<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}

const connection = new Topic<Connection>({ status: "connecting" });
const latest = new Topic<Latest | null>(null);
/** Counts the changes of the history. */
const changes = new Topic(0);
const history = new History();

const stream = new Stream(
  "/events",
  {
    open: (url) => new EventSource(url),
    nowMs: () => Date.now(),
    random: () => Math.random(),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  },
  {
    connection: (state) => {
      const isSame = state.status === "live" && connection.get().status === "live";
      if (!isSame) connection.set(state);
    },
    history: (event) => {
      history.join(event);
      latest.set({ figures: history.last(), now: event.now });
      changes.set(changes.get() + 1);
    },
    sample: (event) => {
      history.push(event);
      latest.set(event);
      changes.set(changes.get() + 1);
    },
  },
);

/** Starts the connection; called once, by the page. */
export function startLive(): void {
  stream.connect();
  document.addEventListener("visibilitychange", () => stream.setVisible(!document.hidden));
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) stream.connect();
  });
}

/** Calls `run` each time that the connection is back after it was lost. */
export function onReconnect(run: () => void): void {
  let wasLost = false;
  connection.subscribe(() => {
    const { status } = connection.get();
    if (status === "waiting") wasLost = true;
    if (status !== "live" || !wasLost) return;
    wasLost = false;
    run();
  });
}

/** Tries again now instead of at the time that was planned. */
export function reconnectNow(): void {
  stream.connect();
}

export function useConnection(): Connection {
  return useSyncExternalStore(connection.subscribe, connection.get);
}

/** The newest sample, kept while the connection is lost; null before the first. */
export function useLatest(): Latest | null {
  return useSyncExternalStore(latest.subscribe, latest.get);
}

export const live = { history, onChange: changes.subscribe } as const;
