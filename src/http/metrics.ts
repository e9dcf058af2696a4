/**
 * Metrics for Prometheus, read when they are scraped and never before.
 *
 * The store and the recorder keep plain numbers anyway; each scrape copies them once. The registry is
 * the server's own, so that several servers in a process, as in tests, do not mix.
 */
import { Counter, Gauge, Registry, type Metric } from "prom-client";
import type { Histogram } from "../base/histogram.ts";
import { OPERATIONS } from "../store/performance.ts";
import type { NamespaceStats, StoreStats } from "../store/types.ts";
import type { HttpContext } from "./context.ts";
import { addRedisDoor } from "./redis-metrics.ts";

/** Namespaces with series of their own: the largest ones, since each costs every scrape. */
const NAMESPACES_MAX = 100;

const BUCKET_LIMITS_MS = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
];

type Reading = readonly [name: string, help: string, read: (stats: StoreStats) => number];

const GAUGES: readonly Reading[] = [
  ["pykv_keys", "Keys in the store", (s) => s.keys],
  ["pykv_namespaces", "Namespaces that hold keys", (s) => s.namespaces.length],
  ["pykv_memory_used_bytes", "Memory that counts against the limit", (s) => s.memory.usedBytes],
  ["pykv_memory_max_bytes", "The memory limit", (s) => s.memory.maxBytes],
  ["pykv_memory_arena_bytes", "Memory committed to the table", (s) => s.memory.arenaBytes],
  ["pykv_memory_wasted_bytes", "Committed and free within blocks", (s) => s.memory.wastedBytes],
  ["pykv_memory_index_bytes", "Memory of the index", (s) => s.memory.indexBytes],
  ["pykv_log_records", "Records in the log since the last snapshot", (s) => s.log.records],
  ["pykv_log_bytes", "Bytes of the log", (s) => s.log.bytes],
  ["pykv_log_segments", "Segments of the log", (s) => s.log.segments],
  ["pykv_log_unsynced_bytes", "Bytes written and not yet synced", (s) => s.log.unsyncedBytes],
  ["pykv_log_last_seq", "Sequence number of the last record", (s) => s.log.lastSeq],
  ["pykv_log_durable_seq", "Sequence number known durable", (s) => s.log.durableSeq],
  ["pykv_compaction_running", "1 while a compaction runs", (s) => Number(s.compaction.running)],
  [
    "pykv_compaction_last_timestamp_seconds",
    "When the last compaction ended, 0 when there was none",
    (s) => (s.compaction.lastAtMs ?? 0) / 1000,
  ],
  ["pykv_snapshot_bytes", "Bytes of the last snapshot", (s) => s.compaction.snapshotBytes],
  ["pykv_uptime_seconds", "Seconds since the start", (s) => s.uptimeSeconds],
];

const COUNTERS: readonly Reading[] = [
  ["pykv_hits_total", "Reads that found their key", (s) => s.hits],
  ["pykv_misses_total", "Reads that did not", (s) => s.misses],
  ["pykv_evictions_total", "Keys evicted to make room", (s) => s.evictions],
  ["pykv_expired_total", "Keys removed after their deadline", (s) => s.expired],
  ["pykv_log_syncs_total", "Syncs of the log", (s) => s.log.syncs],
];

export function makeMetrics(context: HttpContext): Registry {
  const registry = new Registry();
  const registers = [registry];
  let stats = context.store.stats();
  new Gauge({
    name: "pykv_info",
    help: "The version, as a label",
    labelNames: ["version"],
    registers,
    collect() {
      // Metrics are collected in the order of their making: this one reads for all of them.
      stats = context.store.stats();
      this.set({ version: context.version }, 1);
    },
  });
  for (const [name, help, read] of GAUGES) {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read(stats));
      },
    });
  }
  for (const [name, help, read] of COUNTERS) addCounter(registry, name, help, () => read(stats));
  addNamespaces(registry, () => stats.namespaces);
  addOperations(registry, context);
  if (context.redis !== undefined) addRedisDoor(registry, context.redis);
  addProcess(registry);
  return registry;
}

function addCounter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    ...{ name, help, registers: [registry] },
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function addNamespaces(registry: Registry, read: () => readonly NamespaceStats[]): void {
  const series = [
    ["pykv_namespace_keys", "Keys in a namespace", "keys"],
    ["pykv_namespace_bytes", "Bytes of a namespace", "bytes"],
  ] as const;
  for (const [name, help, field] of series) {
    new Gauge({
      ...{ name, help, labelNames: ["namespace"], registers: [registry] },
      collect() {
        this.reset();
        const largest = [...read()].sort((a, b) => b.bytes - a.bytes).slice(0, NAMESPACES_MAX);
        for (const one of largest) this.set({ namespace: one.name }, one[field]);
      },
    });
  }
}

function addOperations(registry: Registry, { performance }: HttpContext): void {
  new Counter({
    name: "pykv_operation_errors_total",
    help: "Operations that failed inside the server",
    labelNames: ["operation"],
    registers: [registry],
    collect() {
      this.reset();
      for (const operation of OPERATIONS) this.inc({ operation }, performance.errors(operation));
    },
  });
  const name = "pykv_operation_duration_seconds";
  const help = "From the arrival of a request to its reply";
  const read = (): object => ({
    ...{ name, help, type: "histogram", aggregator: "sum" },
    values: OPERATIONS.flatMap((one) => histogramValues(name, one, performance.latency(one))),
  });
  // prom-client has no class for a histogram that something else has counted; to its registry a
  // metric is whatever has a name and a get.
  registry.registerMetric({ name, get: () => Promise.resolve(read()) } as unknown as Metric);
}

function histogramValues(name: string, operation: string, latency: Histogram): object[] {
  const bucket = (le: number | string, value: number): object => ({
    ...{ metricName: `${name}_bucket`, labels: { operation, le }, value },
  });
  return [
    ...BUCKET_LIMITS_MS.map((limitMs) => bucket(limitMs / 1000, latency.countUpTo(limitMs))),
    bucket("+Inf", latency.count),
    { metricName: `${name}_sum`, labels: { operation }, value: latency.sumMs / 1000 },
    { metricName: `${name}_count`, labels: { operation }, value: latency.count },
  ];
}

function addProcess(registry: Registry): void {
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the process",
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  addCounter(registry, "process_cpu_seconds_total", "User and system time of the process", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}
