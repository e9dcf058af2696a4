/**
 * Durations of single operations, and what else had to do with the long ones: a garbage collection,
 * or the operating system, which took the processor away in favour of another process. The latter
 * is known for a window of operations, by the count of such switches before and after it.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./benchmark.ts";
import { percentile } from "./statistics.ts";

const LONG_MS = 5;

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

interface LongOne extends Stretch {
  readonly window: number;
}

/** How often the system has taken the processor away from this process so far. */
export function forcedSwitches(): number {
  return process.resourceUsage().involuntaryContextSwitches;
}

/** Notes every duration of a known number of operations, and the garbage collections meanwhile. */
export class Pauses {
  readonly #durations: Float64Array;
  readonly #long: LongOne[] = [];
  readonly #collections: Stretch[] = [];
  readonly #observer: PerformanceObserver;
  /** Windows in which the processor was taken away. */
  readonly #disturbed = new Set<number>();
  #window = 0;
  #switches = forcedSwitches();
  #count = 0;

  constructor(operations: number) {
    this.#durations = new Float64Array(operations);
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        this.#collections.push({ startMs: startTime, endMs: startTime + duration });
      }
    });
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Ends a window of operations; costs about 2 us. */
  endWindow(): void {
    const switches = forcedSwitches();
    if (switches !== this.#switches) this.#disturbed.add(this.#window);
    this.#switches = switches;
    this.#window++;
  }

  add(startMs: number, endMs: number): void {
    this.#durations[this.#count++] = endMs - startMs;
    if (endMs - startMs > LONG_MS) {
      this.#long.push({ startMs, endMs, window: this.#window });
    }
  }

  /** p50, p99.9 and longest in ms; how many took over 5 ms, and what happened beside them. */
  async figures(prefix: string): Promise<Figures> {
    // The observer is told of collections some turns later.
    await sleep(20);
    this.#observer.disconnect();
    const sorted = this.#durations.subarray(0, this.#count).sort();
    this.endWindow();
    const interrupted = this.#long.filter(({ window }) => this.#disturbed.has(window)).length;
    const inCollections = this.#long.filter((one) => this.#isBesideCollection(one)).length;
    return {
      [`${prefix}P50Ms`]: percentile(sorted, 0.5),
      [`${prefix}P999Ms`]: percentile(sorted, 0.999),
      [`${prefix}MaxMs`]: percentile(sorted, 1),
      [`${prefix}Long`]: this.#long.length,
      [`${prefix}LongInGc`]: inCollections,
      [`${prefix}LongInterrupted`]: interrupted,
    };
  }

  #isBesideCollection({ startMs, endMs }: Stretch): boolean {
    return this.#collections.some((one) => one.startMs < endMs && one.endMs > startMs);
  }
}
