/**
 * Which stretch of time all charts of a page show: the last minutes, moving on; a stretch that was
 * zoomed into; or a moment that was held.
 */
import { useSyncExternalStore } from "react";

export const WINDOWS_MINUTES = [1, 5, 15] as const;
export type WindowMinutes = (typeof WINDOWS_MINUTES)[number];

export interface Timeframe {
  readonly windowMinutes: WindowMinutes;
  /** Seconds since 1970; null while not zoomed. */
  readonly zoom: readonly [from: number, to: number] | null;
  readonly isPaused: boolean;
}

/** Narrower than this is a slip of the hand. */
const ZOOM_SECONDS_MIN = 3;
const SHOWN_SECONDS_MIN = 60;

let current: Timeframe = { windowMinutes: 15, zoom: null, isPaused: false };
const listeners = new Set<() => void>();

export function timeframe(): Timeframe {
  return current;
}

export function useTimeframe(): Timeframe {
  return useSyncExternalStore(onTimeframe, timeframe);
}

export function onTimeframe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function setWindow(windowMinutes: WindowMinutes): void {
  change({ ...current, windowMinutes, zoom: null });
}

export function zoomTo(from: number, to: number): void {
  if (to - from >= ZOOM_SECONDS_MIN) change({ ...current, zoom: [from, to] });
}

export function resetZoom(): void {
  change({ ...current, zoom: null });
}

export function togglePause(): void {
  change({ ...current, isPaused: !current.isPaused });
}

/**
 * What the charts show, given the times of the oldest and the newest sample. A window that is longer than
 * the history shows the history alone, so that a server that has just started fills its charts.
 */
export function rangeOf(
  { windowMinutes, zoom }: Timeframe,
  firstSeconds: number,
  lastSeconds: number,
): [number, number] {
  if (zoom !== null) return [zoom[0], zoom[1]];
  const shortest = lastSeconds - SHOWN_SECONDS_MIN;
  return [
    Math.max(lastSeconds - windowMinutes * 60, Math.min(firstSeconds, shortest)),
    lastSeconds,
  ];
}

function change(next: Timeframe): void {
  current = next;
  for (const listener of listeners) listener();
}
