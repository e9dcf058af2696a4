/**
 * What every door reports of its operations: how many, how fast, how many failed.
 *
 * One call per request, into plain counters and fixed-bucket histograms, so that measuring costs a
 * few dozen nanoseconds and never grows. Next to the totals since the start there is a ring of
 * slices of 6 s each; the last ten, the one being filled among them, are "the last minute" (54 to
 * 60 s of it). A slice is emptied when its turn comes again: no timer is needed, and an idle
 * server does nothing.
 */
import type { Clock } from "../base/clock.ts";
import { Histogram } from "../base/histogram.ts";

export const OPERATIONS = [
  "get",
  "set",
  "update",
  "delete",
  "incr",
  "expire",
  "list",
  "batch",
  "namespaces",
  "other",
] as const;

export type Operation = (typeof OPERATIONS)[number];

const SLICE_MS = 6_000;
const SLICES = 10;

export interface OperationReport {
  readonly total: number;
  readonly errors: number;
  readonly operationsPerSecond: number;
  /** Share of the operations that failed, 0 to 1. */
  readonly errorRate: number;
  readonly avgMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** What the figures above are made of. */
  readonly latency: Histogram;
}

export interface WindowReport extends OperationReport {
  readonly perOperation: Readonly<Record<Operation, OperationReport>>;
}

export interface PerformanceReport {
  readonly sinceStart: WindowReport;
  readonly lastMinute: WindowReport;
}

/** Histogram and failures of one operation over one span of time. */
interface Tally {
  readonly latency: Histogram;
  errors: number;
}

type Tallies = ReadonlyMap<Operation, Tally>;

interface Slice {
  /** Which span of 6 s since the clock's zero this slice holds. */
  turn: number;
  readonly tallies: Tallies;
}

export class Performance {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #total = newTallies();
  readonly #ring: readonly Slice[];

  /** @param clock its monotonic time cuts the slices; nothing else is read. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#ring = Array.from({ length: SLICES }, () => ({ turn: -1, tallies: newTallies() }));
  }

  /**
   * Counts one operation.
   *
   * @param durationMs from the arrival of the request to the reply, in milliseconds.
   * @param failed whether the server could not do what it was validly asked.
   * @param nowMs monotonic time, for callers that have just read the clock.
   */
  record(
    operation: Operation,
    durationMs: number,
    failed: boolean,
    nowMs = this.#clock.monotonicMs(),
  ): void {
    count(this.#total.get(operation)!, durationMs, failed);
    count(this.#sliceAt(nowMs).tallies.get(operation)!, durationMs, failed);
  }

  /** Costs about a millisecond: it adds up some 200 KB of buckets. */
  report(): PerformanceReport {
    const nowMs = this.#clock.monotonicMs();
    const uptimeMs = nowMs - this.#startedMs;
    const turn = Math.floor(nowMs / SLICE_MS);
    const recent = this.#ring.filter((slice) => slice.turn > turn - SLICES);
    const windowMs = Math.min(uptimeMs, (SLICES - 1) * SLICE_MS + (nowMs % SLICE_MS));
    return {
      sinceStart: reportWindow([this.#total], uptimeMs),
      lastMinute: reportWindow(
        recent.map((slice) => slice.tallies),
        windowMs,
      ),
    };
  }

  /** Latencies of an operation since the start, for scraping. */
  latency(operation: Operation): Histogram {
    return this.#total.get(operation)!.latency;
  }

  /** Failed operations since the start. */
  errors(operation: Operation): number {
    return this.#total.get(operation)!.errors;
  }

  #sliceAt(nowMs: number): Slice {
    const turn = Math.floor(nowMs / SLICE_MS);
    const slice = this.#ring[turn % SLICES]!;
    if (slice.turn !== turn) {
      slice.turn = turn;
      for (const tally of slice.tallies.values()) clear(tally);
    }
    return slice;
  }
}

function newTallies(): Tallies {
  return new Map(OPERATIONS.map((name) => [name, newTally()]));
}

function newTally(): Tally {
  return { latency: new Histogram(), errors: 0 };
}

function count(tally: Tally, durationMs: number, failed: boolean): void {
  tally.latency.record(durationMs);
  if (failed) tally.errors += 1;
}

function clear(tally: Tally): void {
  if (tally.latency.count === 0) return;
  tally.latency.reset();
  tally.errors = 0;
}

function addUp(tallies: Iterable<Tally>): Tally {
  const sum = newTally();
  for (const tally of tallies) {
    sum.latency.add(tally.latency);
    sum.errors += tally.errors;
  }
  return sum;
}

function reportWindow(spans: readonly Tallies[], windowMs: number): WindowReport {
  const sums = OPERATIONS.map((name) => addUp(spans.map((span) => span.get(name)!)));
  const perOperation = Object.fromEntries(
    OPERATIONS.map((name, i) => [name, reportTally(sums[i]!, windowMs)]),
  ) as Record<Operation, OperationReport>;
  return { ...reportTally(addUp(sums), windowMs), perOperation };
}

function reportTally({ latency, errors }: Tally, windowMs: number): OperationReport {
  return {
    total: latency.count,
    errors,
    operationsPerSecond: windowMs > 0 ? (latency.count * 1000) / windowMs : 0,
    errorRate: latency.count > 0 ? errors / latency.count : 0,
    avgMs: latency.meanMs,
    p50Ms: latency.percentileMs(0.5),
    p95Ms: latency.percentileMs(0.95),
    p99Ms: latency.percentileMs(0.99),
    p999Ms: latency.percentileMs(0.999),
    latency,
  };
}
