/**
 * Charts of a report as SVG, with nothing in them but numbers and the colours of the page's style.
 *
 * What a pointer shows is kept beside each chart as data: the labels of its points, which the page's
 * script reads. Without the script the charts are whole all the same.
 */
import { countText, latencyText, rateText } from "../terminal/figures.ts";
import type { LatencyBin } from "./latencies.ts";
import type { TimelinePoint } from "./timeline.ts";

/** Where a chart is drawn; as wide as the page shows it, so that letters keep their size. */
interface Frame {
  readonly width: number;
  /** Where the plot ends; what follows is room for names. */
  readonly right: number;
}

const HALF: Frame = { width: 500, right: 452 };
const FULL: Frame = { width: 1040, right: 992 };
const HEIGHT = 220;
const LEFT = 62;
const TOP = 12;
const BOTTOM = HEIGHT - 28;
const X_TICKS = 5;
const LABEL_GAP = 13;

/** A line or the tops of bars; null is a gap. */
interface Series {
  readonly name: string;
  /** The class that gives it its colour. */
  readonly style: string;
  readonly values: readonly (number | null)[];
  readonly isArea?: true;
}

interface Axis {
  readonly ticks: readonly number[];
  /** From 0, at the bottom or left, to 1. */
  readonly place: (value: number) => number;
  readonly label: (value: number) => string;
}

/** What the pointer shows: at which share of the width, and the lines. */
interface Hint {
  readonly at: number;
  readonly lines: readonly string[];
}

export function rateChart(points: readonly TimelinePoint[]): string {
  const values = points.map(({ operations, seconds }) => operations / seconds);
  const axis = linearAxis(Math.max(1, ...values), (value) => rateText(value));
  const series: Series[] = [{ name: "rate", style: "s1", values, isArea: true }];
  const hints = points.map((point, i) => [
    timeText(point.atSeconds),
    `rate ${rateText(values[i]!)}`,
    ...(point.errors > 0 ? [`errors ${countText(point.errors)}`] : []),
  ]);
  return timeChart("Rate over time", points, series, axis, hints);
}

export function latencyChart(points: readonly TimelinePoint[]): string {
  const of = (pick: (point: TimelinePoint) => number): (number | null)[] =>
    points.map((point) => (point.operations === 0 ? null : pick(point)));
  const series: Series[] = [
    { name: "p50", style: "s1", values: of((it) => it.p50Ms) },
    { name: "p99", style: "s2", values: of((it) => it.p99Ms) },
    { name: "p99.9", style: "s3", values: of((it) => it.p999Ms) },
  ];
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const axis = logAxis(Math.min(...all), Math.max(...all), latencyText);
  const hints = points.map((point, i) => [
    timeText(point.atSeconds),
    ...series.map(({ name, values }) => `${name} ${shown(values[i])}`),
  ]);
  return timeChart("Latency over time", points, series, axis, hints);
}

export function errorChart(points: readonly TimelinePoint[]): string {
  const values = points.map(({ errors, seconds }) => errors / seconds);
  const axis = linearAxis(Math.max(1, ...values), (value) => rateText(value));
  const series: Series[] = [{ name: "errors", style: "s4", values, isArea: true }];
  const hints = points.map(({ atSeconds, errors }) => [
    timeText(atSeconds),
    `errors ${countText(errors)}`,
  ]);
  return timeChart("Errors over time", points, series, axis, hints, FULL);
}

/** Bars over bins that grow by the same factor, with the percentiles marked. */
export function distributionChart(
  bins: readonly LatencyBin[],
  marks: readonly { readonly name: string; readonly ms: number }[],
): string {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const from = Math.log10(bins[0]!.fromMs);
  const span = Math.log10(bins.at(-1)!.toMs) - from;
  const x = (ms: number): number => xOf(FULL, (Math.log10(ms) - from) / span);
  const most = Math.max(...bins.map(({ count }) => count)) / total;
  const axis = linearAxis(most, (value) => `${Number((value * 100).toFixed(1))} %`);
  const bars = bins.map(({ fromMs, toMs, count }) => {
    const left = x(fromMs) + 1;
    const top = yOf(axis.place(count / total));
    const width = Math.max(1, x(toMs) - left - 1);
    return rect(left, top, width, BOTTOM - top, "bar");
  });
  const markers = marks.map(({ name, ms }, i) => {
    const at = Math.min(FULL.right, Math.max(LEFT, x(ms)));
    const label = text(at + 4, TOP + 8 + i * LABEL_GAP, name, "mark-label");
    return `${line(at, TOP, at, BOTTOM, "mark")}${label}`;
  });
  const ticks = powersOfTen(bins[0]!.fromMs, bins.at(-1)!.toMs).map((ms) =>
    text(x(ms), BOTTOM + 18, latencyText(ms), "tick middle"),
  );
  const hints = bins.map(({ fromMs, toMs, count }) => ({
    at: (x(fromMs) + x(toMs)) / 2 / FULL.width,
    lines: [
      `${latencyText(fromMs)} to ${latencyText(toMs)}`,
      `${countText(count)} operations`,
      `${((count / total) * 100).toFixed(2)} %`,
    ],
  }));
  return svg(
    "Distribution of latency",
    FULL,
    grid(FULL, axis) + bars.join("") + markers.join("") + ticks.join(""),
    hints,
  );
}

