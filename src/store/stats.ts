/**
 * The store's figures, read from where they are kept anyway when somebody asks.
 */
import { NAMESPACE_TOTAL } from "../memory/namespaces.ts";
import type { NamespaceId, Namespaces } from "../memory/namespaces.ts";
import type { Compaction } from "./compaction.ts";
import type { Engine } from "./engine.ts";
import type {
  Health,
  NamespaceStats,
  RecoverySummary,
  StoreStats,
  StoreSummary,
  StoreTotals,
} from "./types.ts";

/** Cost: a look at each namespace, and an object for it. */
export function collectStats(
  engine: Engine,
  compaction: Compaction,
  recovery: RecoverySummary | null,
  uptimeSeconds: number,
): StoreStats {
  return {
    ...collectSummary(engine, compaction, recovery, uptimeSeconds),
    namespaces: namespaceStats(engine),
  };
}

/** The same without each namespace's. Cost: a look at each namespace, less than 0.1 µs. */
export function collectSummary(
  engine: Engine,
  compaction: Compaction,
  recovery: RecoverySummary | null,
  uptimeSeconds: number,
): StoreSummary {
  const { table } = engine;
  return {
    ...totalsOf(table.namespaces),
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

function totalsOf(namespaces: Namespaces): StoreTotals {
  const totals = { keys: 0, hits: 0, misses: 0, evictions: 0, expired: 0, usedNamespaces: 0 };
  for (let number = 1; number <= namespaces.top; number++) {
    const id = number as NamespaceId;
    if (!namespaces.isLive(id)) continue;
    const keys = namespaces.keys(id);
    totals.keys += keys;
    totals.hits += namespaces.total(id, NAMESPACE_TOTAL.hits);
    totals.misses += namespaces.total(id, NAMESPACE_TOTAL.misses);
    totals.evictions += namespaces.total(id, NAMESPACE_TOTAL.evictions);
    totals.expired += namespaces.total(id, NAMESPACE_TOTAL.expired);
    if (keys > 0) totals.usedNamespaces += 1;
  }
  return totals;
}

export function namespaceFigures(namespaces: Namespaces, id: NamespaceId): NamespaceStats {
  return {
    name: namespaces.name(id),
    keys: namespaces.keys(id),
    bytes: namespaces.total(id, NAMESPACE_TOTAL.bytes),
    hits: namespaces.total(id, NAMESPACE_TOTAL.hits),
    misses: namespaces.total(id, NAMESPACE_TOTAL.misses),
    evictions: namespaces.total(id, NAMESPACE_TOTAL.evictions),
    expired: namespaces.total(id, NAMESPACE_TOTAL.expired),
  };
}

/** Those that hold keys or were used. */
function namespaceStats({ table: { namespaces } }: Engine): NamespaceStats[] {
  return [...namespaces.live()]
    .map((id) => namespaceFigures(namespaces, id))
    .filter((namespace) => namespace.keys > 0 || isUsed(namespace));
}

function isUsed({ hits, misses, evictions, expired }: NamespaceStats): boolean {
  return hits + misses + evictions + expired > 0;
}
