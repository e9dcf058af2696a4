/** A share of a whole, as a bar; colour only says what the number beside it says too. */
import type { ReactNode } from "react";
import classes from "./meter.module.css";

interface Props {
  /** 0 to 1. */
  readonly share: number;
  readonly label: string;
  /** From here on it is a warning; never when absent. */
  readonly warnAt?: number;
}

export function Meter({ share, label, warnAt = Infinity }: Props): ReactNode {
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className={classes.meter}
      data-warn={share >= warnAt}
    >
      <div className={classes.bar} style={{ width: `${percent}%` }} />
    </div>
  );
}
