/** The report of a load test for people at a terminal. */
import { countText, durationText, latencyText, rateText, shareText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { tableText, type Column } from "../terminal/table.ts";
import type { CliIo } from "../io.ts";
import type { LatencySummary } from "./latencies.ts";
import { latencyBars } from "./latency-bars.ts";
import { OPERATIONS } from "./operations.ts";
import { settingsInWords, type LoadReport, type Verification } from "./report.ts";

type Io = Pick<CliIo, "color">;

const COLUMNS: readonly Column[] = [
  { title: "operation" },
  ...["count", "rate", "mean", "p50", "p90", "p99", "p99.9", "max"].map((title) => ({
    title,
    align: "right" as const,
  })),
];
/** Reads that find less than this share are worth a word. */
const FOUND_MIN = 0.5;

export function reportText(report: LoadReport, io: Io): string {
  const { bold, dim, warning } = styleOf(io);
  const { figures, settings, target } = report;
  const words = settingsInWords(settings).map(([name, value]) => `${dim(name)} ${value}`);
  const interrupted = report.isInterrupted ? warning("  (interrupted)") : "";
  return [
    `${bold(target)}${interrupted}\n${words.join(dim(", "))}\n\n`,
    `${bold(countText(figures.operations))} operations in ${durationText(figures.elapsedMs)}: ` +
      `${bold(rateText(figures.perSecond))}\n\n`,
    tableText(COLUMNS, rowsOf(report), io),
    notesOf(report, io),
    `\n${bold("Latency")}\n${latencyBars(figures.distribution, io)}`,
    errorsOf(report, io),
    report.verification === null ? "" : verificationOf(report.verification, io),
    report.leftBehind === null ? "" : warning(`\nKeys were left behind: ${report.leftBehind}\n`),
  ].join("");
}

function rowsOf({ figures, settings }: LoadReport): string[][] {
  const row = (name: string, perSecond: number, latency: LatencySummary): string[] => [
    name,
    countText(latency.count),
    rateText(perSecond),
    ...[latency.meanMs, latency.p50Ms, latency.p90Ms, latency.p99Ms].map(latencyText),
    ...[latency.p999Ms, latency.maxMs].map(latencyText),
  ];
  const rows = OPERATIONS.flatMap((operation) => {
    const each = figures.perOperation[operation];
    return each === undefined ? [] : [row(operation, each.perSecond, each.latency)];
  });
  if (rows.length > 1 || settings.perSecond !== null) {
    rows.push(row("all", figures.perSecond, figures.latency));
  }
  if (settings.perSecond !== null) {
    rows.push(row("all, once sent", figures.perSecond, figures.service));
  }
  return rows;
}

function notesOf({ figures, settings }: LoadReport, io: Io): string {
  const { dim, warning } = styleOf(io);
  const notes: string[] = [];
  if (settings.perSecond !== null) {
    notes.push(dim("Latency counts from when an operation was due, so waiting shows in it."));
  }
  if (figures.unsent > 0) {
    notes.push(
      warning(
        `${countText(figures.unsent)} operations were due and never sent: the rate was more than ` +
          `${settings.concurrent} connections to this server can carry.`,
      ),
    );
  }
  const { get } = figures.perOperation;
  if (get !== undefined) {
    const share = get.found / get.latency.count;
    const hint =
      share < FOUND_MIN && !settings.prefill ? "; --prefill writes all keys beforehand" : "";
    notes.push(dim(`${shareText(share)} of the gets found a value${hint}.`));
  }
  return notes.length === 0 ? "" : `\n${notes.join("\n")}\n`;
}

function errorsOf({ figures, errorsBefore }: LoadReport, io: Io): string {
  const { bad, good } = styleOf(io);
  if (figures.errors + errorsBefore === 0) return `\n${good("No errors")}\n`;
  const kinds = figures.errorKinds.map(({ kind, count }) => `  ${countText(count)}  ${kind}\n`);
  const before =
    errorsBefore === 0 ? "" : `  ${countText(errorsBefore)}  before the measurement began\n`;
  return `\n${bad(`${countText(figures.errors + errorsBefore)} errors`)}\n${kinds.join("")}${before}`;
}

function verificationOf(verification: Verification, io: Io): string {
  const { bad, good, dim, name } = styleOf(io);
  const { judged, notJudged, violations, examples } = verification;
  const skipped = notJudged === 0 ? "" : dim(` (${countText(notJudged)} more could not be judged)`);
  if (violations === 0) {
    return `\n${good("Verified")}: all ${countText(judged)} replies are right${skipped}\n`;
  }
  const lines = examples.map(
    ({ kind, operation, namespace, key, expected, got, atMs }) =>
      `  ${durationText(atMs)}  ${operation} of ${name(key)} in ${namespace}: ${bad(kind)}\n` +
      `      expected ${expected}\n      got      ${got}\n`,
  );
  const more = violations - examples.length;
  return [
    `\n${bad(`${countText(violations)} keys answered wrongly`)}, `,
    `of ${countText(judged)} replies${skipped}\n`,
    ...lines,
    more > 0 ? `  and ${countText(more)} more\n` : "",
  ].join("");
}
