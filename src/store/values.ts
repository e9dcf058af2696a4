/**
 * Values between the table, where they are bytes with a kind, and the doors that speak in strings.
 */
import { latin1Slice, utf8Slice } from "../base/bytes.ts";
import { PyKVError } from "../base/errors.ts";
import { KIND } from "../memory/entry.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import type { Entry, ValueKind } from "./types.ts";

/** Names of the kinds, by number. */
const KINDS = ["text", "json", "bytes"] as const satisfies readonly ValueKind[];

export function kindNumber(kind: ValueKind): number {
  return KIND[kind];
}

export function kindName(kind: number): ValueKind {
  return KINDS[kind] ?? "bytes";
}

/** The entry with its value copied out of the table. */
export function copyEntry(table: Table, slot: SlotRef): Entry {
  const from = table.valueAt(slot);
  const to = from + table.valueLength(slot);
  return {
    kind: kindName(table.kind(slot)),
    value: Buffer.from(table.shard.bytes.subarray(from, to)),
    version: table.version(slot),
    deadlineMs: table.deadline(slot),
  };
}

export function keyText(table: Table, slot: SlotRef): string {
  const from = table.keyAt(slot);
  const to = from + table.keyLength(slot);
  const { u8, bytes } = table.shard;
  let seen = 0;
  for (let i = from; i < to; i++) seen |= u8[i]!;
  return seen < 0x80 ? latin1Slice(bytes, from, to) : utf8Slice(bytes, from, to);
}

/** The bytes of a value as a door hands it in; a lone surrogate has none: INVALID_VALUE. */
export function valueBytes(value: string | Uint8Array): Buffer {
  if (typeof value !== "string") {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  if (!value.isWellFormed()) {
    throw new PyKVError("INVALID_VALUE", "the value has a lone surrogate, which has no UTF-8 form");
  }
  return Buffer.from(value, "utf8");
}

/** Values up to this size are looked through, so that reading them back as text is fast. */
const ASCII_CHECK_BYTES_MAX = 256;

/** Whether all bytes are below 128; false, which is always right, for many. Cost: a look at each. */
export function isAscii(bytes: Buffer): boolean {
  if (bytes.length > ASCII_CHECK_BYTES_MAX) return false;
  let seen = 0;
  for (const byte of bytes) seen |= byte;
  return seen < 0x80;
}
