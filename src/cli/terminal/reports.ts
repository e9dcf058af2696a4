/** The server's reports for people: statistics, latencies, health, namespaces. */
import type {
  Health,
  LatencyReport,
  NamespaceStats,
  PerformanceReport,
  Stats,
} from "../../client/types.ts";
import type { CliIo } from "../io.ts";
import { countText, durationText, latencyText, rateText, shareText, sizeText } from "./figures.ts";
import { styleOf } from "./style.ts";
import { tableText } from "./table.ts";

type Look = Pick<CliIo, "color">;

/** Of a namespace with many neighbours, the largest are shown. */
const NAMESPACES_MAX = 20;

/** What is shown as a label, and its figure. */
type Line = readonly [string, string];

export function statsText(stats: Stats, io: Look): string {
  const { memory } = stats;
  const used = `${sizeText(memory.used_bytes)} of ${sizeText(memory.max_bytes)}`;
  const lines: Line[] = [
    ["keys", countText(stats.total_keys)],
    ["hits", countText(stats.cache_hits)],
    ["misses", countText(stats.cache_misses)],
    ["hit ratio", shareText(stats.hit_ratio)],
    ["evicted", countText(stats.evictions)],
    ["expired", countText(stats.expired)],
    ["memory", `${used} (${shareText(memory.used_bytes / memory.max_bytes)})`],
    ["log", `${countText(stats.log_size)} records, ${sizeText(stats.log_bytes)}`],
    ["last compaction", stats.last_compaction ?? "none yet"],
    ["uptime", durationText(stats.uptime_seconds * 1000)],
  ];
  return `${labelled(lines, io)}\n${namespacesText(stats.namespaces, io)}`;
}

export function namespacesText(
  namespaces: Readonly<Record<string, NamespaceStats>>,
  io: Look,
): string {
  const largestFirst = Object.entries(namespaces).sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = largestFirst
    .slice(0, NAMESPACES_MAX)
    .map(([name, each]) => [
      styleOf(io).name(name),
      countText(each.total_keys),
      sizeText(each.bytes),
      countText(each.cache_hits),
      countText(each.cache_misses),
      countText(each.evictions),
    ]);
  const titles = ["namespace", "keys", "size", "hits", "misses", "evicted"];
  const columns = titles.map((title, at) => ({
    title,
    align: at === 0 ? ("left" as const) : ("right" as const),
  }));
  const left = largestFirst.length - rows.length;
  return tableText(columns, rows, io) + (left > 0 ? `... and ${countText(left)} more\n` : "");
}

export function performanceText(report: PerformanceReport, io: Look): string {
  const minute = latencyTable("last minute", report.last_minute, io);
  return `${minute}\n${latencyTable("since start", report, io)}`;
}

function latencyTable(
  title: string,
  report: LatencyReport & { readonly per_operation: Readonly<Record<string, LatencyReport>> },
  io: Look,
): string {
  const used = Object.entries(report.per_operation).filter(([, each]) => each.total_operations > 0);
  const rows = [...used, ["all", report] as const].map(([name, each]) => [
    styleOf(io).name(name),
    countText(each.total_operations),
    rateText(each.operations_per_second),
    ...[each.avg_latency_ms, each.p50_latency_ms, each.p95_latency_ms].map(latencyText),
    ...[each.p99_latency_ms, each.p999_latency_ms].map(latencyText),
    shareText(each.error_rate),
  ]);
  const titles = [title, "count", "rate", "avg", "p50", "p95", "p99", "p99.9", "errors"];
  const columns = titles.map((each, at) => ({
    title: each,
    align: at === 0 ? ("left" as const) : ("right" as const),
  }));
  return tableText(columns, rows, io);
}

export function healthText(health: Health, io: Look): string {
  const style = styleOf(io);
  const isHealthy = health.status === "healthy";
  const lines: Line[] = [
    ["status", isHealthy ? style.good(health.status) : style.bad(health.status)],
    ...(health.reason === undefined ? [] : [["reason", health.reason] as const]),
    ["log", health.log],
    ["keys", countText(health.store_size)],
    ["version", health.version],
  ];
  return labelled(lines, io);
}

/** Labels in a column, figures in the next. */
function labelled(lines: readonly Line[], io: Look): string {
  const width = Math.max(...lines.map(([label]) => label.length));
  const { dim } = styleOf(io);
  return lines.map(([label, text]) => `${dim(label.padEnd(width))}  ${text}\n`).join("");
}
