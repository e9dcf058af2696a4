/**
 * The records of a data directory's log, one by one, for people and programs that look on: what
 * changed, when, in which order.
 *
 * It only reads, takes no lock, and works beside a running server (log/follower.ts says how). What the
 * log no longer holds is in a snapshot, and snapshots know no history.
 */
import { NodeDisk } from "../disk/node-disk.ts";
import { PyKVError } from "../base/errors.ts";
import { MiB } from "../base/units.ts";
import {
  DELETE_REASON,
  KIND_FLAG,
  OP,
  createRecordView,
  decodeRecord,
  type RecordView,
} from "../format/record.ts";
import { LogFollower } from "../log/follower.ts";
import type { LogFrame } from "../log/frame-walk.ts";
import { damageText } from "./inspect.ts";
import type { ValueKind } from "./types.ts";

export const LOG_OPERATIONS = ["SET", "DELETE", "EXPIRE", "CLEAR", "SWAP"] as const;

export type LogOperation = (typeof LOG_OPERATIONS)[number];

export interface LogRecord {
  readonly seq: number;
  /** When its group was written, in milliseconds since 1970. */
  readonly timestampMs: number;
  readonly operation: LogOperation;
  readonly namespace: string;
  /** Null for a CLEAR. For a SWAP the name of the other namespace. Good until the next record. */
  readonly key: Buffer | null;
  /** Of a SET; good until the next record. */
  readonly value: Buffer | null;
  readonly kind: ValueKind | null;
  /** Of a SET or an EXPIRE, in milliseconds since 1970; 0 is never. */
  readonly deadlineMs: number;
  /** Of a DELETE. */
  readonly reason: keyof typeof DELETE_REASON | null;
}

export interface LogRecordsOptions {
  readonly fromSeq: number;
  /** False ends the reading. */
  readonly onRecord: (record: LogRecord) => boolean;
  /** After the records of one group; a promise holds the reading up. */
  readonly onGroup: () => void | Promise<void>;
  /** Damage, and records that are not in the log, in words. */
  readonly onFinding: (finding: string) => void;
}

/** How much a look for news reads at once. */
const NEWS_BYTES = MiB / 16;

const OPERATION_NAMES: ReadonlyMap<number, LogOperation> = new Map(
  LOG_OPERATIONS.map((name) => [OP[name], name]),
);
const KIND_NAMES: ReadonlyMap<number, ValueKind> = new Map([
  [KIND_FLAG.text, "text"],
  [KIND_FLAG.json, "json"],
  [KIND_FLAG.bytes, "bytes"],
]);
const REASONS = Object.keys(DELETE_REASON) as (keyof typeof DELETE_REASON)[];

export class LogRecords {
  readonly #follower: LogFollower;
  readonly #options: LogRecordsOptions;
  readonly #view = createRecordView();
  #isEnough = false;

  /** Rejects with DATA_DIR_UNUSABLE when there is no such directory, or no log in it. */
  static async open(dir: string, options: LogRecordsOptions): Promise<LogRecords> {
    const disk = await NodeDisk.openForReading(dir);
    const records = new LogRecords(disk, options);
    if (await records.#follower.exists()) return records;
    throw new PyKVError("DATA_DIR_UNUSABLE", `${disk.directory} holds no log`);
  }

  private constructor(disk: NodeDisk, options: LogRecordsOptions) {
    this.#options = options;
    const { fromSeq, onFinding } = options;
    this.#follower = new LogFollower({
      disk,
      fromSeq,
      onFrame: (frame) => this.#take(frame),
      onDamage: (damage) => onFinding(damageText(damage)),
      onMissing: (from, to) => {
        onFinding(`seq ${from} to ${to} are not in the log; what they left is in a snapshot`);
      },
    });
  }

  /** Hands out what is there and was not handed out yet; false once `onRecord` has had enough. */
  async advance(): Promise<boolean> {
    await this.#follower.advance();
    this.#follower.readSmaller(NEWS_BYTES);
    return !this.#isEnough;
  }

  async #take(frame: LogFrame): Promise<void> {
    const view = this.#view;
    let at = frame.recordsAt;
    for (let i = 0; i < frame.count && !this.#isEnough; i++) {
      if (!decodeRecord(frame.buffer, at, frame.recordsEnd, view)) {
        const { file, offset } = frame;
        this.#options.onFinding(
          `${file} at byte ${offset}: record ${i} of the frame can't be read`,
        );
        break;
      }
      const seq = frame.firstSeq + i;
      if (seq >= this.#options.fromSeq) {
        this.#isEnough = !this.#options.onRecord(recordOf(frame, view, seq));
      }
      at = view.next;
    }
    await this.#options.onGroup();
  }
}

function recordOf({ buffer, timestampMs }: LogFrame, view: RecordView, seq: number): LogRecord {
  const operation = OPERATION_NAMES.get(view.op)!;
  const isSet = operation === "SET";
  return {
    seq,
    timestampMs,
    operation,
    namespace: buffer.toString("utf8", view.nsAt, view.nsAt + view.nsLen),
    key: operation === "CLEAR" ? null : buffer.subarray(view.keyAt, view.keyAt + view.keyLen),
    value: isSet ? buffer.subarray(view.valueAt, view.valueAt + view.valueLen) : null,
    kind: isSet ? (KIND_NAMES.get(view.flags) ?? "bytes") : null,
    deadlineMs: view.deadlineMs,
    reason: operation === "DELETE" ? (REASONS[view.flags] ?? null) : null,
  };
}
