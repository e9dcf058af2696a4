/**
 * The server's fine buckets, drawn together into as many bins as there is room for.
 *
 * Latencies span six powers of ten, so the bins are of equal width on a logarithmic scale, ten to each
 * power; what falls between is shared out by the part of a bucket that lies in each bin.
 */
import type { Bucket } from "../../lib/server.ts";

const BINS_PER_DECADE = 10;
/** A step of the server's clock; below it there is nothing to tell apart. */
const SHORTEST_MS = 0.001;

export interface Bin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** From the first bin that holds anything to the last, none left out between them. */
export function binsOf(buckets: readonly Bucket[]): Bin[] {
  const counts = new Map<number, number>();
  for (const { from_ms: fromMs, to_ms: toMs, count } of buckets) {
    const from = positionOf(fromMs);
    const to = Math.max(from, positionOf(toMs));
    for (let bin = Math.floor(from); bin <= to; bin++) {
      const overlap = Math.min(to, bin + 1) - Math.max(from, bin);
      const share = to === from ? 1 : overlap / (to - from);
      if (share > 0) counts.set(bin, (counts.get(bin) ?? 0) + count * share);
    }
  }
  if (counts.size === 0) return [];
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    fromMs: startOf(first + i),
    toMs: startOf(first + i + 1),
    count: counts.get(first + i) ?? 0,
  }));
}

/** Where a duration is on the scale, in bins. */
function positionOf(ms: number): number {
  const position = Math.log10(Math.max(ms, SHORTEST_MS)) * BINS_PER_DECADE;
  // What a logarithm misses a whole number by must not make a bin of its own.
  return Math.abs(position - Math.round(position)) < 1e-9 ? Math.round(position) : position;
}

function startOf(bin: number): number {
  return 10 ** (bin / BINS_PER_DECADE);
}
