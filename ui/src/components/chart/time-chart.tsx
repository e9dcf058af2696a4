/**
 * A chart of the live history.
 *
 * uPlot draws on a canvas; React is told nothing of a new sample and nothing of the cursor, so that a
 * page of charts costs a few milliseconds a second while it streams. The figures beside the names are
 * those under the cursor, in all charts at once, and else the newest: written into the page directly.
 */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { live } from "../../lib/live/live.ts";
import type { Column } from "../../lib/live/types.ts";
import { Panel } from "../panel.tsx";
import { optionsOf } from "./chart-options.ts";
import classes from "./time-chart.module.css";
import { onTimeframe, timeframe } from "./timeframe.ts";

export interface Series {
  readonly label: string;
  /** A custom property of the theme, such as --kv-series-1. */
  readonly colour: string;
  /** Added up. */
  readonly columns: readonly Column[];
}

interface Props {
  readonly title: string;
  readonly note?: string;
  readonly aside?: ReactNode;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** The top of the scale; what the values need when absent. */
  readonly max?: number;
  /** For bytes: ticks at powers of two. */
  readonly isBinary?: boolean;
}

const NOTHING = "–";

export function TimeChart(props: Props): ReactNode {
  const { title, note, aside, series, format, max, isBinary = false } = props;
  const scheme = useComputedColorScheme();
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDListElement>(null);
  const id = useId();
  useEffect(() => {
    if (place.current === null || legend.current === null) return undefined;
    return draw(place.current, legend.current, { series, format, max, isBinary });
    // The colours are read from the page when the chart is made.
  }, [scheme, series, format, max, isBinary]);
  return (
    <Panel title={title} note={note} aside={aside}>
      <dl className={classes.legend} ref={legend} id={id}>
        {series.map(({ label, colour }) => (
          <div key={label} className={classes.entry}>
            <span
              className={classes.swatch}
              style={{ background: `var(${colour})` }}
              aria-hidden="true"
            />
            <dt>{label}</dt>
            <dd>{NOTHING}</dd>
          </div>
        ))}
      </dl>
      <div
        ref={place}
        className={classes.place}
        role="img"
        aria-label={`${title}, a line chart`}
        aria-describedby={id}
      />
    </Panel>
  );
}

interface Drawing {
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly max: number | undefined;
  readonly isBinary: boolean;
}

/** Makes the chart and keeps it up to date; returns what undoes that. */
function draw(place: HTMLElement, legend: HTMLElement, drawing: Drawing): () => void {
  const values = [...legend.querySelectorAll("dd")];
  const showFigures = (chart: uPlot): void => {
    const at = chart.cursor.idx ?? chart.data[0].length - 1;
    for (const [i, element] of values.entries()) {
      const value = chart.data[i + 1]?.[at];
      const text = value === null || value === undefined ? NOTHING : drawing.format(value);
      if (element.textContent !== text) element.textContent = text;
    }
  };
  const options = optionsOf(place, { ...drawing, onCursor: showFigures });
  const chart = new uPlot(options, dataOf(drawing.series), place);
  const update = (): void => {
    if (!timeframe().isPaused) chart.setData(dataOf(drawing.series));
    showFigures(chart);
  };
  const reframe = (): void => {
    chart.setData(timeframe().isPaused ? chart.data : dataOf(drawing.series));
    showFigures(chart);
  };
  const resize = new ResizeObserver(() => {
    chart.setSize({ width: place.clientWidth, height: place.clientHeight });
  });
  resize.observe(place);
  const stops = [live.onChange(update), onTimeframe(reframe)];
  showFigures(chart);
  return () => {
    for (const stop of stops) stop();
    resize.disconnect();
    chart.destroy();
  };
}

/** Copies, since the history changes under a chart that is paused. */
function dataOf(series: readonly Series[]): uPlot.AlignedData {
  const { history } = live;
  const times = history.column("time_ms").map((timeMs) => (timeMs ?? 0) / 1000);
  return [times, ...series.map(({ columns }) => sumOf(columns))];
}

function sumOf(columns: readonly Column[]): (number | null)[] {
  const [first, ...others] = columns.map((name) => live.history.column(name));
  const sum = [...(first ?? [])];
  for (const other of others) {
    for (const [i, value] of other.entries()) if (value !== null) sum[i] = (sum[i] ?? 0) + value;
  }
  return sum;
}
