/** The quick benchmark's result for people. */
import { countText, durationText, latencyText, rateText, sizeText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { tableText, type Column } from "../terminal/table.ts";
import type { CliIo } from "../io.ts";
import type { LatencyBin } from "./latencies.ts";
import { latencyBars } from "./latency-bars.ts";
import type { QuickBenchmark } from "./quick.ts";

const COLUMNS: readonly Column[] = [
  { title: "phase" },
  ...["operations", "time", "rate", "p50", "p90", "p99", "p99.9", "max", "errors"].map((title) => ({
    title,
    align: "right" as const,
  })),
];

/** What ran, a row for each phase, the distribution of all latencies, and what went wrong. */
export function quickBenchmarkText(result: QuickBenchmark, io: Pick<CliIo, "color">): string {
  const { bold, dim, bad, warning } = styleOf(io);
  const { phases, operations, threads, valueBytes, keys, target } = result;
  const settings =
    `${countText(operations)} operations a phase, ${threads} connections, ` +
    `values of ${sizeText(valueBytes)}, ${countText(keys)} keys`;
  const rows = phases.map(({ name, figures }) => [
    name,
    countText(figures.operations),
    durationText(figures.elapsedMs),
    bold(rateText(figures.perSecond)),
    ...[figures.latency.p50Ms, figures.latency.p90Ms, figures.latency.p99Ms].map(latencyText),
    ...[figures.latency.p999Ms, figures.latency.maxMs].map(latencyText),
    figures.errors === 0 ? dim("0") : bad(countText(figures.errors)),
  ]);
  const kinds = phases.flatMap(({ name, figures }) =>
    figures.errorKinds.map(({ kind, count }) => `  ${name}: ${kind}: ${countText(count)}\n`),
  );
  return [
    `${bold(target)}  ${dim(settings)}\n\n`,
    tableText(COLUMNS, rows, io),
    `\n${bold("Latency")} ${dim("of all phases")}\n${latencyBars(sumOf(phases.map((it) => it.figures.distribution)), io)}`,
    kinds.length === 0 ? "" : `\n${bad("Errors")}\n${kinds.join("")}`,
    `\nIn all ${bold(durationText(result.elapsedMs))}${result.isInterrupted ? warning(" (interrupted)") : ""}\n`,
    result.leftBehind === null ? "" : warning(`Keys were left behind: ${result.leftBehind}\n`),
  ].join("");
}

/** Distributions have the same edges wherever they begin. */
function sumOf(distributions: readonly (readonly LatencyBin[])[]): LatencyBin[] {
  const sums = new Map<number, LatencyBin>();
  for (const bin of distributions.flat()) {
    const before = sums.get(bin.fromMs);
    sums.set(bin.fromMs, { ...bin, count: bin.count + (before?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => a.fromMs - b.fromMs);
}
