/** The texts of the events. */
import type { HttpContext } from "../context.ts";
import { figuresOf } from "./ring.ts";
import { INTERVAL_MS } from "./sampler.ts";
import type { Sampler } from "./sampler.ts";

/** @param first the number of the first sample to tell of */
export function historyText(context: HttpContext, sampler: Sampler, first: number): string {
  const named = sampler.busiest.map(({ name }) => [name, sampler.namespaces.of(name)] as const);
  return JSON.stringify({
    interval_seconds: INTERVAL_MS / 1000,
    columns: sampler.ring.since(first),
    // fromEntries defines plain members even for a namespace called __proto__.
    namespaces: Object.fromEntries(named),
    now: now(context, sampler),
  });
}

export function sampleText(context: HttpContext, sampler: Sampler): string {
  return JSON.stringify({ figures: figuresOf(sampler.row), now: now(context, sampler) });
}

function now({ store, version }: HttpContext, sampler: Sampler): object {
  const { summary, redis } = sampler;
  const { status, reasons, log } = store.health();
  return {
    version,
    uptime_seconds: summary.uptimeSeconds,
    health: { status, reasons, log },
    memory_max_bytes: summary.memory.maxBytes,
    totals: {
      keys: summary.keys,
      cache_hits: summary.hits,
      cache_misses: summary.misses,
      evictions: summary.evictions,
      expired: summary.expired,
    },
    log: {
      fsync: summary.log.fsync,
      records: summary.log.records,
      bytes: summary.log.bytes,
      segments: summary.log.segments,
      last_seq: summary.log.lastSeq,
      durable_seq: summary.log.durableSeq,
      unsynced_bytes: summary.log.unsyncedBytes,
    },
    compaction: compactionOf(summary.compaction),
    redis_connections: redis?.connections ?? null,
    namespace_count: summary.usedNamespaces,
    namespaces: namespacesOf(sampler),
  };
}

function compactionOf(compaction: Sampler["summary"]["compaction"]): object {
  const { running, lastAtMs, lastDurationMs, snapshotBytes } = compaction;
  return {
    running,
    last: lastAtMs === null ? null : new Date(lastAtMs).toISOString(),
    last_seconds: lastDurationMs === null ? null : lastDurationMs / 1000,
    snapshot_bytes: snapshotBytes,
  };
}

function namespacesOf({ busiest }: Sampler): object[] {
  return busiest.map((each) => ({
    name: each.name,
    total_keys: each.keys,
    bytes: each.bytes,
    cache_hits: each.hits,
    cache_misses: each.misses,
    evictions: each.evictions,
    expired: each.expired,
    reads_per_second: Number(each.readsPerSecond.toPrecision(6)),
  }));
}
