/** What the server does now, and did in the last 15 minutes. */
import type { ReactNode } from "react";
import { useShortcuts } from "../../app/shortcuts.ts";
import { resetZoom, togglePause, useTimeframe } from "../../components/chart/timeframe.ts";
import { Page } from "../../components/page.tsx";
import { useLatest } from "../../lib/live/live.ts";
import { Charts } from "./charts.tsx";
import { Durability } from "./durability.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { HealthLine, HealthProblems } from "./health.tsx";
import { NamespaceTable } from "./namespace-table.tsx";
import classes from "./overview.module.css";
import { Tiles } from "./tiles.tsx";
import { TimeControls } from "./time-controls.tsx";

export default function Overview(): ReactNode {
  const latest = useLatest();
  const { isPaused, zoom } = useTimeframe();
  useShortcuts([
    { key: " ", label: isPaused ? "Go on" : "Hold the charts", run: togglePause },
    ...(zoom === null ? [] : [{ key: "z", label: "Show the whole window again", run: resetZoom }]),
  ]);
  return (
    <Page
      title="Overview"
      description={latest === null ? "Waiting for the server…" : <HealthLine now={latest.now} />}
      actions={<TimeControls />}
    >
      {latest === null ? null : (
        <>
          <HealthProblems health={latest.now.health} />
          <FirstSteps latest={latest} />
          <Tiles latest={latest} />
        </>
      )}
      <Charts />
      <div className={classes.lower}>
        <NamespaceTable now={latest?.now ?? null} />
        {latest === null ? null : <Durability now={latest.now} />}
      </div>
    </Page>
  );
}
