/**
 * The dashboard as lines of text, for any size of terminal.
 *
 * Of what does not fit, the least important goes first: with few rows the namespaces, then the
 * operations; with few columns whatever stands right.
 */
import {
  countText,
  durationText,
  latencyText,
  rateText,
  shareText,
  sizeText,
} from "../terminal/figures.ts";
import type { Size } from "../terminal/screen.ts";
import type { Style } from "../terminal/style.ts";
import type { NamespaceSample, OperationSample, Sample } from "./sample.ts";

export const SORTS = ["reads", "keys", "size", "evicted", "name"] as const;

export type Sort = (typeof SORTS)[number];

export interface View {
  readonly url: string;
  readonly sample: Sample;
  /** Operations per second of the last looks, the newest last. */
  readonly history: readonly number[];
  readonly sort: Sort;
  readonly isPaused: boolean;
  readonly isHelpShown: boolean;
  /** Why the server can't be reached just now; null when it can. */
  readonly trouble: string | null;
  /** Whether keys can be typed. */
  readonly isInteractive: boolean;
}

const LABEL_WIDTH = 11;
const BAR_WIDTH = 24;
const MEMORY_SHARE_WARN = 0.9;
const OPERATIONS_MAX = 8;
const NAME_WIDTH_MAX = 28;
const SPARKS = "▁▂▃▄▅▆▇█";
const MS = 1000;

const HELP = [
  "q, Ctrl-C   quit",
  "p           pause, and go on",
  "s           sort the namespaces by the next column",
  "?           this help",
];

/** As many lines as there are rows, or fewer. */
export function frameLines(view: View, { columns, rows }: Size, style: Style): string[] {
  const head = headLines(view, columns, style);
  const foot = view.isInteractive ? [footLine(view, style)] : [];
  if (view.isHelpShown) return [...head.slice(0, 1), "", ...HELP, "", ...foot].slice(0, rows);
  const room = rows - head.length - foot.length;
  const operations = operationLines(view.sample, Math.max(0, Math.min(OPERATIONS_MAX, room - 2)));
  const table = operations.length > 1 ? ["", ...dimFirst(operations, style)] : [];
  const left = room - table.length - 2;
  const namespaces = left >= 1 ? namespaceLines(view, left) : [];
  const lines = [...head, ...table];
  if (namespaces.length > 1) lines.push("", ...dimFirst(namespaces, style));
  const fill = view.isInteractive ? Math.max(0, rows - lines.length - foot.length) : 0;
  return [...lines, ...Array<string>(fill).fill(""), ...foot].slice(0, rows);
}

function headLines(view: View, columns: number, style: Style): string[] {
  const { sample, history } = view;
  const { memory, log, latency } = sample;
  const label = (text: string): string => style.dim(text.padEnd(LABEL_WIDTH));
  const redis = sample.redisPerSecond;
  const rates = [
    `${style.figure(rateText(sample.restPerSecond))} REST`,
    ...(redis === null ? [] : [`${style.figure(rateText(redis))} Redis`]),
  ].join("  ");
  const sparkWidth = Math.max(0, Math.min(60, columns - LABEL_WIDTH - 36));
  const share = memory.maxBytes === 0 ? 0 : memory.usedBytes / memory.maxBytes;
  const used = `${sizeText(memory.usedBytes)} of ${sizeText(memory.maxBytes)}`;
  const isFull = share > MEMORY_SHARE_WARN;
  const memoryBar = bar(share, isFull ? style.warning : style.good, style);
  const { hitRatio } = sample;
  const reads = `${rateText(sample.hitsPerSecond)} hits  ${rateText(sample.missesPerSecond)} misses`;
  return [
    titleLine(view, style),
    label("operations") + `${rates}  ${style.name(sparkline(history, sparkWidth))}`,
    label("latency") +
      `p50 ${style.figure(latencyText(latency.p50Ms))}  p95 ${latencyText(latency.p95Ms)}  ` +
      `p99 ${latencyText(latency.p99Ms)}  ${style.dim("REST, last minute")}`,
    label("hit ratio") +
      (hitRatio === null
        ? style.dim("no reads")
        : `${bar(hitRatio, style.good, style)} ${shareText(hitRatio).padStart(7)}  ${reads}`),
    label("memory") + `${memoryBar} ${shareText(share).padStart(7)}  ${used}`,
    label("keys") +
      `${style.figure(countText(sample.keys))}  ` +
      `evicted ${rateText(sample.evictedPerSecond)} (${countText(sample.evicted)})  ` +
      `expired ${rateText(sample.expiredPerSecond)} (${countText(sample.expired)})`,
    label("log") +
      `${countText(log.records)} records  ${sizeText(log.bytes)}  ` +
      `${rateText(log.recordsPerSecond)}  ${compactionText(sample)}`,
  ];
}

