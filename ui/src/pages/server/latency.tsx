/** How long each operation takes, and how that is spread. */
import { SegmentedControl } from "@mantine/core";
import { IconHourglassEmpty } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { Copyable } from "../../components/copyable.tsx";
import { Empty } from "../../components/empty.tsx";
import { Failure } from "../../components/failure.tsx";
import { Panel } from "../../components/panel.tsx";
import table from "../../components/table.module.css";
import { formatCount, formatLatency, formatShare } from "../../lib/format.ts";
import { usePerformance } from "../../lib/server.ts";
import type { Latencies, Performance } from "../../lib/server.ts";
import { HistogramChart } from "./histogram.tsx";
import classes from "./server.module.css";

const SPANS = [
  { value: "minute", label: "REST, 1 min" },
  { value: "start", label: "REST, in all" },
  { value: "redis", label: "Redis" },
] as const;

type Span = (typeof SPANS)[number]["value"];
type Named = readonly [name: string, latencies: Latencies];

export function Latency(): ReactNode {
  const performance = usePerformance();
  const [params, setParams] = useSearchParams();
  if (performance.error !== null) {
    return <Failure error={performance.error} onRetry={() => void performance.refetch()} />;
  }
  if (performance.data === undefined) return null;
  const spans = SPANS.filter(({ value }) => value !== "redis" || performance.data.redis !== null);
  const span = spans.find(({ value }) => value === params.get("of"))?.value ?? "start";
  const operations = operationsOf(performance.data, span);
  const named = operations.find(([name]) => name === params.get("op")) ?? operations[0];
  const show = (of: Span, op: string | undefined): void => {
    setParams({ of, ...(op === undefined ? {} : { op }) }, { replace: true });
  };
  return (
    <div className={classes.latency}>
      <Panel
        title="Operations"
        flush
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Which operations"
            value={span}
            onChange={(value) => show(value, undefined)}
            data={[...spans]}
          />
        }
      >
        {named === undefined ? (
          <NothingMeasured span={span} />
        ) : (
          <OperationTable
            operations={operations}
            picked={named[0]}
            onPick={(op) => show(span, op)}
          />
        )}
      </Panel>
      {named === undefined ? null : (
        <Panel title={named[0]} note={`${formatCount(named[1].total_operations)} measured`}>
          <HistogramChart name={named[0]} latencies={named[1]} />
          <p className={classes.explain}>
            {span === "redis"
              ? "The time that a command took, without its way to and from the client."
              : "From the arrival of a request to its reply, within 6.25 %."}
          </p>
        </Panel>
      )}
    </div>
  );
}

/** Those that happened, the most frequent first. */
function operationsOf(performance: Performance, span: Span): Named[] {
  const all = {
    minute: performance.last_minute.per_operation,
    start: performance.per_operation,
    redis: performance.redis ?? {},
  }[span];
  return Object.entries(all)
    .filter(([, { total_operations: total }]) => total > 0)
    .sort(([, a], [, b]) => b.total_operations - a.total_operations);
}

interface TableProps {
  readonly operations: readonly Named[];
  readonly picked: string;
  readonly onPick: (name: string) => void;
}

const PERCENTILES = [
  ["p50", "p50_latency_ms"],
  ["p95", "p95_latency_ms"],
  ["p99", "p99_latency_ms"],
  ["p99.9", "p999_latency_ms"],
] as const;

function OperationTable({ operations, picked, onPick }: TableProps): ReactNode {
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label="Operations, a table">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            {["Count", ...PERCENTILES.map(([label]) => label), "Errors"].map((label) => (
              <th key={label} scope="col" className={table.number}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {operations.map(([name, latencies]) => (
            <tr key={name} className={name === picked ? classes.picked : undefined}>
              <td>
                <button
                  type="button"
                  className={`${classes.pick} ${table.name}`}
                  aria-pressed={name === picked}
                  onClick={() => onPick(name)}
                >
                  {name}
                </button>
              </td>
              <td className={table.number}>{formatCount(latencies.total_operations)}</td>
              {PERCENTILES.map(([label, field]) => (
                <td key={label} className={table.number}>
                  {formatLatency(latencies[field])}
                </td>
              ))}
              <td className={table.number}>{formatShare(latencies.error_rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NothingMeasured({ span }: { readonly span: Span }): ReactNode {
  const { origin, hostname } = window.location;
  return (
    <Empty icon={IconHourglassEmpty} title="Nothing was measured yet">
      <p>Each operation is listed once it has happened. Try one:</p>
      <Copyable
        text={
          span === "redis" ? `redis-cli -h ${hostname} -p 6380 ping` : `curl ${origin}/kv/greeting`
        }
      />
    </Empty>
  );
}
