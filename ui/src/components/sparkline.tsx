/**
 * A line without axes, as large as a word: what a figure did of late.
 *
 * One path in a view box that is as wide as there are values, stretched to whatever place it has; the
 * stroke keeps its width. A gap is where there was nothing to measure.
 */
import { useMemo } from "react";
import type { ReactNode } from "react";
import classes from "./sparkline.module.css";

interface Props {
  readonly values: readonly (number | null)[];
  /** The top of the scale; the largest value when absent. */
  readonly max?: number;
  readonly colour?: string;
  readonly className?: string | undefined;
}

const HEIGHT = 100;

export function Sparkline({ values, max, colour, className = "" }: Props): ReactNode {
  const { line, area } = useMemo(() => pathsOf(values, max), [values, max]);
  const width = Math.max(1, values.length - 1);
  return (
    <svg
      className={`${classes.spark} ${className}`}
      viewBox={`0 -4 ${width} ${HEIGHT + 8}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={colour === undefined ? undefined : { color: colour }}
    >
      <path d={area} className={classes.area} />
      <path d={line} className={classes.line} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** The paths of the line and of what is below it. */
export function pathsOf(
  values: readonly (number | null)[],
  max = Math.max(0, ...values.map((value) => value ?? 0)),
): { readonly line: string; readonly area: string } {
  const yOf = (value: number): number => round(HEIGHT - (max > 0 ? value / max : 0) * HEIGHT);
  let line = "";
  let area = "";
  let isDown = false;
  for (const [x, value] of values.entries()) {
    if (value === null) {
      if (isDown) area += `L${x - 1} ${HEIGHT}Z`;
      isDown = false;
      continue;
    }
    const y = yOf(value);
    line += `${isDown ? "L" : "M"}${x} ${y}`;
    area += isDown ? `L${x} ${y}` : `M${x} ${HEIGHT}L${x} ${y}`;
    isDown = true;
  }
  if (isDown) area += `L${values.length - 1} ${HEIGHT}Z`;
  return { line, area };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
