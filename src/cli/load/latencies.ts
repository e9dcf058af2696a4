/** A histogram of latencies with its ends, which are exact. */
import { Histogram } from "../../base/histogram.ts";

/** Latencies in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** How many latencies are from `fromMs` up to, and not including, `toMs`. */
export interface LatencyBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

export class Latencies {
  readonly #histogram = new Histogram();
  #minMs = Infinity;
  #maxMs = 0;

  get count(): number {
    return this.#histogram.count;
  }

  record(durationMs: number): void {
    this.#histogram.record(durationMs);
    if (durationMs < this.#minMs) this.#minMs = durationMs;
    if (durationMs > this.#maxMs) this.#maxMs = durationMs;
  }

  add(other: Latencies): void {
    this.#histogram.add(other.#histogram);
    this.#minMs = Math.min(this.#minMs, other.#minMs);
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  reset(): void {
    this.#histogram.reset();
    this.#minMs = Infinity;
    this.#maxMs = 0;
  }

  /** The latency that the share `fraction` of the operations did not exceed, to about 3 %. */
  percentileMs(fraction: number): number {
    if (this.count === 0) return 0;
    return Math.min(this.#maxMs, Math.max(this.#minMs, this.#histogram.percentileMs(fraction)));
  }

  summary(): LatencySummary {
    const at = (fraction: number): number => this.percentileMs(fraction);
    return {
      count: this.count,
      meanMs: this.#histogram.meanMs,
      minMs: this.count === 0 ? 0 : this.#minMs,
      p50Ms: at(0.5),
      p90Ms: at(0.9),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      p999Ms: at(0.999),
      maxMs: this.#maxMs,
    };
  }

  /**
   * The distribution in bins that grow by the same factor, `perDecade` to a factor of ten, from the
   * first that is not empty to the last. A bin's ends are exact to the width of a bucket (6.25 %).
   */
  bins(perDecade: number): LatencyBin[] {
    if (this.count === 0) return [];
    const edge = (at: number): number => 10 ** (at / perDecade);
    const first = Math.floor(Math.log10(Math.max(this.#minMs, 1e-4)) * perDecade);
    const bins: LatencyBin[] = [];
    let below = this.#histogram.countUpTo(edge(first));
    for (let at = first; below < this.count; at++) {
      const isLast = edge(at + 1) > this.#maxMs;
      const upTo = isLast ? this.count : this.#histogram.countUpTo(edge(at + 1));
      bins.push({ fromMs: edge(at), toMs: edge(at + 1), count: upTo - below });
      below = upTo;
      if (isLast) break;
    }
    return bins;
  }
}