function timeChart(
  title: string,
  points: readonly TimelinePoint[],
  series: readonly Series[],
  axis: Axis,
  hints: readonly (readonly string[])[],
  frame = HALF,
): string {
  const last = points.at(-1)!;
  const endSeconds = Math.max(0.001, last.atSeconds + last.seconds);
  // A point stands for its slice: in the middle of it.
  const xs = points.map(({ atSeconds, seconds }) =>
    xOf(frame, (atSeconds + seconds / 2) / endSeconds),
  );
  const drawn = series.map((each) => lineOf(each, xs, axis)).join("");
  const time = linearTicks(endSeconds, X_TICKS)
    .map((seconds) =>
      text(xOf(frame, seconds / endSeconds), BOTTOM + 18, timeText(seconds), "tick middle"),
    )
    .join("");
  const pointed = hints.map((lines, i) => ({ at: xs[i]! / frame.width, lines }));
  return svg(
    title,
    frame,
    grid(frame, axis) + time + drawn + endLabels(frame, series, axis),
    pointed,
  );
}

function lineOf({ style, values, isArea }: Series, xs: readonly number[], axis: Axis): string {
  const runs: string[][] = [[]];
  const dots: string[] = [];
  values.forEach((value, i) => {
    if (value === null) return void runs.push([]);
    runs.at(-1)!.push(`${round(xs[i]!)},${round(yOf(axis.place(value)))}`);
  });
  const paths = runs
    .filter((run) => run.length > 0)
    .map((run) => {
      if (run.length === 1) {
        const [cx, cy] = run[0]!.split(",");
        dots.push(`<circle class="dot ${style}" cx="${cx}" cy="${cy}" r="3"/>`);
        return "";
      }
      const [first] = run[0]!.split(",");
      const [last] = run.at(-1)!.split(",");
      const area = `M${first},${BOTTOM} L${run.join(" L")} L${last},${BOTTOM} Z`;
      const fill = isArea === true ? `<path class="area ${style}" d="${area}"/>` : "";
      return `${fill}<path class="line ${style}" d="M${run.join(" L")}"/>`;
    });
  return paths.join("") + dots.join("");
}

/** Names at the right ends of the lines, moved apart where they would cover each other. */
function endLabels(frame: Frame, series: readonly Series[], axis: Axis): string {
  if (series.length === 1) return "";
  const labels = series.flatMap(({ name, style, values }) => {
    const last = values.findLast((value) => value !== null);
    return last === undefined ? [] : [{ name, style, y: yOf(axis.place(last)) }];
  });
  labels.sort((a, b) => b.y - a.y);
  let below = Infinity;
  return labels
    .map(({ name, style, y }) => {
      const at = Math.min(y, below - LABEL_GAP);
      below = at;
      return text(frame.right + 6, at + 4, name, `end-label ${style}`);
    })
    .join("");
}

function grid({ right }: Frame, { ticks, place, label }: Axis): string {
  return ticks
    .map((tick) => {
      const y = yOf(place(tick));
      return line(LEFT, y, right, y, "grid") + text(LEFT - 8, y + 4, label(tick), "tick end");
    })
    .join("");
}

function svg(title: string, frame: Frame, inside: string, hints: readonly Hint[]): string {
  const data = JSON.stringify(hints).replaceAll("<", "\\u003c");
  return (
    `<div class="chart"><svg viewBox="0 0 ${frame.width} ${HEIGHT}" role="img" aria-label="${title}">` +
    `${inside}<line class="cursor" y1="${TOP}" y2="${BOTTOM}" x1="0" x2="0"/></svg>` +
    `<div class="hint"></div><script type="application/json">${data}</script></div>`
  );
}

function linearAxis(max: number, label: Axis["label"]): Axis {
  const ticks = linearTicks(max * 1.05, 4);
  const top = Math.max(max * 1.05, ticks.at(-1) ?? max);
  return { ticks, place: (value) => value / top, label };
}

function logAxis(min: number, max: number, label: Axis["label"]): Axis {
  const from = Math.log10(Math.max(min, 1e-4)) - 0.1;
  const to = Math.max(from + 0.5, Math.log10(Math.max(max, 1e-4)) + 0.1);
  const tens = powersOfTen(10 ** from, 10 ** to);
  const ticks = to - from > 2 ? tens : oneTwoFive(from, to);
  return { ticks, place: (value) => (Math.log10(value) - from) / (to - from), label };
}

function powersOfTen(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
}

/** 1, 2, 5, 10, ... between two powers. */
function oneTwoFive(from: number, to: number): number[] {
  return powersOfTen(10 ** (from - 1), 10 ** to)
    .flatMap((ten) => [ten, 2 * ten, 5 * ten])
    .filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to);
}

/** Round numbers from 0 to `max`, about `count` of them. */
function linearTicks(max: number, count: number): number[] {
  const raw = max / count;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * ten).find((each) => each >= raw * 0.999)!;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => i * step);
}

function shown(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "none" : latencyText(ms);
}

/** 90 is `1:30`, 2.5 is `2.5 s`. */
function timeText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(2))} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const minutes = `${Math.floor((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  if (seconds < 3600) return minutes;
  return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

function xOf({ right }: Frame, share: number): number {
  return LEFT + share * (right - LEFT);
}

function yOf(share: number): number {
  return BOTTOM - Math.min(1, Math.max(0, share)) * (BOTTOM - TOP);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(round);
  return `<line class="${style}" x1="${a}" y1="${b}" x2="${c}" y2="${d}"/>`;
}

function rect(x: number, y: number, width: number, height: number, style: string): string {
  const [a, b, c, d] = [x, y, width, Math.max(0, height)].map(round);
  return `<rect class="${style}" x="${a}" y="${b}" width="${c}" height="${d}" rx="1.5"/>`;
}

/** The content is made here, of numbers and fixed words, and needs no escaping. */
function text(x: number, y: number, content: string, style: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}">${content}</text>`;
}
