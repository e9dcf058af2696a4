/** A figure with its name, what to read it against, and what it did of late. */
import type { ReactNode } from "react";
import classes from "./stat-tile.module.css";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note: string;
  readonly children: ReactNode;
}

export function StatTile({ label, value, unit, note, children }: Props): ReactNode {
  return (
    <div className={classes.tile} role="group" aria-label={label}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>
        {value}
        {unit === undefined ? null : <span className={classes.unit}>{unit}</span>}
      </div>
      <div className={classes.note}>{note}</div>
      <div className={classes.trend}>{children}</div>
    </div>
  );
}
