/** Numbers as people read them: counts, rates, shares, sizes and durations. */
const COUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const RATE_UNITS = ["", "k", "M", "G"];
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** 1234567 is `1,234,567`. */
export function countText(count: number): string {
  return COUNT.format(count);
}

/** Operations per second: `12.3k/s`. */
export function rateText(perSecond: number): string {
  const [value, unit] = scaled(perSecond, 1000, RATE_UNITS);
  return `${unit === "" ? COUNT.format(value) : value.toFixed(1)}${unit}/s`;
}

/** Bytes in binary units: `1.5 MiB`. */
export function sizeText(bytes: number): string {
  const [value, unit] = scaled(bytes, 1024, SIZE_UNITS);
  return `${unit === "B" ? COUNT.format(value) : value.toFixed(1)} ${unit}`;
}

/** 0.4567 is `45.7 %`. */
export function shareText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A latency: `85 us`, `1.24 ms`, `2.1 s`. */
export function latencyText(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} us`;
  if (ms < SECOND_MS) return `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
  return `${(ms / SECOND_MS).toFixed(2)} s`;
}

/** A duration in its two largest units: `450 ms`, `12.3 s`, `3m 20s`, `2d 4h`. */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < HOUR_MS) return pair(ms, MINUTE_MS, "m", SECOND_MS, "s");
  if (ms < DAY_MS) return pair(ms, HOUR_MS, "h", MINUTE_MS, "m");
  return pair(ms, DAY_MS, "d", HOUR_MS, "h");
}

function pair(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  return `${Math.floor(ms / largeMs)}${large} ${Math.floor((ms % largeMs) / smallMs)}${small}`;
}

function scaled(value: number, step: number, units: readonly string[]): [number, string] {
  let at = 0;
  while (Math.abs(value) >= step && at < units.length - 1) {
    value /= step;
    at++;
  }
  return [value, units[at] ?? ""];
}
