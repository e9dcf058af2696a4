/** The mark and the name. */
import type { ReactNode } from "react";
import { useLatest } from "../lib/live/live.ts";
import classes from "./logo.module.css";

export function Logo(): ReactNode {
  const version = useLatest()?.now.version;
  return (
    <div className={classes.logo}>
      <svg viewBox="0 0 32 32" width={24} height={24} aria-hidden="true">
        <rect width="32" height="32" rx="8" className={classes.tile} />
        <path d="M9.5 8v16M9.5 17.5 20 8M14 14l8.5 10" className={classes.stroke} />
      </svg>
      <span className={classes.name}>PyKV</span>
      {version === undefined ? null : <span className={classes.version}>{version}</span>}
    </div>
  );
}
