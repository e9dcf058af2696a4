/**
 * Opening a store: lock, recover, start the log, start the background work. In this order, and
 * undone in reverse when a step fails.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/logger.ts";
import type { Disk } from "../disk/disk.ts";
import { acquireLock } from "../disk/lock.ts";
import { NodeDisk } from "../disk/node-disk.ts";
import { STORE_ID_BYTES } from "../format/place.ts";
import { MemoryJournal } from "../log/journal.ts";
import type { FsyncPolicy, Journal } from "../log/journal.ts";
import { Log } from "../log/log.ts";
import type { Timers } from "../base/timers.ts";
import { NAMESPACES_MAX } from "../memory/namespaces.ts";
import { Table } from "../memory/table.ts";
import { Compaction } from "./compaction.ts";
import { Engine } from "./engine.ts";
import { Maintenance } from "./maintenance.ts";
import { MemoryLimit } from "./memory-limit.ts";
import { recover } from "./recovery.ts";
import type { Recovered } from "./recovery.ts";
import { Store } from "./store.ts";

/** What a store needs of the options of a server (options/declaration.ts tells their ranges). */
export interface StoreOptions {
  readonly fsync: FsyncPolicy;
  readonly segmentBytesMax: number;
  readonly unsyncedBytesMax: number;
  readonly memoryBytesMax: number;
  readonly capacityKeys: number;
  readonly eviction: "lru" | "none";
  readonly cleanupIntervalMs: number;
  readonly compactionIntervalMs: number;
  readonly logLimit: { readonly bytesMax: number; readonly recordsMax: number };
  readonly valueBytesMax: number;
}

export interface StoreContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: node's own. */
  readonly timers?: Timers | undefined;
  /** Namespaces that may exist at once; default 65,534. */
  readonly namespacesMax?: number | undefined;
  /** Whether timers wake the background work; tests call it by hand. Default true. */
  readonly background?: boolean | undefined;
  /** Called after every group commit of the log: how long it took, and what was in it. */
  readonly onCommit?: ((durationMs: number, records: number, bytes: number) => void) | undefined;
  /** How large a log's reserve grows at once, and a snapshot's blocks; for tests with little data. */
  readonly sizes?: StoreSizes | undefined;
}

export interface StoreSizes {
  readonly reserveStepBytes?: number | undefined;
  readonly snapshotBlockBytes?: number | undefined;
}

/**
 * Opens the store in a directory, or one that keeps nothing when that is null. Rejects with
 * DATA_DIR_LOCKED, DATA_DIR_UNUSABLE, CORRUPTION, MEMORY_FULL or the disk's error.
 */
export async function openStore(
  dataDir: string | null,
  options: StoreOptions,
  context: StoreContext,
): Promise<Store> {
  if (dataDir === null) return openMemoryStore(options, context);
  const disk = await NodeDisk.open(dataDir);
  const lock = await acquireLock(disk.directory);
  try {
    return await openStoreOn(disk, options, context, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Opens the store on a disk that nobody else uses; `release` is called when it has closed. */
export async function openStoreOn(
  disk: Disk,
  options: StoreOptions,
  context: StoreContext,
  release: () => Promise<void>,
): Promise<Store> {
  const { clock, logger, timers } = context;
  const createTable = (): Table => newTable(options, context);
  const recovered = await recover({ disk, clock, logger, createTable });
  const storeId = recovered.storeId ?? randomBytes(STORE_ID_BYTES);
  const { fsync, segmentBytesMax, unsyncedBytesMax } = options;
  const { nextSeq, segments } = recovered;
  // prettier-ignore
  const journal = await Log.open({
    disk, storeId, fsync, segmentBytesMax, unsyncedBytesMax, nextSeq, segments, clock, logger,
    timers, reserveStepBytes: context.sizes?.reserveStepBytes, onCommit: context.onCommit,
  });
  const store = assemble(
    recovered.table,
    journal,
    disk,
    storeId,
    recovered,
    options,
    context,
    release,
  );
  // The disk still has what lower limits left no room for; a snapshot makes it follow.
  if (recovered.evicted > 0) store.compact().catch(() => undefined);
  return store;
}

function openMemoryStore(options: StoreOptions, context: StoreContext): Store {
  const table = newTable(options, context);
  const storeId = randomBytes(STORE_ID_BYTES);
  const release = (): Promise<void> => Promise.resolve();
  return assemble(table, new MemoryJournal(), null, storeId, null, options, context, release);
}

function assemble(
  table: Table,
  journal: Journal,
  disk: Disk | null,
  storeId: Uint8Array,
  recovered: Recovered | null,
  options: StoreOptions,
  context: StoreContext,
  release: () => Promise<void>,
): Store {
  const { clock, logger } = context;
  const { valueBytesMax, logLimit } = options;
  const engine = new Engine(table, journal, clock, valueBytesMax);
  const compaction = new Compaction({
    engine,
    disk,
    storeId,
    clock,
    logger,
    intervalMs: options.compactionIntervalMs,
    logLimit,
    lastAtMs: recovered?.snapshotAtMs ?? null,
    snapshotBytes: recovered?.snapshotBytes ?? 0,
    snapshotBlockBytes: context.sizes?.snapshotBlockBytes,
    backlog: { records: recovered?.summary.records ?? 0, bytes: recovered?.logBytes ?? 0 },
  });
  const memoryLimit = new MemoryLimit(engine);
  const maintenance = new Maintenance({
    engine,
    memoryLimit,
    clock,
    intervalMs: options.cleanupIntervalMs,
    onWake: () => compaction.runIfDue(),
  });
  if (context.background ?? true) maintenance.start();
  const recovery = recovered?.summary ?? null;
  // prettier-ignore
  return new Store({
    engine, compaction, maintenance, memoryLimit, clock, disk, valueBytesMax, recovery, release,
  });
}

function newTable(options: StoreOptions, context: StoreContext): Table {
  return new Table({
    maxBytes: options.memoryBytesMax,
    capacity: options.capacityKeys,
    eviction: options.eviction,
    namespacesMax: context.namespacesMax ?? NAMESPACES_MAX,
    clock: context.clock,
    seed: [randomBytes(4).readUInt32LE(), randomBytes(4).readUInt32LE()],
  });
}
