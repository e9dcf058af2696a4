/**
 * Reads all counters once a second and keeps what they say for 15 minutes.
 *
 * Nothing is counted for its sake: the store, the recorder of REST's operations and the Redis door keep
 * these numbers anyway, and a second's figures are the difference to the second before. A sample
 * costs some 0.2 ms. Adding up tens of thousands of namespaces takes milliseconds, since each is a
 * cache line of its own; so where there are that many, which are the busiest is looked up less often.
 */
import type { Histogram } from "../../base/histogram.ts";
import { ReadMarks } from "../../store/busiest.ts";
import { OPERATIONS } from "../../store/performance.ts";
import type { BusyNamespace, StoreSummary } from "../../store/types.ts";
import type { HttpContext } from "../context.ts";
import type { RedisFigures } from "../redis-metrics.ts";
import { AT, COLUMNS, COLUMN_OF_OPERATION } from "./columns.ts";
import type { Column } from "./columns.ts";
import { NamespaceHistory, SHOWN_MAX } from "./namespace-history.ts";
import { RecentLatency } from "./recent-latency.ts";
import { Ring } from "./ring.ts";

export const INTERVAL_MS = 1000;
const SAMPLES_MAX = 15 * 60;
/** With more namespaces than this the busiest are looked for in every tenth second. */
const NAMESPACES_MANY = 5000;
const MANY_INTERVAL = 10;

export interface Busy extends BusyNamespace {
  readonly readsPerSecond: number;
}

export class Sampler {
  readonly ring = new Ring(SAMPLES_MAX);
  readonly namespaces = new NamespaceHistory();
  /** Figures of the last second. */
  readonly row = new Float64Array(COLUMNS.length);
  summary: StoreSummary;
  busiest: readonly Busy[] = [];
  redis: RedisFigures | null = null;
  /** Of the last second. */
  seconds = 0;
  readonly #context: HttpContext;
  readonly #marks = new ReadMarks();
  readonly #restLatency = new RecentLatency();
  readonly #redisLatency = new RecentLatency();
  #busiestAtMs: number;
  #samples = 0;
  /** What the counters said at the last look. */
  readonly #before = new Map<string, number>();
  #lastMs: number;

  constructor(context: HttpContext) {
    this.#context = context;
    this.#lastMs = context.clock.monotonicMs();
    this.#busiestAtMs = this.#lastMs;
    this.summary = context.store.summary();
    // The first difference must not be to nothing: a restart has replayed what others have done.
    this.#read();
  }

  /** Ends a second. */
  sample(): void {
    this.#read();
    this.ring.push(this.row);
    this.namespaces.push(this.busiest);
  }

  #read(): void {
    const { clock, store } = this.#context;
    const nowMs = clock.monotonicMs();
    this.seconds = (nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    this.summary = store.summary();
    this.#findBusiest(nowMs);
    this.redis = this.#context.redis?.() ?? null;
    this.row.fill(0);
    this.#put("time_ms", Math.round(clock.nowMs()));
    this.#readRest();
    this.#readRedis();
    this.#readStore();
  }

  #findBusiest(nowMs: number): void {
    const isTurn = this.#samples++ % MANY_INTERVAL === 0;
    if (this.summary.usedNamespaces > NAMESPACES_MANY && !isTurn) return;
    const seconds = (nowMs - this.#busiestAtMs) / 1000;
    this.#busiestAtMs = nowMs;
    const busiest = this.#context.store.busiest(SHOWN_MAX, this.#marks);
    this.busiest = busiest.map((each) => {
      return { ...each, readsPerSecond: seconds > 0 ? each.reads / seconds : 0 };
    });
  }

  #readRest(): void {
    const { performance } = this.#context;
    for (const operation of OPERATIONS) {
      const rate = this.#rate(`rest ${operation}`, performance.latency(operation).count);
      this.row[AT[COLUMN_OF_OPERATION[operation]]]! += rate;
      this.row[AT.rest_ops]! += rate;
    }
    const recent = this.#restLatency.advance(OPERATIONS.map((each) => performance.latency(each)));
    this.#putLatencies(recent, "rest_p50_ms", "rest_p95_ms", "rest_p99_ms");
  }

  #readRedis(): void {
    const commands = this.redis?.commands ?? [];
    for (const { name, kind, calls } of commands) {
      const rate = this.#rate(`redis ${name}`, calls);
      this.row[AT[`ops_${kind}`]]! += rate;
      this.row[AT.redis_ops]! += rate;
    }
    const recent = this.#redisLatency.advance(commands.map(({ latency }) => latency));
    this.#putLatencies(recent, "redis_p50_ms", "redis_p95_ms", "redis_p99_ms");
  }

  #readStore(): void {
    const { keys, hits, misses, evictions, expired, memory, log } = this.summary;
    const hitRate = this.#rate("hits", hits);
    const lookups = hitRate + this.#rate("misses", misses);
    this.#put("lookups", lookups);
    this.#put("hit_ratio", lookups === 0 ? NaN : hitRate / lookups);
    this.#put("keys", keys);
    this.#put("memory_bytes", memory.usedBytes);
    this.#put("evictions", this.#rate("evictions", evictions));
    this.#put("expirations", this.#rate("expired", expired));
    this.#put("records", this.#rate("records", log.lastSeq));
    this.#put("log_bytes", log.bytes);
    this.#put("lag_records", log.lastSeq - log.durableSeq);
  }

  #put(column: Column, value: number): void {
    this.row[AT[column]] = value;
  }

  #putLatencies(recent: Histogram, p50: Column, p95: Column, p99: Column): void {
    const isEmpty = recent.count === 0;
    this.#put(p50, isEmpty ? NaN : recent.percentileMs(0.5));
    this.#put(p95, isEmpty ? NaN : recent.percentileMs(0.95));
    this.#put(p99, isEmpty ? NaN : recent.percentileMs(0.99));
  }

  /** What a counter has grown by since the last look, per second; one that was reset counts anew. */
  #rate(counter: string, value: number): number {
    const before = this.#before.get(counter) ?? 0;
    this.#before.set(counter, value);
    const grown = value < before ? value : value - before;
    return this.seconds > 0 ? grown / this.seconds : 0;
  }
}
