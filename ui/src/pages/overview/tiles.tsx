/** The few figures that one looks for first. */
import type { ReactNode } from "react";
import { Meter } from "../../components/meter.tsx";
import { Sparkline } from "../../components/sparkline.tsx";
import { StatTile } from "../../components/stat-tile.tsx";
import { countOf, formatBytes, formatLatency, formatShare, formatShort } from "../../lib/format.ts";
import { live } from "../../lib/live/live.ts";
import type { Latest } from "../../lib/live/live.ts";
import type { Column } from "../../lib/live/types.ts";
import classes from "./overview.module.css";

/** As far back as a sparkline of a tile goes. */
const RECENT = 120;
/** A share of the limit from which memory is worth a look: eviction is near. */
const MEMORY_WARN = 0.9;

export function Tiles({ latest }: { readonly latest: Latest }): ReactNode {
  const { figures, now } = latest;
  const rest = figures.rest_ops ?? 0;
  const redis = figures.redis_ops ?? 0;
  const isRedis = redis > rest;
  const memoryShare = (figures.memory_bytes ?? 0) / now.memory_max_bytes;
  const { cache_hits: hits, cache_misses: misses } = now.totals;
  return (
    <div className={classes.tiles}>
      <StatTile
        label="Operations"
        value={formatShort(rest + redis)}
        unit="/s"
        note={`${formatShort(rest)} REST, ${formatShort(redis)} Redis`}
      >
        <Trend columns={["rest_ops", "redis_ops"]} />
      </StatTile>
      <StatTile
        label="Latency, p99"
        value={formatLatency(isRedis ? figures.redis_p99_ms : figures.rest_p99_ms)}
        note={isRedis ? "of Redis commands" : "of REST requests"}
      >
        <Trend columns={[isRedis ? "redis_p99_ms" : "rest_p99_ms"]} colour="var(--kv-series-4)" />
      </StatTile>
      <StatTile
        label="Hit ratio"
        value={formatShare(figures.hit_ratio)}
        note={`${formatShare(hits + misses === 0 ? null : hits / (hits + misses))} since the start`}
      >
        <Trend columns={["hit_ratio"]} max={1} colour="var(--kv-series-2)" />
      </StatTile>
      <StatTile
        label="Keys"
        value={formatShort(figures.keys ?? 0)}
        note={`in ${countOf(now.namespace_count, "namespace")}`}
      >
        <Trend columns={["keys"]} colour="var(--kv-series-2)" />
      </StatTile>
      <StatTile
        label="Memory"
        value={formatBytes(figures.memory_bytes ?? 0)}
        note={`${formatShare(memoryShare)} of ${formatBytes(now.memory_max_bytes)}`}
      >
        <Meter share={memoryShare} label="Memory used" warnAt={MEMORY_WARN} />
      </StatTile>
      <StatTile
        label="Evicted and expired"
        value={formatShort((figures.evictions ?? 0) + (figures.expirations ?? 0))}
        unit="/s"
        note={`${formatShort(now.totals.evictions + now.totals.expired)} since the start`}
      >
        <Trend columns={["evictions", "expirations"]} colour="var(--kv-series-3)" />
      </StatTile>
    </div>
  );
}

interface TrendProps {
  readonly columns: readonly Column[];
  readonly max?: number;
  readonly colour?: string;
}

function Trend({ columns, ...look }: TrendProps): ReactNode {
  const [first, ...others] = columns.map((name) => live.history.column(name).slice(-RECENT));
  const values = (first ?? []).map((value, i) =>
    others.reduce((sum, other) => addOf(sum, other[i] ?? null), value),
  );
  return <Sparkline values={values} {...look} />;
}

function addOf(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
