/** Times to live as they are typed, and as they run down. */
import { formatDuration } from "./format.ts";

export const TTL_UNITS = [
  { value: "s", label: "seconds", seconds: 1 },
  { value: "min", label: "minutes", seconds: 60 },
  { value: "h", label: "hours", seconds: 3600 },
  { value: "d", label: "days", seconds: 86_400 },
] as const;

export type TtlUnit = (typeof TTL_UNITS)[number]["value"];

const MS = 1000;
/** As the server has it: about 317 years. */
const TTL_SECONDS_MAX = 10_000_000_000;
/** Below this tenths are worth watching. */
const TENTHS_SECONDS = 10;

/** When a key expires that has so many seconds now; null never. */
export function deadlineOf(ttlSeconds: number | null, nowMs: number): number | null {
  return ttlSeconds === null ? null : nowMs + ttlSeconds * MS;
}

/** "4.2 s", "1 min 15 s"; "now" when it is over. */
export function formatTimeLeft(deadlineMs: number, nowMs: number): string {
  const seconds = (deadlineMs - nowMs) / MS;
  if (seconds <= 0) return "now";
  return seconds < TENTHS_SECONDS ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
}

/** How long until the text above changes. */
export function tickMs(deadlineMs: number, nowMs: number): number {
  return deadlineMs - nowMs < TENTHS_SECONDS * MS ? 100 : MS;
}

/** Seconds out of what was typed; empty is null, which is for ever. Undefined when it is no ttl. */
export function parseTtl(text: string, unit: TtlUnit): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (!/^\d*\.?\d+$|^\d+\.$/.test(trimmed)) return undefined;
  const factor = TTL_UNITS.find(({ value }) => value === unit)!.seconds;
  const seconds = Math.round(Number(trimmed) * factor * MS) / MS;
  return seconds > 0 && seconds <= TTL_SECONDS_MAX ? seconds : undefined;
}

/** The largest unit in which a ttl is a whole number, for editing it. */
export function splitTtl(seconds: number): { readonly amount: string; readonly unit: TtlUnit } {
  const unit = TTL_UNITS.findLast((each) => Number.isInteger(seconds / each.seconds));
  if (unit === undefined) return { amount: String(seconds), unit: "s" };
  return { amount: String(seconds / unit.seconds), unit: unit.value };
}
