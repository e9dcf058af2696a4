/** What the store and the server tell of themselves: statistics, latencies, metrics. */
import type { Histogram } from "../../base/histogram.ts";
import type { OperationReport, PerformanceReport, WindowReport } from "../../store/performance.ts";
import type { NamespaceStats, StoreStats } from "../../store/types.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { makeMetrics } from "../metrics.ts";
import { recordDone, send, sendJson } from "../reply.ts";
import { PerformanceReply, StatsReply } from "../reply-schemas.ts";
import type { RedisFigures } from "../redis-metrics.ts";
import { NoQuery, NsQuery, PerformanceQuery } from "../schemas.ts";

const config = { operation: "other" as const };

export function statsRoutes(app: App, context: HttpContext): void {
  statsRoute(app, context);
  performanceRoute(app, context);
  metricsRoute(app, context);
}

function statsRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getStats",
      summary: "Statistics of the store",
      tag: "observability",
      description: "With ns also `namespace` and `namespace_stats` of that one.",
    }),
    querystring: NsQuery,
    response: replies({ 200: { description: "Statistics", schema: StatsReply } }),
  };
  app.get("/stats", { schema, config }, (request, reply) => {
    const text = JSON.stringify(renderStats(context.store.stats(), request.query.ns));
    recordDone(context, "other", request, 200);
    sendJson(reply, 200, text);
  });
}

function performanceRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getPerformance",
      summary: "Rates and latencies",
      tag: "observability",
      description:
        "Since the start, and over the last minute (54 to 60 s). A latency runs from the arrival of " +
        "a request to its reply; percentiles are within 6.25 %. An error is a reply of 5xx.",
    }),
    querystring: PerformanceQuery,
    response: replies({ 200: { description: "Rates and latencies", schema: PerformanceReply } }),
  };
  app.get("/performance", { schema, config }, (request, reply) => {
    const { histogram = false } = request.query;
    const report = renderPerformance(context.performance.report(), histogram);
    const redis = renderRedis(context.redis?.() ?? null, histogram);
    const text = JSON.stringify({ ...report, redis });
    recordDone(context, "other", request, 200);
    sendJson(reply, 200, text);
  });
}

function metricsRoute(app: App, context: HttpContext): void {
  const registry = makeMetrics(context);
  const schema = {
    ...operation({ id: "getMetrics", summary: "Metrics for Prometheus", tag: "observability" }),
    querystring: NoQuery,
    response: replies({ 200: { description: "Metrics", bareTypes: ["text/plain"] } }),
  };
  app.get("/metrics", { schema, config }, async (request, reply) => {
    const text = await registry.metrics();
    recordDone(context, "other", request, 200);
    send(reply, 200, registry.contentType, text);
    return reply;
  });
}

function renderStats(stats: StoreStats, ns: string | undefined): object {
  const reads = stats.hits + stats.misses;
  const { lastAtMs } = stats.compaction;
  const named = stats.namespaces.map((one) => [one.name, renderNamespace(one)] as const);
  return {
    total_keys: stats.keys,
    cache_hits: stats.hits,
    cache_misses: stats.misses,
    hit_ratio: reads === 0 ? 0 : stats.hits / reads,
    evictions: stats.evictions,
    expired: stats.expired,
    log_size: stats.log.records,
    log_bytes: stats.log.bytes,
    last_compaction: lastAtMs === null ? null : new Date(lastAtMs).toISOString(),
    uptime_seconds: stats.uptimeSeconds,
    memory: renderMemory(stats.memory),
    // fromEntries defines plain members even for a namespace called __proto__.
    namespaces: Object.fromEntries(named),
    ...(ns === undefined ? {} : renderChosen(stats, ns)),
  };
}

function renderChosen(stats: StoreStats, ns: string): object {
  const empty = { name: ns, keys: 0, bytes: 0, hits: 0, misses: 0, evictions: 0, expired: 0 };
  const chosen = stats.namespaces.find(({ name }) => name === ns) ?? empty;
  return { namespace: ns, namespace_stats: renderNamespace(chosen) };
}

function renderNamespace(stats: NamespaceStats): object {
  return {
    cache_hits: stats.hits,
    cache_misses: stats.misses,
    total_keys: stats.keys,
    evictions: stats.evictions,
    bytes: stats.bytes,
  };
}

function renderMemory(memory: StoreStats["memory"]): object {
  return {
    used_bytes: memory.usedBytes,
    max_bytes: memory.maxBytes,
    arena_bytes: memory.arenaBytes,
    wasted_bytes: memory.wastedBytes,
    index_bytes: memory.indexBytes,
  };
}

function renderPerformance(
  { sinceStart, lastMinute }: PerformanceReport,
  withHistogram: boolean,
): object {
  return {
    ...renderWindow(sinceStart, withHistogram),
    last_minute: renderWindow(lastMinute, withHistogram),
  };
}

function renderWindow(window: WindowReport, withHistogram: boolean): object {
  const operations = Object.entries(window.perOperation).map(([name, report]) => {
    return [name, { ...renderOperation(report), ...histogramOf(report, withHistogram) }] as const;
  });
  return { ...renderOperation(window), per_operation: Object.fromEntries(operations) };
}

function renderOperation(report: OperationReport): object {
  return {
    total_operations: report.total,
    operations_per_second: report.operationsPerSecond,
    error_rate: report.errorRate,
    avg_latency_ms: report.avgMs,
    p50_latency_ms: report.p50Ms,
    p95_latency_ms: report.p95Ms,
    p99_latency_ms: report.p99Ms,
    p999_latency_ms: report.p999Ms,
  };
}

function renderRedis(figures: RedisFigures | null, withHistogram: boolean): object | null {
  if (figures === null) return null;
  const commands = figures.commands.map((command) => {
    const { name, calls, failed, latency } = command;
    const rendered = {
      total_operations: calls,
      error_rate: calls > 0 ? Math.min(1, failed / calls) : 0,
      avg_latency_ms: latency.meanMs,
      p50_latency_ms: latency.percentileMs(0.5),
      p95_latency_ms: latency.percentileMs(0.95),
      p99_latency_ms: latency.percentileMs(0.99),
      p999_latency_ms: latency.percentileMs(0.999),
    };
    return [name, { ...rendered, ...histogramOf(command, withHistogram) }] as const;
  });
  return Object.fromEntries(commands);
}

function histogramOf({ latency }: { readonly latency: Histogram }, isWanted: boolean): object {
  if (!isWanted) return {};
  const buckets = [...latency.buckets()];
  return {
    histogram: buckets.map(({ startMs, endMs, count }) => {
      return { from_ms: startMs, to_ms: endMs, count };
    }),
  };
}
