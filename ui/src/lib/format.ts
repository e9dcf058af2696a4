/**
 * Numbers as people read them. Everything is a pure function, so that a table and a chart agree.
 */
const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 1536 is "1.5 KB"; units are binary, as everywhere in PyKV. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${significant(value, unit === 0)} ${UNITS[unit] ?? ""}`;
}

/** 1234567 is "1,234,567". */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** "1 key", "1,234 keys". */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 12 is "12", 1234 is "1,234", 1234567 is "1.2M". */
export function formatShort(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) < 10 && !Number.isInteger(value)) return value.toFixed(1);
  return Math.abs(value) < 10_000 ? grouped.format(value) : compact.format(value);
}

/** A share of 0 to 1 as "97.3 %"; null as a dash. */
export function formatShare(share: number | null): string {
  if (share === null) return "–";
  return `${share === 1 || share === 0 ? share * 100 : (share * 100).toFixed(1)} %`;
}

/** 0.042 is "42 µs", 1.5 is "1.5 ms", 2500 is "2.5 s"; null is a dash. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1) return `${significant(ms * 1000, false)} µs`;
  if (ms < 1000) return `${significant(ms, false)} ms`;
  return `${significant(ms / 1000, false)} s`;
}

/** 93784 is "1 d 2 h", 75 is "1 min 15 s": the two largest units. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** "just now", "3 min ago", "2 h ago". */
export function formatAgo(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - thenMs) / 1000);
  if (seconds < 5) return "just now";
  const [largest = ""] = formatDuration(seconds).split(/(?<=[a-z]) /);
  return `${largest} ago`;
}

function significant(value: number, isWhole: boolean): string {
  if (isWhole || value >= 100 || Number.isInteger(value)) return grouped.format(value);
  return value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, "");
}
