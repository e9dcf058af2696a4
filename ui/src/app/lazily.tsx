/**
 * Parts of the console that are loaded when they are first wanted, or before that when there is nothing
 * else to do, so that a page is there even if the server is not any more.
 *
 * React's own `lazy` would remember a failure for ever, and `Suspense` shows what it shows meanwhile
 * for 300 ms at least, which was a quarter of the time to the first figures.
 */
import { useEffect, useState } from "react";
import type { ComponentType, ReactNode } from "react";
import classes from "./shell.module.css";

type Load = () => Promise<{ readonly default: ComponentType }>;

/** What has become of the loading: the component, or why there is none. */
type Outcome = { readonly component: ComponentType } | { readonly error: unknown };

class Part {
  readonly #load: Load;
  #loading: Promise<Outcome> | null = null;
  /** Null until it has been loaded. */
  outcome: Outcome | null = null;

  constructor(load: Load) {
    this.#load = load;
  }

  /** Loads it, once; never rejects. */
  load(): Promise<Outcome> {
    this.#loading ??= this.#load()
      .then(
        (module): Outcome => ({ component: module.default }),
        (error: unknown): Outcome => ({ error }),
      )
      .then((outcome) => (this.outcome = outcome));
    return this.#loading;
  }

  /** Makes the next call load it again, if it could not be. */
  forgetFailure(): void {
    if (this.outcome === null || !("error" in this.outcome)) return;
    this.outcome = null;
    this.#loading = null;
  }
}

const parts = new Map<ComponentType, Part>();

/** A component that is loaded with its first render; a failure is thrown by a later one. */
export function lazily(load: Load): ComponentType {
  const part = new Part(load);
  const Lazily = (): ReactNode => {
    const [outcome, setOutcome] = useState(part.outcome);
    useEffect(() => {
      if (outcome === null) void part.load().then(setOutcome);
    }, [outcome]);
    if (outcome === null) return <div className={classes.loading} aria-busy="true" />;
    if ("error" in outcome) throw outcome.error;
    return <outcome.component />;
  };
  parts.set(Lazily, part);
  return Lazily;
}

/** Begins to load one that is about to be rendered. */
export function loadNow(component: ComponentType): void {
  void parts.get(component)?.load();
}

/** A mark on the page's own timeline, for whoever measures. */
const ALL_LOADED = "pykv-pages-loaded";

/** Loads all of them once the page has come to rest; one that fails is loaded when it is wanted. */
export function loadAhead(): void {
  const start = async (): Promise<void> => {
    await Promise.all([...parts.values()].map((part) => part.load()));
    retryFailed();
    performance.mark(ALL_LOADED);
  };
  // Not every browser has it.
  if ("requestIdleCallback" in window) {
    window.requestIdleCallback(() => void start(), { timeout: 5000 });
  } else setTimeout(() => void start(), 2000);
}

/** Makes those that failed load anew with their next render. */
export function retryFailed(): void {
  for (const part of parts.values()) part.forgetFailure();
}
