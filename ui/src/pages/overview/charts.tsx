/** The charts: one question each. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { TimeChart } from "../../components/chart/time-chart.tsx";
import type { Series } from "../../components/chart/time-chart.tsx";
import { formatBytes, formatLatency, formatShare, formatShort } from "../../lib/format.ts";
import { useLatest } from "../../lib/live/live.ts";
import classes from "./overview.module.css";

type Door = "rest" | "redis";

const OPERATIONS: readonly Series[] = [
  { label: "Reads", colour: "--kv-series-1", columns: ["ops_get", "ops_list"] },
  {
    label: "Writes",
    colour: "--kv-series-2",
    columns: ["ops_set", "ops_incr", "ops_expire", "ops_batch"],
  },
  { label: "Deletes", colour: "--kv-series-4", columns: ["ops_delete"] },
  { label: "Other", colour: "--kv-series-5", columns: ["ops_other"] },
];
const LATENCY: Readonly<Record<Door, readonly Series[]>> = {
  rest: latencyOf("rest"),
  redis: latencyOf("redis"),
};
const HIT_RATIO: readonly Series[] = [
  { label: "Hit ratio", colour: "--kv-series-2", columns: ["hit_ratio"] },
];
const MEMORY: readonly Series[] = [
  { label: "Used", colour: "--kv-series-1", columns: ["memory_bytes"] },
  { label: "Log on disk", colour: "--kv-series-3", columns: ["log_bytes"] },
];
const GIVEN_UP: readonly Series[] = [
  { label: "Evicted", colour: "--kv-series-4", columns: ["evictions"] },
  { label: "Expired", colour: "--kv-series-3", columns: ["expirations"] },
];
const LOG: readonly Series[] = [
  { label: "Logged", colour: "--kv-series-1", columns: ["records"] },
  { label: "Not yet durable", colour: "--kv-series-4", columns: ["lag_records"] },
];

export function Charts(): ReactNode {
  return (
    <div className={classes.charts}>
      <TimeChart
        title="Operations"
        note="per second, both doors"
        series={OPERATIONS}
        format={formatShort}
      />
      <LatencyChart />
      <TimeChart
        title="Hit ratio"
        note="of the keys looked up"
        series={HIT_RATIO}
        format={formatShare}
        max={1}
      />
      <TimeChart title="Memory and log" series={MEMORY} format={formatBytes} isBinary />
      <TimeChart
        title="Evictions and expiries"
        note="keys per second"
        series={GIVEN_UP}
        format={formatShort}
      />
      <TimeChart title="Durability" note="records per second" series={LOG} format={formatShort} />
    </div>
  );
}

/** Shows the door that is used, until one is chosen. */
function LatencyChart(): ReactNode {
  const [chosen, setChosen] = useState<Door | null>(null);
  const figures = useLatest()?.figures;
  const busier = (figures?.redis_ops ?? 0) > (figures?.rest_ops ?? 0) ? "redis" : "rest";
  const [shown, setShown] = useState<Door>(busier);
  const isIdle = (figures?.redis_ops ?? 0) + (figures?.rest_ops ?? 0) < 1;
  // A door that falls silent stays in view: flipping to and fro helps nobody.
  if (chosen === null && !isIdle && shown !== busier && shown === "rest") setShown(busier);
  const door = chosen ?? shown;
  return (
    <TimeChart
      title="Latency"
      note={door === "rest" ? "from a request to its reply" : "of a command"}
      series={LATENCY[door]}
      format={formatLatency}
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Door"
          value={door}
          onChange={(value) => setChosen(value)}
          data={[
            { value: "rest", label: "REST" },
            { value: "redis", label: "Redis" },
          ]}
        />
      }
    />
  );
}

function latencyOf(door: Door): readonly Series[] {
  return [
    { label: "p50", colour: "--kv-series-2", columns: [`${door}_p50_ms`] },
    { label: "p95", colour: "--kv-series-1", columns: [`${door}_p95_ms`] },
    { label: "p99", colour: "--kv-series-4", columns: [`${door}_p99_ms`] },
  ];
}
