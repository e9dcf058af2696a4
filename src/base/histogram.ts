/**
 * Latencies counted in fixed buckets, after Gil Tene's HdrHistogram.
 *
 * Keeping samples would need memory without bound, and averages hide the slow requests, so each
 * duration is counted in a bucket whose width is a fixed share of its value: every power of two is
 * cut into 16 buckets of equal width. Recording is one count of leading zeros, a shift and an
 * increment; memory is the same for ten samples as for ten billion.
 *
 *   units    = duration in steps of 100 ns, at most 2^31 - 1 (214 s; longer counts as that)
 *   units <  16:  bucket = units
 *   units >= 16:  e = floor(log2 units), bucket = (e - 3) * 16 + (the 4 bits after the leading one)
 *
 * A percentile is interpolated inside its bucket, so it is off by at most the bucket's width: 6.25 %
 * of the value, and never by less than the step of 100 ns. Half of that is typical.
 */
import { assert } from "./assert.ts";

const SUB_BUCKET_BITS = 4;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const UNITS_PER_MS = 10_000;
const UNITS_MAX = 2 ** 31 - 1;

export const BUCKET_COUNT = (31 - SUB_BUCKET_BITS + 1) * SUB_BUCKETS;

/** The bucket that counts a duration in milliseconds; a negative one counts as 0. */
export function bucketOf(durationMs: number): number {
  const units = Math.min(UNITS_MAX, Math.max(0, Math.round(durationMs * UNITS_PER_MS)));
  if (units < SUB_BUCKETS) return units;
  const exponent = 31 - Math.clz32(units);
  const sub = (units >>> (exponent - SUB_BUCKET_BITS)) & (SUB_BUCKETS - 1);
  return (exponent - SUB_BUCKET_BITS + 1) * SUB_BUCKETS + sub;
}

/** The smallest duration of a bucket, in milliseconds; that of the next one ends it. */
export function bucketStartMs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket / UNITS_PER_MS;
  const exponent = (bucket >>> SUB_BUCKET_BITS) + SUB_BUCKET_BITS - 1;
  const sub = bucket & (SUB_BUCKETS - 1);
  return (2 ** exponent * (1 + sub / SUB_BUCKETS)) / UNITS_PER_MS;
}

export class Histogram {
  /** Doubles, since a count of 32 bits overflows after half a day at 100,000 requests a second. */
  readonly #counts = new Float64Array(BUCKET_COUNT);
  #count = 0;
  #sumMs = 0;

  /** Samples recorded. */
  get count(): number {
    return this.#count;
  }

  /** Sum of the samples, in milliseconds; exact but for rounding, since it needs no bucket. */
  get sumMs(): number {
    return this.#sumMs;
  }

  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count;
  }

  /**
   * Counts one duration in milliseconds, or several alike. Costs a few nanoseconds and allocates
   * nothing.
   */
  record(durationMs: number, times = 1): void {
    this.#counts[bucketOf(durationMs)]! += times;
    this.#count += times;
    this.#sumMs += durationMs * times;
  }

  /** Adds every sample of another histogram. */
  add(other: Histogram): void {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      this.#counts[bucket]! += other.#counts[bucket]!;
    }
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
  }

  /** Takes every sample of another histogram away, all of which must be in this one. */
  subtract(other: Histogram): void {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      this.#counts[bucket]! -= other.#counts[bucket]!;
    }
    this.#count -= other.#count;
    this.#sumMs -= other.#sumMs;
  }

  /** The buckets that are not empty, the shortest durations first. */
  *buckets(): Generator<{ startMs: number; endMs: number; count: number }> {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      const count = this.#counts[bucket]!;
      if (count === 0) continue;
      yield { startMs: bucketStartMs(bucket), endMs: bucketStartMs(bucket + 1), count };
    }
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sumMs = 0;
  }

  /** The duration in milliseconds that the share `fraction` (0 to 1) of the samples do not exceed. */
  percentileMs(fraction: number): number {
    assert(fraction >= 0 && fraction <= 1, "a percentile is a share of 0 to 1");
    const rank = fraction * this.#count;
    let below = 0;
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      const here = this.#counts[bucket]!;
      if (here > 0 && below + here >= rank) return interpolateMs(bucket, (rank - below) / here);
      below += here;
    }
    return 0;
  }

  /** Samples of at most `limitMs`, up to the width of one bucket. */
  countUpTo(limitMs: number): number {
    const last = bucketOf(limitMs);
    let total = 0;
    for (let bucket = 0; bucket < last; bucket++) total += this.#counts[bucket]!;
    return total;
  }
}

function interpolateMs(bucket: number, share: number): number {
  const startMs = bucketStartMs(bucket);
  return startMs + (bucketStartMs(bucket + 1) - startMs) * Math.max(0, share);
}
