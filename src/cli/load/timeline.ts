/**
 * What happened when: operations, errors and latencies by slices of time.
 *
 * A run may last for days and must not grow, so there are at most 240 slices. When they are used up,
 * each two neighbours are made one, and slices are twice as long from then on. Histograms add up, so
 * nothing but resolution is lost. About 4 KB a slice, 1 MB in all.
 */
import { Latencies } from "./latencies.ts";

const SLICES_MAX = 240;
const FIRST_SLICE_MS = 250;

export interface TimelinePoint {
  /** Where the slice begins, in seconds from the start. */
  readonly atSeconds: number;
  readonly seconds: number;
  readonly operations: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

interface Slice {
  readonly latencies: Latencies;
  errors: number;
}

export class Timeline {
  readonly #startMs: number;
  #sliceMs = FIRST_SLICE_MS;
  #slices: Slice[] = [];

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  success(latencyMs: number, endMs: number): void {
    this.#sliceAt(endMs).latencies.record(latencyMs);
  }

  failure(endMs: number): void {
    this.#sliceAt(endMs).errors++;
  }

  /** The slices up to `endMs`, which cuts the last one. */
  points(endMs: number): TimelinePoint[] {
    const elapsedMs = endMs - this.#startMs;
    return this.#slices.map(({ latencies, errors }, i) => ({
      atSeconds: (i * this.#sliceMs) / 1000,
      seconds: Math.max(1, Math.min(this.#sliceMs, elapsedMs - i * this.#sliceMs)) / 1000,
      operations: latencies.count,
      errors,
      p50Ms: latencies.percentileMs(0.5),
      p99Ms: latencies.percentileMs(0.99),
      p999Ms: latencies.percentileMs(0.999),
    }));
  }

  #sliceAt(endMs: number): Slice {
    let at = this.#indexOf(endMs);
    while (at >= SLICES_MAX) {
      this.#halve();
      at = this.#indexOf(endMs);
    }
    while (this.#slices.length <= at) this.#slices.push({ latencies: new Latencies(), errors: 0 });
    return this.#slices[at]!;
  }

  #indexOf(endMs: number): number {
    return Math.max(0, Math.floor((endMs - this.#startMs) / this.#sliceMs));
  }

  #halve(): void {
    const old = this.#slices;
    this.#slices = [];
    for (let i = 0; i < old.length; i += 2) {
      const slice = old[i]!;
      const next = old[i + 1];
      if (next !== undefined) {
        slice.latencies.add(next.latencies);
        slice.errors += next.errors;
      }
      this.#slices.push(slice);
    }
    this.#sliceMs *= 2;
  }
}
