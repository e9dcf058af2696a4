/** How uPlot is to draw a chart of the live history: axes, lines, cursor, zoom. */
import type uPlot from "uplot";
import type { Series } from "./time-chart.tsx";
import { rangeOf, resetZoom, timeframe, zoomTo } from "./timeframe.ts";

const FONT = '11px "Inter Variable", sans-serif';
/** Charts of the same name share their cursor. */
const SYNC = "pykv";
const FILL_OPACITY = "1a";
/** Empty charts need some height for their axis to make sense. */
const MAX_OF_NOTHING = 1;
const HEADROOM = 1.12;
/** Between the ticks of a scale of bytes. */
const BINARY_STEPS = Array.from({ length: 40 }, (_, power) => 2 ** power);

interface Wanted {
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly max: number | undefined;
  /** Ticks at powers of two. */
  readonly isBinary: boolean;
  /** Called when the cursor has moved, or left. */
  readonly onCursor: (chart: uPlot) => void;
}

export function optionsOf(place: HTMLElement, wanted: Wanted): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const muted = colour("--kv-muted");
  const grid = { stroke: colour("--kv-line"), width: 1 };
  const axis = { stroke: muted, font: FONT, ticks: { show: false }, gap: 6 };
  return {
    width: place.clientWidth,
    height: place.clientHeight,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: shownOf },
      y: { range: (_, __, largest) => [0, wanted.max ?? topOf(largest)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 70, values: timesOf },
      {
        ...axis,
        grid,
        size: 58,
        space: 34,
        ...(wanted.isBinary ? { incrs: BINARY_STEPS } : {}),
        values: (_, splits) => splits.map((value) => tickOf(wanted.format(value), value)),
      },
    ],
    series: [{}, ...wanted.series.map((each, at) => lineOf(colour(each.colour), at === 0))],
    cursor: {
      sync: { key: SYNC, setSeries: false },
      points: { size: 6, width: 1.5 },
      drag: { x: true, y: false, setScale: false },
      // Twice a click shows all again; the chart's own answer knows of no other chart.
      bind: { dblclick: () => () => (resetZoom(), null) },
    },
    hooks: {
      setCursor: [wanted.onCursor],
      setSelect: [zoomIntoSelection],
    },
  };
}

function lineOf(stroke: string, isFilled: boolean): uPlot.Series {
  return {
    stroke,
    width: 1.5,
    points: { show: false },
    ...(isFilled ? { fill: `${stroke}${FILL_OPACITY}` } : {}),
  };
}

/** Without any sample, the time up to now. */
function shownOf({ data: [times] }: uPlot): [number, number] {
  const last = times.at(-1) ?? Date.now() / 1000;
  return rangeOf(timeframe(), times[0] ?? last, last);
}

function topOf(largest: number | null): number {
  return largest === null || largest <= 0 ? MAX_OF_NOTHING : largest * HEADROOM;
}

/** Ticks are round: what stands behind the point only takes room. */
function tickOf(text: string, value: number): string {
  return value === 0 ? "0" : text.replace(/\.0(?=\D|$)/, "");
}

function timesOf(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  const format = new Intl.DateTimeFormat(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    ...(step < 60 ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  });
  return splits.map((seconds) => format.format(seconds * 1000));
}

function zoomIntoSelection(chart: uPlot): void {
  const { left, width } = chart.select;
  if (width <= 0) return;
  zoomTo(chart.posToVal(left, "x"), chart.posToVal(left + width, "x"));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
