/**
 * The report of a load test as one HTML page that needs nothing from anywhere: style, charts and a
 * little script are in it, and a policy in its head keeps it from loading anything else.
 *
 * What comes from outside, such as addresses, error kinds and values that were read, is escaped.
 */
import { countText, durationText, latencyText, rateText, shareText } from "../terminal/figures.ts";
import type { LatencySummary } from "./latencies.ts";
import { OPERATIONS } from "./operations.ts";
import { distributionChart, errorChart, latencyChart, rateChart } from "./report-charts.ts";
import { REPORT_SCRIPT, REPORT_STYLE } from "./report-style.ts";
import { settingsInWords, type LoadReport, type Verification } from "./report.ts";
import type { TimelinePoint } from "./timeline.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
/** A last slice of less than this share of the others is too short to tell a rate. */
const STUB_SHARE = 0.3;

export function reportPage(report: LoadReport): string {
  const { figures, settings, target, startedAt, version } = report;
  const title = `Load test of ${escape(target)}`;
  const loop = settings.perSecond === null ? "closed loop" : "open loop";
  const started = startedAt.replace("T", " ").replace(/\..*$/, " UTC");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>${REPORT_STYLE}</style></head>
<body><main>
<h1>${title}</h1>
<p class="soft">${escape(started)}, ${durationText(figures.elapsedMs)}, ${loop}, pykv ${escape(version)}</p>
${noticesOf(report)}
${tilesOf(report)}
${chartsOf(report)}
${card("Operations", operationTable(report))}
${errorsOf(report)}
${report.verification === null ? "" : verificationOf(report.verification)}
${card("Settings", settingsList(report))}
</main><script>${REPORT_SCRIPT}</script></body></html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function card(title: string, inside: string): string {
  return `<section class="card"><h2>${title}</h2>${inside}</section>`;
}

function noticesOf({ isInterrupted, figures, settings, leftBehind }: LoadReport): string {
  const notices: string[] = [];
  if (isInterrupted) notices.push("Interrupted: this is what ran until then.");
  if (figures.unsent > 0) {
    notices.push(
      `${countText(figures.unsent)} operations were due and never sent: the rate was more than ` +
        `${settings.concurrent} connections to this server can carry.`,
    );
  }
  if (leftBehind !== null) notices.push(`Keys were left behind: ${escape(leftBehind)}`);
  return notices.map((notice) => `<p class="warn">${notice}</p>`).join("");
}

function tilesOf({ figures, verification, errorsBefore }: LoadReport): string {
  const { latency } = figures;
  const errors = figures.errors + errorsBefore;
  const tiles: [string, string, string?][] = [
    ["Operations", countText(figures.operations)],
    ["Rate", rateText(figures.perSecond)],
    ["p50", latencyText(latency.p50Ms)],
    ["p99", latencyText(latency.p99Ms)],
    ["p99.9", latencyText(latency.p999Ms)],
    ["Slowest", latencyText(latency.maxMs)],
    ["Errors", countText(errors), errors > 0 ? "bad" : "good"],
  ];
  if (verification !== null) {
    const { violations } = verification;
    const style = violations > 0 ? "bad" : "good";
    tiles.push([
      "Verified",
      violations > 0 ? `${countText(violations)} wrong` : "all right",
      style,
    ]);
  }
  const cells = tiles.map(
    ([name, figure, style = ""]) =>
      `<div class="tile"><div class="name">${name}</div><div class="figure ${style}">${figure}</div></div>`,
  );
  return `<div class="tiles">${cells.join("")}</div>`;
}

function chartsOf({ figures }: LoadReport): string {
  const points = withoutStub(figures.timeline);
  if (points.length === 0 || figures.operations === 0) {
    return card("Latency", `<p class="soft">No operation succeeded.</p>`);
  }
  const { p50Ms, p99Ms, p999Ms } = figures.latency;
  const marks = [
    { name: "p50", ms: p50Ms },
    { name: "p99", ms: p99Ms },
    { name: "p99.9", ms: p999Ms },
  ];
  return [
    `<div class="pair">${card("Rate over time", rateChart(points))}`,
    `${card("Latency over time", latencyChart(points))}</div>`,
    card("Distribution of latency", distributionChart(figures.distribution, marks)),
  ].join("");
}

function withoutStub(points: readonly TimelinePoint[]): readonly TimelinePoint[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 4) return points;
  return last.seconds < first.seconds * STUB_SHARE ? points.slice(0, -1) : points;
}

