/**
 * Counts what the operations of a phase took, in bounded memory.
 *
 * Latencies of operations that failed are not counted among the others: a refusal is quick, and would
 * make a server look fast for refusing.
 */
import { Latencies, type LatencyBin, type LatencySummary } from "./latencies.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { Timeline, type TimelinePoint } from "./timeline.ts";

/** Kinds of errors that are told apart. */
const KINDS_MAX = 40;
const OTHER_KIND = "other errors";
const BINS_PER_DECADE = 8;

export interface OperationFigures {
  readonly perSecond: number;
  readonly latency: LatencySummary;
  /** Of gets, how many found a value; of deletes, how many found something to delete. */
  readonly found: number;
}

export interface PhaseFigures {
  readonly elapsedMs: number;
  /** Operations that succeeded. */
  readonly operations: number;
  readonly perSecond: number;
  /** From when each operation was meant to start. */
  readonly latency: LatencySummary;
  /** From when each was sent: without the wait for a free connection. */
  readonly service: LatencySummary;
  readonly perOperation: Readonly<Partial<Record<Operation, OperationFigures>>>;
  readonly errors: number;
  readonly errorKinds: readonly { readonly kind: string; readonly count: number }[];
  /** Operations that were due by the schedule and were never sent. */
  readonly unsent: number;
  readonly distribution: readonly LatencyBin[];
  readonly timeline: readonly TimelinePoint[];
}

/** What happened since the last look. */
export interface Glance {
  readonly operations: number;
  readonly errors: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The times of an operation, in milliseconds of the monotonic clock. */
export interface Times {
  readonly dueMs: number;
  readonly sentMs: number;
  readonly endMs: number;
}

interface Tally {
  readonly latencies: Latencies;
  found: number;
}

export class Recorder {
  readonly #startMs: number;
  readonly #tallies: Record<Operation, Tally> = {
    get: { latencies: new Latencies(), found: 0 },
    set: { latencies: new Latencies(), found: 0 },
    delete: { latencies: new Latencies(), found: 0 },
  };
  readonly #service = new Latencies();
  readonly #errorKinds = new Map<string, number>();
  readonly #timeline: Timeline;
  readonly #recent = new Latencies();
  #recentErrors = 0;
  #recentFromMs: number;
  #operations = 0;
  #errors = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#recentFromMs = startMs;
    this.#timeline = new Timeline(startMs);
  }

  /** Operations that succeeded so far. */
  get operations(): number {
    return this.#operations;
  }

  get errors(): number {
    return this.#errors;
  }

  success(operation: Operation, { dueMs, sentMs, endMs }: Times, found: boolean): void {
    const latencyMs = endMs - dueMs;
    const tally = this.#tallies[operation];
    tally.latencies.record(latencyMs);
    if (found) tally.found++;
    this.#service.record(endMs - sentMs);
    this.#timeline.success(latencyMs, endMs);
    this.#recent.record(latencyMs);
    this.#operations++;
  }

  failure(kind: string, endMs: number): void {
    const isKnown = this.#errorKinds.has(kind) || this.#errorKinds.size < KINDS_MAX;
    const counted = isKnown ? kind : OTHER_KIND;
    this.#errorKinds.set(counted, (this.#errorKinds.get(counted) ?? 0) + 1);
    this.#timeline.failure(endMs);
    this.#recentErrors++;
    this.#errors++;
  }

  /** What happened since the last call, or since the start. */
  glance(nowMs: number): Glance {
    const seconds = Math.max(1, nowMs - this.#recentFromMs) / 1000;
    const glance = {
      operations: this.#operations,
      errors: this.#recentErrors,
      perSecond: this.#recent.count / seconds,
      p50Ms: this.#recent.percentileMs(0.5),
      p99Ms: this.#recent.percentileMs(0.99),
    };
    this.#recent.reset();
    this.#recentErrors = 0;
    this.#recentFromMs = nowMs;
    return glance;
  }

  figures(endMs: number, unsent: number): PhaseFigures {
    const elapsedMs = endMs - this.#startMs;
    const seconds = Math.max(0.001, elapsedMs / 1000);
    const all = new Latencies();
    for (const operation of OPERATIONS) all.add(this.#tallies[operation].latencies);
    const kinds = [...this.#errorKinds].map(([kind, count]) => ({ kind, count }));
    return {
      elapsedMs,
      operations: this.#operations,
      perSecond: this.#operations / seconds,
      latency: all.summary(),
      service: this.#service.summary(),
      perOperation: this.#perOperation(seconds),
      errors: this.#errors,
      errorKinds: kinds.sort((a, b) => b.count - a.count),
      unsent,
      distribution: all.bins(BINS_PER_DECADE),
      timeline: this.#timeline.points(endMs),
    };
  }

  #perOperation(seconds: number): PhaseFigures["perOperation"] {
    const figures: Partial<Record<Operation, OperationFigures>> = {};
    for (const operation of OPERATIONS) {
      const { latencies, found } = this.#tallies[operation];
      if (latencies.count === 0) continue;
      const perSecond = latencies.count / seconds;
      figures[operation] = { perSecond, latency: latencies.summary(), found };
    }
    return figures;
  }
}
