/**
 * One change, as bytes.
 *
 *   Record := op:u8 | flags:u8 | nsLen:u8 | keyLen:u16 | valueLen:u32
 *             | [deadlineMs:u64, when flags has HAS_DEADLINE]
 *             | ns[nsLen] | key[keyLen] | value[valueLen]                       little-endian
 *   flags  := lowBits:2 | hasDeadline:1 | ascii:1 | zero:4
 *
 * `lowBits` are the value's kind in a SET and the reason in a DELETE, else zero. `ascii` says that the
 * value of a SET has no byte above 127, so that a reader need not look; 0 is always right. A record carries no
 * seq: its frame's first seq and its place in the frame give it. It carries no checksum either: the
 * frame has one for all its records.
 *
 * Records are effects: a SET holds the whole value and the whole deadline, so that applying one twice
 * is the same as once. A SWAP is the exception: `ns` and `key` are the names of two namespaces that
 * exchange what they hold, and a second time takes that back. So it may only be applied to the very
 * state that it was logged for; snapshots see to that (store/snapshot-writer.ts). Op numbers are
 * permanent; a retired one is never used again.
 *
 * Encoding is on the path of every write and takes its fields one by one, so that no object is made.
 * Decoding fills a view that the caller owns and answers false for bytes that are no record.
 */
import { assert } from "../base/assert.ts";
import { copyBytes, getU16, getU32, getU64, putU16, putU32, putU64 } from "./bytes.ts";

const OP_AT = 0;
const FLAGS_AT = OP_AT + 1;
const NS_LEN_AT = FLAGS_AT + 1;
const KEY_LEN_AT = NS_LEN_AT + 1;
const VALUE_LEN_AT = KEY_LEN_AT + 2;
const HEAD_BYTES = VALUE_LEN_AT + 4;
const DEADLINE_BYTES = 8;

/** Operations; 0 is never used, so that zeros are no record, and 6 to 255 are free. */
export const OP = {
  /** The key has this value, kind and deadline from now on. */
  SET: 1,
  /** The key is gone; the flags tell why. */
  DELETE: 2,
  /** The key has this deadline from now on (none: it lives for ever); the value stays. */
  EXPIRE: 3,
  /** The namespace is empty. */
  CLEAR: 4,
  /** Two namespaces have exchanged what they hold; the key is the name of the other one. */
  SWAP: 5,
} as const;

/** The low bits of the flags of a SET, and of a snapshot's entry. */
export const KIND_FLAG = { text: 0, json: 1, bytes: 2 } as const;

/** The low bits of the flags of a DELETE. */
export const DELETE_REASON = { user: 0, evicted: 1, expired: 2 } as const;

export const LOW_BITS_MASK = 0b11;
export const HAS_DEADLINE = 0b100;
/** May be added to the kind of a SET; see the grammar. */
export const ASCII = 0b1000;
const LOW_BITS_TOP = 2;
const KNOWN_FLAGS = LOW_BITS_MASK | HAS_DEADLINE | ASCII;

export const NS_BYTES_MAX = 0xff;
export const KEY_BYTES_MAX = 0xffff;
export const VALUE_BYTES_MAX = 0xffff_0000;
export const RECORD_BYTES_MIN = HEAD_BYTES;

/** A decoded record: offsets into the buffer that it was decoded from. */
export interface RecordView {
  op: number;
  /** The low bits alone: kind or reason. */
  flags: number;
  /** Of a SET: its value is known to be ASCII. */
  isAscii: boolean;
  /** Milliseconds since 1970; 0 is none. */
  deadlineMs: number;
  nsAt: number;
  nsLen: number;
  keyAt: number;
  keyLen: number;
  valueAt: number;
  valueLen: number;
  /** Where the next record starts. */
  next: number;
}

export function createRecordView(): RecordView {
  return {
    op: 0,
    flags: 0,
    isAscii: false,
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
export function recordBytes(
  deadlineMs: number,
  nsLen: number,
  keyLen: number,
  valueLen: number,
): number {
  return HEAD_BYTES + (deadlineMs > 0 ? DEADLINE_BYTES : 0) + nsLen + keyLen + valueLen;
}

/**
 * Writes a record at `at` and returns where it ends. The target must have `recordBytes()` of room.
 *
 * @param flags kind or reason, 0 to 2, for a SET perhaps with ASCII; `deadlineMs` tells the rest
 * @param deadlineMs 0 for none, else milliseconds since 1970, up to 2^53 - 1
 */
export function encodeRecord(
  target: Uint8Array,
  at: number,
  op: number,
  flags: number,
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
  assert(op >= OP.SET && op <= OP.SWAP, "unknown op");
  assert((flags & LOW_BITS_MASK) <= LOW_BITS_TOP, "flags out of range");
  assert((flags & ~(LOW_BITS_MASK | ASCII)) === 0, "unknown flags");
  assert(nsLen <= NS_BYTES_MAX && keyLen <= KEY_BYTES_MAX, "namespace or key too long");
  assert(valueLen <= VALUE_BYTES_MAX, "value too long");
  target[at + OP_AT] = op;
  target[at + FLAGS_AT] = deadlineMs > 0 ? flags | HAS_DEADLINE : flags;
  target[at + NS_LEN_AT] = nsLen;
  putU16(target, at + KEY_LEN_AT, keyLen);
  putU32(target, at + VALUE_LEN_AT, valueLen);
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
 * Fills `view` from the record at `at`, which must end at or before `end`. False when these bytes are
 * no record that this version knows: too short, an unknown op, unknown flags, a deadline out of
 * range; the view then holds nothing of use.
 */
export function decodeRecord(
  source: Uint8Array,
  at: number,
  end: number,
  view: RecordView,
): boolean {
  if (end - at < HEAD_BYTES) return false;
  const op = source[at + OP_AT]!;
  const flags = source[at + FLAGS_AT]!;
  const lowBits = flags & LOW_BITS_MASK;
  if (op < OP.SET || op > OP.SWAP || flags > KNOWN_FLAGS || lowBits > LOW_BITS_TOP) return false;
  view.isAscii = (flags & ASCII) !== 0;
  if (view.isAscii && op !== OP.SET) return false;
  let bodyAt = at + HEAD_BYTES;
  view.deadlineMs = 0;
  if ((flags & HAS_DEADLINE) !== 0) {
    if (end - bodyAt < DEADLINE_BYTES) return false;
    view.deadlineMs = getU64(source, bodyAt);
    if (!(view.deadlineMs > 0 && view.deadlineMs <= Number.MAX_SAFE_INTEGER)) return false;
    bodyAt += DEADLINE_BYTES;
  }
  view.op = op;
  view.flags = lowBits;
  view.nsAt = bodyAt;
  view.nsLen = source[at + NS_LEN_AT]!;
  view.keyAt = bodyAt + view.nsLen;
  view.keyLen = getU16(source, at + KEY_LEN_AT);
  view.valueAt = view.keyAt + view.keyLen;
  view.valueLen = getU32(source, at + VALUE_LEN_AT);
  view.next = view.valueAt + view.valueLen;
  return view.next <= end;
}
