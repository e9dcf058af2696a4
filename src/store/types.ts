/**
 * The types at the waist: what every door hands to the store and gets back.
 */
import type { ReadMarks } from "./busiest.ts";

/** How a value's bytes are to be read: as a string, as JSON text, or as bytes and nothing more. */
export type ValueKind = "text" | "json" | "bytes";

export interface Entry {
  readonly kind: ValueKind;
  /** The value's bytes, copied out of the table: the caller owns them. */
  readonly value: Buffer;
  /** The sequence number of the write that made this value; grows with every change of the key. */
  readonly version: number;
  /** When the key expires, in milliseconds since 1970; 0 is never. */
  readonly deadlineMs: number;
}

/** What `glance` fills in; one object serves all calls of a door. */
export interface GlanceView {
  kind: "text" | "json";
  /** The value: a string, or JSON as text. */
  text: string;
  version: number;
  deadlineMs: number;
}

/** What must hold for a write to happen; several given must all hold. */
export interface Condition {
  /** The key exists and has this version. */
  readonly ifVersion?: number | undefined;
  /** The key does not exist, or has another version. */
  readonly ifNotVersion?: number | undefined;
  readonly ifAbsent?: boolean | undefined;
  readonly ifPresent?: boolean | undefined;
}

export interface SetRequest extends Condition {
  readonly namespace: string;
  readonly key: string;
  readonly kind: ValueKind;
  /** A string is stored as its UTF-8 bytes. */
  readonly value: string | Uint8Array;
  /** Absolute, in milliseconds since 1970; 0 or absent is never. */
  readonly deadlineMs?: number | undefined;
  /** Keeps the deadline that the key has; `deadlineMs` then counts only when the key is new. */
  readonly keepDeadline?: boolean | undefined;
}

export interface KeyRequest extends Condition {
  readonly namespace: string;
  readonly key: string;
}

export interface ExpireRequest extends KeyRequest {
  /** Absolute, in milliseconds since 1970; 0 clears the deadline. */
  readonly deadlineMs: number;
}

export interface IncrementRequest extends KeyRequest {
  readonly by: bigint;
  /** Used when the increment creates the key; absolute, 0 or absent is never. */
  readonly deadlineMs?: number | undefined;
}

/**
 * What became of a write. `done` and its version are acknowledged: on disk as the fsync policy says.
 * `unmet` means that a condition did not hold and nothing changed; `exists` tells whether the key
 * was there, so that a door can choose between "not found" and "condition failed".
 */
export type WriteOutcome =
  | {
      readonly done: true;
      readonly version: number;
      readonly created: boolean;
      readonly deadlineMs: number;
    }
  | { readonly done: false; readonly exists: boolean };

export type IncrementOutcome =
  | {
      readonly done: true;
      readonly version: number;
      readonly created: boolean;
      readonly deadlineMs: number;
      readonly value: bigint;
    }
  | { readonly done: false; readonly exists: boolean };

/** One operation of a batch; the same fields as the single ones. */
export type BatchOperation =
  | ({ readonly op: "get" } & KeyRequest)
  | ({ readonly op: "set" } & SetRequest)
  | ({ readonly op: "delete" } & KeyRequest)
  | ({ readonly op: "incr" } & IncrementRequest);

/** The result of each, in order. A failed one in a batch that is not atomic carries its error. */
export type BatchResult =
  | { readonly op: "get"; readonly entry: Entry | null }
  | { readonly op: "set"; readonly outcome: WriteOutcome }
  | { readonly op: "delete"; readonly outcome: WriteOutcome }
  | { readonly op: "incr"; readonly outcome: IncrementOutcome }
  | { readonly op: BatchOperation["op"]; readonly error: Error };

export interface ListRequest {
  readonly namespace: string;
  readonly prefix?: string | undefined;
  /** Keys in the page, 1 to 10,000. */
  readonly limit: number;
  /** From the page before; absent starts. Opaque; a malformed one is INVALID_CURSOR. */
  readonly cursor?: string | undefined;
  /** Whether to copy the values out too. */
  readonly values?: boolean | undefined;
}

export interface ListPage {
  readonly items: readonly { readonly key: string; readonly entry: Entry | null }[];
  /** Null at the end. */
  readonly cursor: string | null;
}

export interface NamespaceStats {
  readonly name: string;
  readonly keys: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly expired: number;
}

export interface BusyNamespace extends NamespaceStats {
  /** Since the last look; see busiest.ts. */
  readonly reads: number;
}

export interface StoreTotals {
  readonly keys: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly expired: number;
  /** Namespaces that hold keys. */
  readonly usedNamespaces: number;
}

