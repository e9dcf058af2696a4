/** The distribution of an operation's latencies, on a logarithmic scale, with its percentiles. */
import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { formatCount, formatLatency } from "../../lib/format.ts";
import type { Latencies } from "../../lib/server.ts";
import { binsOf } from "./bins.ts";
import type { Bin } from "./bins.ts";
import classes from "./server.module.css";

const HEIGHT = 260;
const TOP = 34;
const BOTTOM = 236;
const GAP = 1;
/** Labels of marks that are nearer would cover each other. */
const LABEL_WIDTH = 62;

interface Props {
  readonly name: string;
  readonly latencies: Latencies;
}

export function HistogramChart({ name, latencies }: Props): ReactNode {
  const { ref, width: measured } = useElementSize();
  const bins = useMemo(() => binsOf(latencies.histogram), [latencies.histogram]);
  const first = bins[0];
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = Math.max(...bins.map(({ count }) => count));
  const barWidth = measured / bins.length;
  const xOf = (ms: number): number => {
    const share = Math.log(ms / first.fromMs) / Math.log(last.toMs / first.fromMs);
    return Math.min(1, Math.max(0, share)) * measured;
  };
  return (
    <div ref={ref}>
      <svg
        className={classes.histogram}
        width={measured}
        height={HEIGHT}
        role="img"
        aria-label={summaryOf(name, latencies)}
      >
        {bins.map((bin, i) => (
          <Bar
            key={bin.fromMs}
            bin={bin}
            x={i * barWidth}
            width={barWidth}
            share={bin.count / most}
          />
        ))}
        <line x1={0} x2={measured} y1={BOTTOM} y2={BOTTOM} className={classes.base} />
        {ticksOf(first.fromMs, last.toMs).map((ms) => (
          <text
            key={ms}
            x={xOf(ms)}
            y={HEIGHT - 8}
            className={classes.axis}
            textAnchor={anchorOf(xOf(ms), measured)}
          >
            {formatLatency(ms)}
          </text>
        ))}
        <Marks latencies={latencies} xOf={xOf} width={measured} />
      </svg>
    </div>
  );
}

interface BarProps {
  readonly bin: Bin;
  readonly x: number;
  readonly width: number;
  readonly share: number;
}

function Bar({ bin, x, width, share }: BarProps): ReactNode {
  // One of a million is to be seen too.
  const height = bin.count === 0 ? 0 : Math.max(1.5, share * (BOTTOM - TOP));
  return (
    <rect
      x={x + GAP / 2}
      y={BOTTOM - height}
      width={Math.max(0.5, width - GAP)}
      height={height}
      rx={Math.min(2, width / 4)}
      className={classes.bar}
    >
      <title>
        {`${formatLatency(bin.fromMs)} to ${formatLatency(bin.toMs)}: ${formatCount(bin.count)}`}
      </title>
    </rect>
  );
}

interface MarksProps {
  readonly latencies: Latencies;
  readonly xOf: (ms: number) => number;
  readonly width: number;
}

function Marks({ latencies, xOf, width }: MarksProps): ReactNode {
  const marks = [
    ["p50", xOf(latencies.p50_latency_ms)],
    ["p95", xOf(latencies.p95_latency_ms)],
    ["p99", xOf(latencies.p99_latency_ms)],
  ] as const;
  return marks.map(([label, x], i) => {
    const before = marks[i - 1];
    const isNear = before !== undefined && x - before[1] < LABEL_WIDTH / 2;
    return (
      <g key={label}>
        <line x1={x} x2={x} y1={TOP - 10} y2={BOTTOM} className={classes.mark} />
        <text
          x={x}
          y={isNear ? 10 + i : 20}
          className={classes.markText}
          textAnchor={anchorOf(x, width)}
        >
          {label}
        </text>
      </g>
    );
  });
}

function anchorOf(x: number, width: number): "start" | "middle" | "end" {
  if (x < LABEL_WIDTH / 2) return "start";
  return x > width - LABEL_WIDTH / 2 ? "end" : "middle";
}

/** Powers of ten, or the ends where there is none between them. */
function ticksOf(fromMs: number, toMs: number): number[] {
  const ticks: number[] = [];
  for (let power = -3; power <= 6; power++) {
    const ms = 10 ** power;
    if (ms >= fromMs * 0.999 && ms <= toMs * 1.001) ticks.push(ms);
  }
  return ticks.length > 1 ? ticks : [fromMs, toMs];
}

function summaryOf(name: string, latencies: Latencies): string {
  const { p50_latency_ms: p50, p99_latency_ms: p99 } = latencies;
  return `Latencies of ${name}: half within ${formatLatency(p50)}, 99 % within ${formatLatency(p99)}`;
}
