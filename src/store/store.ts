/**
 * The store: what every door calls.
 *
 * It puts the parts together (table, log, engine, background work) and serves the doors that speak in
 * strings and promises. A door that speaks in bytes uses `engine` itself and waits for `engine.barrier`
 * with `acknowledged`. Writes resolve once they are acknowledged; a write that finds the log busy
 * waits its turn, in order of arrival, and is then decided anew.
 */
import { writeText } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { PyKVError, toError } from "../base/errors.ts";
import type { Disk } from "../disk/disk.ts";
import type { FsyncPolicy } from "../log/journal.ts";
import { KIND } from "../memory/entry.ts";
import { NO_NAMESPACE } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import { SCRATCH_VALUE_CHARACTERS_MAX } from "../memory/table.ts";
import { runAtomicBatch } from "./batch.ts";
import { busiestNamespaces } from "./busiest.ts";
import type { ReadMarks } from "./busiest.ts";
import type { Compaction, CompactionSchedule, CompactionSummary } from "./compaction.ts";
import type { Draft, Engine, Verdict } from "./engine.ts";
import { listPage } from "./listing.ts";
import type { Maintenance } from "./maintenance.ts";
import type { MemoryLimit } from "./memory-limit.ts";
import { writeKey } from "./names.ts";
import { collectStats, collectSummary, healthOf } from "./stats.ts";
import { describeStorage } from "./storage.ts";
import type {
  BatchOperation,
  BatchResult,
  BusyNamespace,
  Condition,
  Entry,
  ExpireRequest,
  GlanceView,
  Health,
  IncrementOutcome,
  IncrementRequest,
  KeyRequest,
  ListPage,
  ListRequest,
  RecoverySummary,
  SetRequest,
  StorageReport,
  StoreApi,
  StoreStats,
  StoreSummary,
  ValueKind,
  WriteOutcome,
} from "./types.ts";
import { copyEntry, kindName, kindNumber, valueBytes } from "./values.ts";
import { WriteQueue } from "./write-queue.ts";

const NO_BYTES = Buffer.alloc(0);

export interface StoreParts {
  readonly engine: Engine;
  readonly compaction: Compaction;
  readonly maintenance: Maintenance;
  readonly memoryLimit: MemoryLimit;
  readonly clock: Clock;
  /** Null for a store without a data directory. */
  readonly disk: Disk | null;
  readonly valueBytesMax: number;
  readonly recovery: RecoverySummary | null;
  /** Lets go of the data directory; the last thing that happens. */
  readonly release: () => Promise<void>;
}

export class Store implements StoreApi {
  readonly engine: Engine;
  readonly #parts: StoreParts;
  readonly #startedMs: number;
  readonly #scratch: Buffer;
  readonly #draft: Draft;
  readonly #queue: WriteQueue;
  #closing: Promise<void> | null = null;
  readBarrier = 0;