export interface StoreSummary extends StoreTotals {
  readonly memory: {
    /** What counts against the limit: entries, slots and index. */
    readonly usedBytes: number;
    readonly maxBytes: number;
    /** Committed to the table, whether used or free. */
    readonly arenaBytes: number;
    /** Committed and free inside blocks and spans. */
    readonly wastedBytes: number;
    readonly indexBytes: number;
  };
  readonly log: {
    /** Null with no data directory. */
    readonly fsync: "always" | "everysec" | "no" | null;
    /** Records since the last snapshot. */
    readonly records: number;
    readonly bytes: number;
    readonly segments: number;
    readonly lastSeq: number;
    readonly durableSeq: number;
    readonly unsyncedBytes: number;
    readonly syncs: number;
  };
  readonly compaction: {
    readonly running: boolean;
    /** Milliseconds since 1970, or null when there was none. */
    readonly lastAtMs: number | null;
    readonly lastDurationMs: number | null;
    readonly snapshotBytes: number;
    readonly lastError: string | null;
  };
  readonly recovery: RecoverySummary | null;
  readonly uptimeSeconds: number;
}

export interface StoreStats extends StoreSummary {
  readonly namespaces: readonly NamespaceStats[];
}

export interface StorageFile {
  readonly name: string;
  /** The first seq of a segment, the seq that a snapshot was begun at. */
  readonly seq: number;
  /** Of the file; the last segment's counts the room that is reserved in it. */
  readonly bytes: number;
}

export interface StorageReport {
  /** The oldest first. */
  readonly segments: readonly StorageFile[];
  readonly snapshots: readonly StorageFile[];
  /** What the file system says may still be written. */
  readonly freeBytes: number;
}

export interface RecoverySummary {
  readonly snapshot: string | null;
  readonly snapshotEntries: number;
  readonly records: number;
  readonly segments: number;
  readonly seconds: number;
  readonly tornBytes: number;
}

export interface Health {
  readonly status: "healthy" | "degraded";
  /** In words, empty when healthy. */
  readonly reasons: readonly string[];
  readonly keys: number;
  readonly log: "ok" | "failed" | "full" | "off";
}

/**
 * What the doors that speak in strings call. Reads are synchronous. A write resolves once it is
 * acknowledged; it rejects with PyKVError (INVALID_KEY, INVALID_NAMESPACE, VALUE_TOO_LARGE,
 * MEMORY_FULL, DISK_FULL, SHUTTING_DOWN) and then nothing has changed. After LOG_FAILED nobody knows
 * whether a restart will find the change; no reply shows it until then.
 */
export interface StoreApi {
  /** The entry, or null. Counts a hit or a miss and makes the key the most recently used. */
  get(namespace: string, key: string): Entry | null;
  /**
   * The quick form of `get` for an entry that is text or JSON in ASCII and acknowledged: fills `view`
   * and counts a hit. For anything else it answers false, and nothing has been counted or touched.
   */
  glance(namespace: string, key: string, view: GlanceView): boolean;
  /** The same with no value copied, no count and no touch; `size` is in bytes. */
  peek(
    namespace: string,
    key: string,
  ): { version: number; deadlineMs: number; kind: ValueKind; size: number } | null;
  /**
   * The seq that must be acknowledged before the result of the read just made (get, peek, namespaces,
   * keyCount) may be shown; 0 when it may be shown at once.
   */
  readonly readBarrier: number;
  /** Resolves once `seq` is acknowledged; rejects with LOG_FAILED when it never will be. */
  acknowledged(seq: number): Promise<void>;

  set(request: SetRequest): Promise<WriteOutcome>;
  delete(request: KeyRequest): Promise<WriteOutcome>;
  expire(request: ExpireRequest): Promise<WriteOutcome>;
  /** Rejects with NOT_AN_INTEGER. A key that is new is stored with kind json. */
  increment(request: IncrementRequest): Promise<IncrementOutcome>;
  /** Atomic: all or none, as one log frame; one unmet condition rejects with CONDITION_FAILED. */
  batch(operations: readonly BatchOperation[], atomic: boolean): Promise<BatchResult[]>;
  /** Empties a namespace; resolves with the number of keys deleted. */
  clear(namespace: string): Promise<number>;

  /** Works in slices and lets other work in between them; waits for what it shows to be durable. */
  list(request: ListRequest): Promise<ListPage>;
  /** Names of the namespaces that hold keys. */
  namespaces(): string[];
  /** Keys in a namespace; 0 when there is no such namespace. */
  keyCount(namespace: string): number;
  stats(): StoreStats;
  /** The statistics without each namespace's: for who asks often. */
  summary(): StoreSummary;
  /** See busiest.ts. */
  busiest(limit: number, marks: ReadMarks): BusyNamespace[];
  /** The files in the data directory; null without one. Rejects with the disk's error. */
  storage(): Promise<StorageReport | null>;
  health(): Health;
  /** Resolves when the snapshot is durable; rejects with COMPACTION_RUNNING, DISK_FULL, ... */
  compact(): Promise<{ entries: number; bytes: number; seconds: number }>;
  readonly compacting: boolean;
}