function operationTable({ figures, settings }: LoadReport): string {
  const row = (name: string, perSecond: number, latency: LatencySummary, found: string): string =>
    `<tr><td>${name}</td>${[
      countText(latency.count),
      rateText(perSecond),
      ...[latency.meanMs, latency.p50Ms, latency.p90Ms, latency.p95Ms].map(latencyText),
      ...[latency.p99Ms, latency.p999Ms, latency.maxMs].map(latencyText),
      found,
    ]
      .map((cell) => `<td>${cell}</td>`)
      .join("")}</tr>`;
  const rows = OPERATIONS.flatMap((operation) => {
    const each = figures.perOperation[operation];
    if (each === undefined) return [];
    const found = operation === "set" ? "" : shareText(each.found / each.latency.count);
    return [row(operation, each.perSecond, each.latency, found)];
  });
  rows.push(row("all", figures.perSecond, figures.latency, ""));
  if (settings.perSecond !== null) {
    rows.push(row("all, once sent", figures.perSecond, figures.service, ""));
  }
  const heads = ["", "count", "rate", "mean", "p50", "p90", "p95", "p99", "p99.9", "max", "found"];
  const note =
    settings.perSecond === null
      ? ""
      : `<p class="soft">Latency counts from when an operation was due, so waiting shows in it; the last row counts from when it was sent.</p>`;
  return `${note}<table><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr>${rows.join("")}</table>`;
}

function errorsOf({ figures, errorsBefore }: LoadReport): string {
  if (figures.errors + errorsBefore === 0) return "";
  const rows = figures.errorKinds.map(
    ({ kind, count }) => `<tr><td>${escape(kind)}</td><td>${countText(count)}</td></tr>`,
  );
  if (errorsBefore > 0) {
    rows.push(`<tr><td>before the measurement</td><td>${countText(errorsBefore)}</td></tr>`);
  }
  const chart = figures.errors > 0 ? errorChart(withoutStub(figures.timeline)) : "";
  return card("Errors", `${chart}<table class="left">${rows.join("")}</table>`);
}

function verificationOf({ judged, notJudged, violations, examples }: Verification): string {
  const skipped = notJudged === 0 ? "" : `, ${countText(notJudged)} more could not be judged`;
  if (violations === 0) {
    const text = `All ${countText(judged)} replies are right${skipped}.`;
    return card("Verification", `<p class="good">${text}</p>`);
  }
  const rows = examples.map(
    ({ kind, operation, namespace, key, expected, got, atMs }) =>
      `<tr><td>${durationText(atMs)}</td><td>${operation} of <code>${escape(key)}</code> in ${escape(namespace)}</td>` +
      `<td class="bad">${kind}</td><td>${escape(expected)}</td><td>${escape(got)}</td></tr>`,
  );
  const more = violations - examples.length;
  return card(
    "Verification",
    `<p><span class="bad">${countText(violations)} keys answered wrongly</span>, of ${countText(judged)} replies${skipped}.</p>` +
      `<table class="left"><tr><th>at</th><th>operation</th><th>what</th><th>expected</th><th>got</th></tr>${rows.join("")}</table>` +
      (more > 0 ? `<p class="soft">and ${countText(more)} more</p>` : ""),
  );
}

function settingsList({ settings }: LoadReport): string {
  const entries = settingsInWords(settings).map(
    ([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`,
  );
  return `<dl>${entries.join("")}</dl>`;
}
