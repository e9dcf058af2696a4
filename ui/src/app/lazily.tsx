/**
 * Parts of the console that are loaded when they are first wanted, or before that when there is nothing
 * else to do, so that a page is there even if the server is not any more.
 *
 * React's own `lazy` remembers a failure for ever; here `retryFailed` forgets it.
 */
import { lazy } from "react";
import type { ComponentType, ReactNode } from "react";

type Load = () => Promise<{ readonly default: ComponentType }>;

interface Part {
  readonly load: Load;
  current: ComponentType;
}

const parts: Part[] = [];

/** A component that is loaded with its first render; it suspends meanwhile. */
export function lazily(load: Load): ComponentType {
  const part: Part = { load, current: lazy(load) };
  parts.push(part);
  return function Lazily(): ReactNode {
    const Current = part.current;
    return <Current />;
  };
}

/** A mark on the page's own timeline, for whoever measures. */
const ALL_LOADED = "pykv-pages-loaded";

/** Loads all of them once the page has come to rest; one that fails is loaded when it is wanted. */
export function loadAhead(): void {
  const start = (): void => {
    void Promise.allSettled(parts.map(({ load }) => load())).then(() => {
      performance.mark(ALL_LOADED);
    });
  };
  // Not every browser has it.
  if ("requestIdleCallback" in window) window.requestIdleCallback(start, { timeout: 5000 });
  else setTimeout(start, 2000);
}

/** Makes those that failed load anew with their next render. */
export function retryFailed(): void {
  for (const part of parts) part.current = lazy(part.load);
}
