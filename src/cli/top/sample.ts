/**
 * What the dashboard shows of one moment: counters of the server, and how fast they grow.
 *
 * The server counts since its start; rates are the difference between two looks, by the clock of this
 * side. A counter that is smaller than before began anew (the server was restarted), so its
 * difference is what it says.
 */
import type { Health, LatencyReport, PerformanceReport, Stats } from "../../client/types.ts";

/** One look at the server. */
export interface Look {
  readonly atMs: number;
  readonly stats: Stats;
  readonly performance: WithRedis;
  readonly health: Health;
}

/** Newer servers tell of their Redis commands too; null when that door is off. */
export type WithRedis = PerformanceReport & {
  readonly redis?: Readonly<Record<string, CommandReport>> | null;
};

type CommandReport = Pick<
  LatencyReport,
  "total_operations" | "p50_latency_ms" | "p99_latency_ms" | "error_rate"
>;

export interface OperationSample {
  readonly name: string;
  readonly door: "REST" | "Redis";
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** 0 to 1. */
  readonly errorRate: number;
}

export interface NamespaceSample {
  readonly name: string;
  readonly keys: number;
  readonly bytes: number;
  readonly readsPerSecond: number;
  /** Since the start, 0 to 1; null before the first read. */
  readonly hitRatio: number | null;
  readonly evictedPerSecond: number;
}

export interface Sample {
  readonly atMs: number;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly health: { readonly status: string; readonly reason: string | null };
  readonly restPerSecond: number;
  /** Null when the server does not tell. */
  readonly redisPerSecond: number | null;
  /** Of REST, over the last minute. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number };
  readonly hitsPerSecond: number;
  readonly missesPerSecond: number;
  /** Of the reads since the last look; null when there were none. */
  readonly hitRatio: number | null;
  readonly keys: number;
  readonly memory: { readonly usedBytes: number; readonly maxBytes: number };
  readonly evictedPerSecond: number;
  readonly evicted: number;
  readonly expiredPerSecond: number;
  readonly expired: number;
  readonly log: {
    readonly records: number;
    readonly bytes: number;
    readonly recordsPerSecond: number;
    readonly lastCompactionMs: number | null;
  };
  readonly operations: readonly OperationSample[];
  readonly namespaces: readonly NamespaceSample[];
}

const SECOND_MS = 1000;

/** What has happened between two looks. */
export function sampleOf(before: Look, now: Look): Sample {
  const { stats, performance, health } = now;
  const seconds = Math.max(1, now.atMs - before.atMs) / SECOND_MS;
  const rate = (was: number, is: number): number => (is < was ? is : is - was) / seconds;
  const hits = rate(before.stats.cache_hits, stats.cache_hits);
  const misses = rate(before.stats.cache_misses, stats.cache_misses);
  const operations = operationsOf(before, now, rate);
  const sum = (door: string): number =>
    operations.reduce((total, each) => total + (each.door === door ? each.perSecond : 0), 0);
  const minute = performance.last_minute;
  return {
    atMs: now.atMs,
    version: health.version,
    uptimeSeconds: stats.uptime_seconds,
    health: { status: health.status, reason: health.reason ?? null },
    restPerSecond: sum("REST"),
    redisPerSecond: isGiven(performance.redis) ? sum("Redis") : null,
    latency: {
      p50Ms: minute.p50_latency_ms,
      p95Ms: minute.p95_latency_ms,
      p99Ms: minute.p99_latency_ms,
    },
    hitsPerSecond: hits,
    missesPerSecond: misses,
    hitRatio: hits + misses === 0 ? null : hits / (hits + misses),
    keys: stats.total_keys,
    memory: { usedBytes: stats.memory.used_bytes, maxBytes: stats.memory.max_bytes },
    evictedPerSecond: rate(before.stats.evictions, stats.evictions),
    evicted: stats.evictions,
    expiredPerSecond: rate(before.stats.expired, stats.expired),
    expired: stats.expired,
    log: {
      records: stats.log_size,
      bytes: stats.log_bytes,
      recordsPerSecond: rate(before.stats.log_size, stats.log_size),
      lastCompactionMs: stats.last_compaction === null ? null : Date.parse(stats.last_compaction),
    },
    operations,
    namespaces: namespacesOf(before.stats, stats, rate),
  };
}

/** As JSON, with names as REST has them. */
export function sampleJson(sample: Sample): string {
  return JSON.stringify(sample, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const members = Object.entries(value).map(([name, each]) => [snakeCase(name), each as unknown]);
    return Object.fromEntries(members) as unknown;
  });
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Rate = (was: number, is: number) => number;

function operationsOf(before: Look, now: Look, rate: Rate): OperationSample[] {
  const recent = now.performance.last_minute.per_operation;
  const rest = reportsOf(now.performance.per_operation).map(([name, report]) => {
    const was = reportOf(before.performance.per_operation, name)?.total_operations ?? 0;
    // The dashboard's own looks are no work of the server's.
    const own = name === "other" ? LOOK_REQUESTS : 0;
    const grown = Math.max(0, rate(was + own, report.total_operations));
    return operationSample(name, "REST", grown, reportOf(recent, name) ?? report);
  });
  const commands = now.performance.redis;
  const redis = reportsOf(isGiven(commands) ? commands : {}).map(([name, report]) => {
    const was = reportOf(before.performance.redis ?? {}, name)?.total_operations ?? 0;
    return operationSample(name, "Redis", rate(was, report.total_operations), report);
  });
  return [...rest, ...redis];
}

/** Requests of one look. */
const LOOK_REQUESTS = 3;

function operationSample(
  name: string,
  door: OperationSample["door"],
  perSecond: number,
  report: CommandReport,
): OperationSample {
  return {
    name,
    door,
    perSecond,
    p50Ms: report.p50_latency_ms,
    p99Ms: report.p99_latency_ms,
    errorRate: report.error_rate,
  };
}

function namespacesOf(before: Stats, now: Stats, rate: Rate): NamespaceSample[] {
  return Object.entries(now.namespaces).map(([name, each]) => {
    const was = Object.hasOwn(before.namespaces, name) ? before.namespaces[name] : undefined;
    const reads = each.cache_hits + each.cache_misses;
    const readsBefore = (was?.cache_hits ?? 0) + (was?.cache_misses ?? 0);
    return {
      name,
      keys: each.total_keys,
      bytes: each.bytes,
      readsPerSecond: rate(readsBefore, reads),
      hitRatio: reads === 0 ? null : each.cache_hits / reads,
      evictedPerSecond: rate(was?.evictions ?? 0, each.evictions),
    };
  });
}

/** Those that have happened at all. */
function reportsOf<T extends CommandReport>(all: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(all).filter(([, report]) => report.total_operations > 0);
}

function reportOf<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
