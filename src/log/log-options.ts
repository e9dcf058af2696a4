/**
 * What a log needs to be told, its bounds, and how it reads the errors of a disk.
 */
import type { Clock } from "../base/clock.ts";
import { PyKVError } from "../base/errors.ts";
import type { Logger } from "../base/logger.ts";
import type { Disk } from "../disk/disk.ts";
import type { FsyncPolicy } from "./journal.ts";
import type { Timers } from "../base/timers.ts";

const MiB = 1024 * 1024;

/** A segment as far as the log must know it to count and retire it. */
export interface SegmentInfo {
  readonly name: string;
  readonly firstSeq: number;
  /** `firstSeq - 1` when it holds no record. */
  readonly lastSeq: number;
  /** Size of the file. */
  readonly bytes: number;
}

export interface LogOptions {
  readonly disk: Disk;
  /** 16 bytes, the same for all files of a store. */
  readonly storeId: Uint8Array;
  readonly fsync: FsyncPolicy;
  /** The log rolls to a new segment once one has reached this; soft, by one frame and more. */
  readonly segmentBytesMax: number;
  /** The seq of the next record: one more than the last that recovery has read. */
  readonly nextSeq: number;
  /** The segments that are there already, oldest first, with any torn tail removed. */
  readonly segments?: readonly SegmentInfo[] | undefined;
  /** Records that wait to be written or synced; beyond it writers wait. Default 64 MiB. */
  readonly unsyncedBytesMax?: number | undefined;
  /** Room is reserved in steps of this. Default 2 MiB. */
  readonly reserveStepBytes?: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timers?: Timers | undefined;
  /** Called once, when the log fails for good. */
  readonly onFailure?: ((error: PyKVError) => void) | undefined;
  /** Called after every group commit: how long it took, and what was in it. */
  readonly onCommit?: ((durationMs: number, records: number, bytes: number) => void) | undefined;
}

export const DEFAULTS = {
  unsyncedBytesMax: 64 * MiB,
  reserveStepBytes: 2 * MiB,
} as const;

/**
 * Frames up to this size are written on the calling thread: 5 to 12 µs, less than the thread pool
 * costs. Larger ones go through the pool, so that the event loop does not stand still.
 */
export const WRITE_NOW_BYTES_MAX = 256 * 1024;
/** Under `everysec`, how long a write may stay unsynced. */
export const SYNC_INTERVAL_MS = 1000;
/** After this long without a commit the last frame gets its durability marker. */
export const MARKER_DELAY_MS = 1000;
/** How often a full disk is tried again. */
export const FULL_RETRY_MS = 500;

/** What the disk says when it, or a quota, is full. */
const FULL_CODES: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);
/** What keeps a file from being made and is no fault of the disk. */
const BUSY_CODES: ReadonlySet<string> = new Set(["EMFILE", "ENFILE"]);

export function isFull(cause: unknown): boolean {
  return FULL_CODES.has(codeOf(cause));
}

/** Whether making a new segment failed for a reason that may pass, with the old one unharmed. */
export function isPassing(cause: unknown): boolean {
  return isFull(cause) || BUSY_CODES.has(codeOf(cause));
}

export function fullError(cause: unknown): PyKVError {
  return new PyKVError("DISK_FULL", `no room for the log: ${messageOf(cause)}`, { cause });
}

export function closedError(): PyKVError {
  return new PyKVError("SHUTTING_DOWN", "the log is closed");
}

export function failedError(cause: unknown): PyKVError {
  return new PyKVError("LOG_FAILED", messageOf(cause), { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
