/**
 * The store's figures, read from where they are kept anyway when somebody asks.
 */
import { NAMESPACE_TOTAL } from "../memory/namespaces.ts";
import type { Compaction } from "./compaction.ts";
import type { Engine } from "./engine.ts";
import type { Health, NamespaceStats, RecoverySummary, StoreStats } from "./types.ts";

/** Cost: a look at each namespace. */
export function collectStats(
  engine: Engine,
  compaction: Compaction,
  recovery: RecoverySummary | null,
  uptimeSeconds: number,
): StoreStats {
  const { table } = engine;
  const namespaces = namespaceStats(engine);
  return {
    keys: sum(namespaces, "keys"),
    hits: sum(namespaces, "hits"),
    misses: sum(namespaces, "misses"),
    evictions: sum(namespaces, "evictions"),
    expired: sum(namespaces, "expired"),
    namespaces: namespaces.filter((namespace) => namespace.keys > 0 || isUsed(namespace)),
    memory: {
      usedBytes: table.usedBytes,
      maxBytes: table.maxBytes,
      arenaBytes: table.arenaBytes,
      wastedBytes: table.arenaBytes - table.usedBytes,
      indexBytes: table.indexBytes,
    },
    log: logStats(engine, compaction),
    compaction: {
      running: compaction.running,
      lastAtMs: compaction.lastAtMs,
      lastDurationMs: compaction.lastDurationMs,
      snapshotBytes: compaction.snapshotBytes,
      lastError: compaction.lastError,
    },
    recovery,
    uptimeSeconds,
  };
}

/** Cost: a look at each namespace. */
export function healthOf(engine: Engine, compaction: Compaction): Health {
  const { journal } = engine;
  const stats = journal.stats();
  const reasons: string[] = [];
  if (journal.failed !== null) {
    reasons.push(`the log failed, writes are off until a restart: ${journal.failed.detail}`);
  } else if (stats.diskFull)
    reasons.push("the disk is full, writes are refused until there is room");
  if (compaction.lastError !== null) {
    reasons.push(`the last compaction failed: ${compaction.lastError}`);
  }
  return {
    status: reasons.length === 0 ? "healthy" : "degraded",
    reasons,
    keys: totalKeys(engine),
    log: logState(engine, stats.diskFull, stats.fsync === null),
  };
}

function totalKeys({ table: { namespaces } }: Engine): number {
  let keys = 0;
  for (const id of namespaces.live()) keys += namespaces.keys(id);
  return keys;
}

function logState(engine: Engine, isFull: boolean, isOff: boolean): Health["log"] {
  if (isOff) return "off";
  if (engine.journal.failed !== null) return "failed";
  return isFull ? "full" : "ok";
}

function logStats(engine: Engine, compaction: Compaction): StoreStats["log"] {
  const { journal } = engine;
  const { fsync, bytes, segments, unsyncedBytes, syncs } = journal.stats();
  return {
    fsync,
    records: compaction.logRecords,
    bytes,
    segments,
    lastSeq: journal.lastSeq,
    durableSeq: Math.min(journal.durableSeq, journal.lastSeq),
    unsyncedBytes,
    syncs,
  };
}

function namespaceStats({ table }: Engine): NamespaceStats[] {
  const { namespaces } = table;
  return [...namespaces.live()].map((id) => ({
    name: namespaces.name(id),
    keys: namespaces.keys(id),
    bytes: namespaces.total(id, NAMESPACE_TOTAL.bytes),
    hits: namespaces.total(id, NAMESPACE_TOTAL.hits),
    misses: namespaces.total(id, NAMESPACE_TOTAL.misses),
    evictions: namespaces.total(id, NAMESPACE_TOTAL.evictions),
    expired: namespaces.total(id, NAMESPACE_TOTAL.expired),
  }));
}

function isUsed({ hits, misses, evictions, expired }: NamespaceStats): boolean {
  return hits + misses + evictions + expired > 0;
}

type Figure = "keys" | "hits" | "misses" | "evictions" | "expired";

function sum(namespaces: readonly NamespaceStats[], figure: Figure): number {
  return namespaces.reduce((total, namespace) => total + namespace[figure], 0);
}
