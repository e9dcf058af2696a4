/**
 * One entry of a snapshot, as bytes.
 *
 *   Entry := flags:u8 | nsLen:u8 | keyLen:u16 | valueLen:u32 | version:u64
 *            | [deadlineMs:u64, when flags has HAS_DEADLINE]
 *            | ns[nsLen] | key[keyLen] | value[valueLen]                        little-endian
 *   flags := kind:2 | hasDeadline:1 | ascii:1 | zero:4            as in a SET record (record.ts)
 *
 * Unlike a record it carries its version, since its place does not tell it. It is encoded and decoded
 * in the same way: field by field, into a view that the caller owns.
 */
import { assert } from "../base/assert.ts";
import { copyBytes, getU16, getU32, getU64, putU16, putU32, putU64 } from "./bytes.ts";
import {
  ASCII,
  HAS_DEADLINE,
  KEY_BYTES_MAX,
  KIND_FLAG,
  LOW_BITS_MASK,
  NS_BYTES_MAX,
  VALUE_BYTES_MAX,
} from "./record.ts";

const FLAGS_AT = 0;
const NS_LEN_AT = FLAGS_AT + 1;
const KEY_LEN_AT = NS_LEN_AT + 1;
const VALUE_LEN_AT = KEY_LEN_AT + 2;
const VERSION_AT = VALUE_LEN_AT + 4;
const HEAD_BYTES = VERSION_AT + 8;
const DEADLINE_BYTES = 8;

/** A decoded entry: offsets into the buffer that it was decoded from. */
export interface EntryView {
  /** KIND_FLAG. */
  kind: number;
  isAscii: boolean;
  version: number;
  /** Milliseconds since 1970; 0 is none. */
  deadlineMs: number;
  nsAt: number;
  nsLen: number;
  keyAt: number;
  keyLen: number;
  valueAt: number;
  valueLen: number;
  /** Where the next entry starts. */
  next: number;
}

export function createEntryView(): EntryView {
  return {
    kind: 0,
    isAscii: false,
    version: 0,
    deadlineMs: 0,
    nsAt: 0,
    nsLen: 0,
    keyAt: 0,
    keyLen: 0,
    valueAt: 0,
    valueLen: 0,
    next: 0,
  };
}

/** Encoded size in bytes; the lengths are in bytes too. */
export function entryBytes(
  deadlineMs: number,
  nsLen: number,
  keyLen: number,
  valueLen: number,
): number {
  return HEAD_BYTES + (deadlineMs > 0 ? DEADLINE_BYTES : 0) + nsLen + keyLen + valueLen;
}

/** Writes an entry at `at`, `kind` perhaps with ASCII, where there is room for `entryBytes()`, and returns where it ends. */
export function encodeEntry(
  target: Uint8Array,
  at: number,
  kind: number,
  version: number,
  deadlineMs: number,
  ns: Uint8Array,
  key: Uint8Array,
  keyAt: number,
  keyLen: number,
  value: Uint8Array,
  valueAt: number,
  valueLen: number,
): number {
  const nsLen = ns.length;
  assert((kind & ~ASCII) >= 0 && (kind & ~ASCII) <= KIND_FLAG.bytes, "unknown kind");
  assert(nsLen <= NS_BYTES_MAX && keyLen <= KEY_BYTES_MAX, "namespace or key too long");
  assert(valueLen <= VALUE_BYTES_MAX, "value too long");
  target[at + FLAGS_AT] = deadlineMs > 0 ? kind | HAS_DEADLINE : kind;
  target[at + NS_LEN_AT] = nsLen;
  putU16(target, at + KEY_LEN_AT, keyLen);
  putU32(target, at + VALUE_LEN_AT, valueLen);
  putU64(target, at + VERSION_AT, version);
  let end = at + HEAD_BYTES;
  if (deadlineMs > 0) {
    putU64(target, end, deadlineMs);
    end += DEADLINE_BYTES;
  }
  copyBytes(target, end, ns, 0, nsLen);
  copyBytes(target, end + nsLen, key, keyAt, keyLen);
  copyBytes(target, end + nsLen + keyLen, value, valueAt, valueLen);
  return end + nsLen + keyLen + valueLen;
}

/**
 * Fills `view` from the entry at `at`, which must end at or before `end`. False when these bytes are
 * no entry that this version knows; the view then holds nothing of use.
 */
export function decodeEntry(source: Uint8Array, at: number, end: number, view: EntryView): boolean {
  if (end - at < HEAD_BYTES) return false;
  const flags = source[at + FLAGS_AT]!;
  if (flags > (LOW_BITS_MASK | HAS_DEADLINE | ASCII)) return false;
  view.isAscii = (flags & ASCII) !== 0;
  view.kind = flags & LOW_BITS_MASK;
  view.version = getU64(source, at + VERSION_AT);
  if (view.kind > KIND_FLAG.bytes || view.version > Number.MAX_SAFE_INTEGER) return false;
  let bodyAt = at + HEAD_BYTES;
  view.deadlineMs = 0;
  if ((flags & HAS_DEADLINE) !== 0) {
    if (end - bodyAt < DEADLINE_BYTES) return false;
    view.deadlineMs = getU64(source, bodyAt);
    if (!(view.deadlineMs > 0 && view.deadlineMs <= Number.MAX_SAFE_INTEGER)) return false;
    bodyAt += DEADLINE_BYTES;
  }
  view.nsAt = bodyAt;
  view.nsLen = source[at + NS_LEN_AT]!;
  view.keyAt = bodyAt + view.nsLen;
  view.keyLen = getU16(source, at + KEY_LEN_AT);
  view.valueAt = view.keyAt + view.keyLen;
  view.valueLen = getU32(source, at + VALUE_LEN_AT);
  view.next = view.valueAt + view.valueLen;
  return view.next <= end;
}