function titleLine({ url, sample, trouble, isPaused }: View, style: Style): string {
  const { version, uptimeSeconds, health, atMs } = sample;
  const time = new Date(atMs).toISOString().slice(11, 19);
  const state =
    trouble !== null
      ? style.bad(`not reachable: ${trouble}`)
      : health.status === "healthy"
        ? style.good("healthy")
        : style.bad(`${health.status}: ${health.reason ?? ""}`);
  const paused = isPaused ? `  ${style.warning("paused")}` : "";
  const up = durationText(uptimeSeconds * MS);
  return `${style.bold(`PyKV ${version}`)}  ${url}  ${state}${paused}  up ${up}  ${time} UTC`;
}

function compactionText({ log: { lastCompactionMs }, atMs }: Sample): string {
  if (lastCompactionMs === null) return "not compacted yet";
  return `compacted ${durationText(Math.max(0, atMs - lastCompactionMs))} ago`;
}

function footLine({ sort, isPaused }: View, style: Style): string {
  const keys = [
    ["q", "quit"],
    ["p", isPaused ? "go on" : "pause"],
    ["s", `sort (${sort})`],
    ["?", "help"],
  ] as const;
  return keys.map(([key, does]) => `${style.bold(key)} ${style.dim(does)}`).join("   ");
}

/** A title and the busiest operations. */
function operationLines({ operations }: Sample, countMax: number): string[] {
  const busiest = [...operations]
    .sort((a, b) => b.perSecond - a.perSecond || a.name.localeCompare(b.name))
    .slice(0, countMax);
  const doorOf = (each: OperationSample): string => `${each.door} ${each.name}`;
  const rows = busiest.map((each) => [
    doorOf(each),
    rateText(each.perSecond),
    // Nothing happened in the last minute: there is no latency to show.
    each.p50Ms === 0 ? "-" : latencyText(each.p50Ms),
    each.p99Ms === 0 ? "-" : latencyText(each.p99Ms),
    shareText(each.errorRate),
  ]);
  return columnsText(["operation", "rate", "p50", "p99", "errors"], rows);
}

function namespaceLines({ sample, sort }: View, countMax: number): string[] {
  const sorted = [...sample.namespaces].sort(COMPARE[sort]);
  const isAll = sorted.length <= countMax;
  const shown = sorted.slice(0, isAll ? countMax : countMax - 1);
  const rows = shown.map((each) => [
    each.name.slice(0, NAME_WIDTH_MAX),
    countText(each.keys),
    sizeText(each.bytes),
    rateText(each.readsPerSecond),
    each.hitRatio === null ? "-" : shareText(each.hitRatio),
    rateText(each.evictedPerSecond),
  ]);
  const lines = columnsText(["namespace", "keys", "size", "reads", "hits", "evicted"], rows);
  return isAll ? lines : [...lines, `... and ${countText(sorted.length - shown.length)} more`];
}

const byName = (a: NamespaceSample, b: NamespaceSample): number => a.name.localeCompare(b.name);

const COMPARE: Readonly<Record<Sort, (a: NamespaceSample, b: NamespaceSample) => number>> = {
  reads: (a, b) => b.readsPerSecond - a.readsPerSecond || b.keys - a.keys || byName(a, b),
  keys: (a, b) => b.keys - a.keys || byName(a, b),
  size: (a, b) => b.bytes - a.bytes || byName(a, b),
  evicted: (a, b) => b.evictedPerSecond - a.evictedPerSecond || byName(a, b),
  name: byName,
};

/** Rows under their titles: the first column left, numbers right. */
function columnsText(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [titles, ...rows];
  const widths = titles.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
  return all.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
}

function dimFirst([first = "", ...rest]: readonly string[], style: Style): string[] {
  return [style.dim(first), ...rest];
}

function bar(share: number, paint: Style["good"], { dim }: Style): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * BAR_WIDTH);
  return `[${paint("=".repeat(full))}${dim("-".repeat(BAR_WIDTH - full))}]`;
}

/** The last values as a line of blocks, the highest of them full. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = width > 0 ? values.slice(-width) : [];
  const highest = Math.max(...shown, 0);
  return shown
    .map((value) => {
      const level = highest === 0 ? 0 : Math.round((value / highest) * (SPARKS.length - 1));
      return SPARKS[level];
    })
    .join("");
}