  constructor(parts: StoreParts) {
    this.engine = parts.engine;
    this.#parts = parts;
    this.#scratch = parts.engine.table.scratch;
    this.#startedMs = parts.clock.monotonicMs();
    this.#queue = new WriteQueue(parts.engine.journal);
    this.#draft = {
      namespace: "",
      key: this.#scratch,
      keyAt: 0,
      keyLength: 0,
      value: NO_BYTES,
      valueAt: 0,
      valueLength: 0,
      kind: 0,
      ascii: false,
      deadlineMs: 0,
      keepDeadline: false,
      condition: null,
    };
  }

  // --- reading -------------------------------------------------------------------------------

  get(namespace: string, key: string): Entry | null {
    const slot = this.find(namespace, key, true);
    return slot === NO_SLOT ? null : copyEntry(this.engine.table, slot);
  }

  glance(namespace: string, key: string, view: GlanceView): boolean {
    const slot = this.find(namespace, key, false);
    const { table } = this.engine;
    if (slot === NO_SLOT || this.readBarrier > 0 || !table.isAscii(slot)) return false;
    const kind = table.kind(slot);
    if (kind === KIND.bytes) return false;
    this.engine.used(slot);
    view.kind = kind === KIND.json ? "json" : "text";
    view.text = table.valueText(slot);
    view.version = table.version(slot);
    view.deadlineMs = table.deadline(slot);
    return true;
  }

  peek(
    namespace: string,
    key: string,
  ): { version: number; deadlineMs: number; kind: ValueKind; size: number } | null {
    const slot = this.find(namespace, key, false);
    if (slot === NO_SLOT) return null;
    const { table } = this.engine;
    return {
      version: table.version(slot),
      deadlineMs: table.deadline(slot),
      kind: kindName(table.kind(slot)),
      size: table.valueLength(slot),
    };
  }

  /**
   * The slot of a live entry, or NO_SLOT, good until the next write; sets `readBarrier`. With `use`
   * it counts as a use of the key.
   */
  find(namespace: string, key: string, use: boolean): SlotRef {
    const length = writeKey(this.#scratch, key);
    const slot = this.engine.read(namespace, this.#scratch, 0, length, use);
    this.readBarrier = this.engine.barrier;
    return slot;
  }

  acknowledged(seq: number): Promise<void> {
    return this.engine.journal.acknowledged(seq);
  }

  // --- writing -------------------------------------------------------------------------------

  set(request: SetRequest): Promise<WriteOutcome> {
    return this.#write(
      () => this.#draftSet(request),
      () => this.engine.set(this.#draft),
      () => this.#outcome(),
    );
  }

  /**
   * `set` for the in-process door: no objects beside the promise. Resolves with the version, or null
   * when the condition does not hold.
   */
  put(
    namespace: string,
    key: string,
    value: string | Uint8Array,
    kind: ValueKind,
    deadlineMs: number,
    condition: Condition | null,
  ): Promise<number | null> {
    const { engine } = this;
    engine.barrier = 0;
    try {
      this.#draftKey(namespace, key, condition);
      this.#draftValue(value, kind, deadlineMs, false);
      if (this.#queue.length > 0 || engine.set(this.#draft) === "wait") {
        return this.#putLater(namespace, key, value, kind, deadlineMs, condition);
      }
      const version = engine.isDone ? engine.version : null;
      if (engine.barrier === 0) return Promise.resolve(version);
      return engine.journal.acknowledged(engine.barrier).then(() => version);
    } catch (error) {
      return Promise.reject(toError(error));
    }
  }

  delete(request: KeyRequest): Promise<WriteOutcome> {
    return this.#write(
      () => this.#draftKey(request.namespace, request.key, request),
      () => this.engine.delete(this.#draft),
      () => this.#outcome(),
    );
  }

  expire(request: ExpireRequest): Promise<WriteOutcome> {
    return this.#write(
      () => {
        this.#draftKey(request.namespace, request.key, request);
        this.#draft.deadlineMs = request.deadlineMs;
      },
      () => this.engine.expire(this.#draft),
      () => this.#outcome(),
    );
  }

  increment(request: IncrementRequest): Promise<IncrementOutcome> {
    return this.#write<IncrementOutcome>(
      () => {
        this.#draftKey(request.namespace, request.key, request);
        this.#draft.deadlineMs = request.deadlineMs ?? 0;
      },
      () => this.engine.increment(this.#draft, request.by),
      () => {
        const outcome = this.#outcome();
        return outcome.done ? { ...outcome, value: BigInt(this.engine.integer) } : outcome;
      },
    );
  }

  clear(namespace: string): Promise<number> {
    let cleared = 0;
    return this.#write(
      () => undefined,
      () => {
        const result = this.engine.clear(namespace);
        ({ cleared } = result);
        return result.verdict;
      },
      () => cleared,
    );
  }

  batch(operations: readonly BatchOperation[], atomic: boolean): Promise<BatchResult[]> {
    return atomic ? this.#atomicBatch(operations) : this.#looseBatch(operations);
  }

  // --- the whole -----------------------------------------------------------------------------

  async list(request: ListRequest): Promise<ListPage> {
    const { page, barrier } = await listPage(this.engine, request);
    if (barrier > this.engine.journal.ackSeq) await this.acknowledged(barrier);
    return page;
  }

  namespaces(): string[] {
    const { namespaces } = this.engine.table;
    this.readBarrier = this.#barrierOfAll();
    const names: string[] = [];
    for (const id of namespaces.live())
      if (namespaces.keys(id) > 0) names.push(namespaces.name(id));
    return names.sort();
  }

  keyCount(namespace: string): number {
    const { namespaces } = this.engine.table;
    this.readBarrier = this.#barrierOfAll();
    const id = namespaces.find(namespace);
    return id === NO_NAMESPACE ? 0 : namespaces.keys(id);
  }

  /**
   * Lets a door that found the log busy (a verdict of "wait", or `waiting` above 0) make its writes in
   * its turn. `attempt` returns the bytes to ask the log for before it is tried again, or null when it
   * is through; resolves then. Rejects with what the log refuses with.
   */
  inTurn(attempt: () => number | null): Promise<void> {
    return this.#queue.wait(() => attempt() ?? Promise.resolve());
  }

  /** Writes that wait for the log. */
  get waiting(): number {
    return this.#queue.length;
  }

  stats(): StoreStats {
    const { engine, compaction, recovery, clock } = this.#parts;
    const uptimeSeconds = (clock.monotonicMs() - this.#startedMs) / 1000;
    return collectStats(engine, compaction, recovery, uptimeSeconds);
  }

  summary(): StoreSummary {
    const { engine, compaction, recovery, clock } = this.#parts;
    const uptimeSeconds = (clock.monotonicMs() - this.#startedMs) / 1000;
    return collectSummary(engine, compaction, recovery, uptimeSeconds);
  }

  busiest(limit: number, marks: ReadMarks): BusyNamespace[] {
    return busiestNamespaces(this.engine, limit, marks);
  }

  storage(): Promise<StorageReport | null> {
    const { disk } = this.#parts;
    return disk === null ? Promise.resolve(null) : describeStorage(disk);
  }

  health(): Health {
    return healthOf(this.engine, this.#parts.compaction);
  }

  compact(): Promise<CompactionSummary> {
    return this.#parts.compaction.run();
  }

  /** Resolves when no compaction is under way, whatever became of it. */
  compacted(): Promise<void> {
    return this.#parts.compaction.settled();
  }

  get compacting(): boolean {
    return this.#parts.compaction.running;
  }

  /** Resolves when all writes so far are on disk, under any policy. */
  flush(): Promise<void> {
    return this.engine.journal.flush();
  }

  /** The memory limit; setting it takes effect as memory-limit.ts tells. */
  get memoryBytesMax(): number {
    return this.#parts.memoryLimit.bytes;
  }

  set memoryBytesMax(bytes: number) {
    this.#parts.memoryLimit.set(bytes);
  }

  /** When a snapshot is taken that nobody asked for. */
  get compactionSchedule(): CompactionSchedule {
    return this.#parts.compaction.schedule;
  }

  set compactionSchedule(schedule: CompactionSchedule) {
    this.#parts.compaction.schedule = schedule;
  }

  /** Acknowledges writes by another policy; resolves when it holds for all writes so far. */
  setFsync(fsync: FsyncPolicy): Promise<void> {
    const { journal } = this.engine;
    journal.setFsync(fsync);
    return fsync === "always" ? journal.flush() : Promise.resolve();
  }

  /**
   * Makes everything durable and lets go of the data directory. Writes that wait are refused; later
   * ones are refused, or made durable too while a running snapshot is given up.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  // --- private -------------------------------------------------------------------------------

  /** For a reply that any write may have changed. */
  #barrierOfAll(): number {
    const { lastSeq, ackSeq } = this.engine.journal;
    return lastSeq > ackSeq ? lastSeq : 0;
  }

  async #close(): Promise<void> {
    this.#parts.maintenance.stop();
    await this.#parts.compaction.stop();
    try {
      await this.engine.journal.close();
    } finally {
      await this.#parts.release();
    }
  }

  /** The way of every write, at once or, when the log is busy, in its turn. */
  #write<T>(draft: () => void, decide: () => Verdict, result: () => T): Promise<T> {
    return this.#queue.write(() => this.#attempt(draft, decide, result));
  }

  /**
   * Fills the draft, lets the engine decide, waits for what the result depends on. `draft` runs again
   * whenever the write has waited, since others have used the draft meanwhile.
   */
  #attempt<T>(draft: () => void, decide: () => Verdict, result: () => T): Promise<T> | number {
    const { engine } = this;
    engine.barrier = 0;
    try {
      draft();
      if (decide() === "wait") return engine.bytesWanted;
      const value = result();
      if (engine.barrier === 0) return Promise.resolve(value);
      return engine.journal.acknowledged(engine.barrier).then(() => value);
    } catch (error) {
      return this.#refused(error);
    }
  }

  /** Rejects with the error, once what it lets be seen of the data is acknowledged. */
  #refused(error: unknown): Promise<never> {
    const { barrier, journal } = this.engine;
    const rejected = (): Promise<never> => Promise.reject(toError(error));
    return barrier > 0 ? journal.acknowledged(barrier).then(rejected) : rejected();
  }

  #putLater(
    namespace: string,
    key: string,
    value: string | Uint8Array,
    kind: ValueKind,
    deadlineMs: number,
    condition: Condition | null,
  ): Promise<number | null> {
    const { engine } = this;
    // The caller may use its bytes again as soon as the call has returned.
    const kept = typeof value === "string" ? value : Buffer.from(value);
    const draft = (): void => {
      this.#draftKey(namespace, key, condition);
      this.#draftValue(kept, kind, deadlineMs, false);
    };
    const decide = (): Verdict => engine.set(this.#draft);
    const version = (): number | null => (engine.isDone ? engine.version : null);
    return this.#queue.wait(() => this.#attempt(draft, decide, version));
  }

  #atomicBatch(operations: readonly BatchOperation[]): Promise<BatchResult[]> {
    return this.#queue.write(() => this.#tryBatch(operations));
  }

  #tryBatch(operations: readonly BatchOperation[]): Promise<BatchResult[]> | number {
    const { engine } = this;
    engine.barrier = 0;
    try {
      const batch = runAtomicBatch(engine, operations, this.#parts.valueBytesMax);
      if (batch.verdict === "wait") return batch.bytesWanted;
      const { results, barrier } = batch;
      if (barrier === 0) return Promise.resolve(results);
      return engine.journal.acknowledged(barrier).then(() => results);
    } catch (error) {
      return this.#refused(error);
    }
  }

  async #looseBatch(operations: readonly BatchOperation[]): Promise<BatchResult[]> {
    const results: Promise<BatchResult>[] = [];
    for (const operation of operations) {
      const result = this.#looseOperation(operation);
      results.push(result);
      // The next one must see what this one does, so it waits when this one has to.
      if (this.#queue.length > 0) await result;
    }
    return Promise.all(results);
  }

  async #looseOperation(operation: BatchOperation): Promise<BatchResult> {
    const { op } = operation;
    try {
      switch (op) {
        case "get": {
          const entry = this.get(operation.namespace, operation.key);
          if (this.readBarrier > 0) await this.acknowledged(this.readBarrier);
          return { op, entry };
        }
        case "set":
          return { op, outcome: await this.set(operation) };
        case "delete":
          return { op, outcome: await this.delete(operation) };
        case "incr":
          return { op, outcome: await this.increment(operation) };
      }
    } catch (error) {
      if (error instanceof PyKVError) return { op, error };
      throw error;
    }
  }

  #draftSet(request: SetRequest): void {
    this.#draftKey(request.namespace, request.key, request);
    const { value, kind, deadlineMs = 0, keepDeadline = false } = request;
    this.#draftValue(value, kind, deadlineMs, keepDeadline);
  }

  #draftKey(namespace: string, key: string, condition: Condition | null): void {
    const draft = this.#draft;
    draft.keyLength = writeKey(this.#scratch, key);
    draft.namespace = namespace;
    draft.condition = condition;
    draft.valueLength = 0;
  }

  #draftValue(
    value: string | Uint8Array,
    kind: ValueKind,
    deadlineMs: number,
    keepDeadline: boolean,
  ): void {
    const draft = this.#draft;
    draft.kind = kindNumber(kind);
    draft.deadlineMs = deadlineMs;
    draft.keepDeadline = keepDeadline;
    if (typeof value === "string" && value.length <= SCRATCH_VALUE_CHARACTERS_MAX) {
      draft.value = this.#scratch;
      draft.valueAt = draft.keyLength;
      const written = writeText(this.#scratch, draft.keyLength, value);
      draft.ascii = written >= 0;
      draft.valueLength = written >= 0 ? written : ~written;
      if (written >= 0 || value.isWellFormed()) return;
    }
    draft.value = valueBytes(value);
    draft.valueAt = 0;
    draft.valueLength = draft.value.length;
    draft.ascii = false;
  }

  #outcome(): WriteOutcome {
    const { engine } = this;
    if (!engine.isDone) return { done: false, exists: engine.exists };
    const { version, created, deadlineMs } = engine;
    return { done: true, version, created, deadlineMs };
  }
}
