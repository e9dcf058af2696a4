/**
 * What DUMP makes of a value, and RESTORE reads.
 *
 *   Dump := magic "PKVD" | version:u8 | kind:u8 | value[...] | crc:u32                little-endian
 *
 * `kind` is how the value is to be read (KIND of memory/entry.ts); `crc` is the CRC-32 of all before it.
 * Key and deadline are not in it, as with Redis: RESTORE is told them. docs/dump-format.md says the
 * same for those who write such payloads.
 *
 * A payload of Redis's own is read too when it holds a string (rdb-string.ts), so that keys can be
 * copied here with DUMP there. The two can't be confused: Redis's begin with the number of a type,
 * and none is as high as "P".
 *
 * Anybody can make a payload with a checksum that fits. So text must be UTF-8 and JSON must be JSON
 * here as in the other doors, or REST would serve what breaks its readers.
 */
import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { KIND } from "../memory/entry.ts";
import { BAD_DUMP_DATA, BAD_DUMP_PAYLOAD } from "./errors.ts";
import { rdbStringLength, readRdbString } from "./rdb-string.ts";

const MAGIC = Buffer.from("PKVD", "latin1");
const VERSION = 1;
const VERSION_AT = MAGIC.length;
const KIND_AT = VERSION_AT + 1;
const VALUE_AT = KIND_AT + 1;
const CRC_BYTES = 4;

/** A value that has been read: bytes of the payload, or bytes of its own. */
export interface DumpedValue {
  readonly kind: number;
  readonly bytes: Buffer;
}

/** The payload of a value of that kind, which is copied. */
export function encodeDump(kind: number, value: Uint8Array): Buffer {
  const crcAt = VALUE_AT + value.length;
  const payload = Buffer.allocUnsafe(crcAt + CRC_BYTES);
  payload.set(MAGIC);
  payload[VERSION_AT] = VERSION;
  payload[KIND_AT] = kind;
  payload.set(value, VALUE_AT);
  payload.writeUInt32LE(crc32(payload.subarray(0, crcAt)), crcAt);
  return payload;
}

/** The value that a payload holds, ours or Redis's; else the error that RESTORE answers. */
export function decodeDump(payload: Buffer, valueBytesMax: number): DumpedValue | string {
  if (!isOurs(payload)) {
    const bytes = readRdbString(payload, valueBytesMax);
    return typeof bytes === "string" ? bytes : { kind: KIND.bytes, bytes };
  }
  const crcAt = payload.length - CRC_BYTES;
  if (crcAt < VALUE_AT || payload[VERSION_AT] !== VERSION) return BAD_DUMP_PAYLOAD;
  if (payload.readUInt32LE(crcAt) !== crc32(payload.subarray(0, crcAt))) return BAD_DUMP_PAYLOAD;
  const kind = payload[KIND_AT]!;
  const bytes = payload.subarray(VALUE_AT, crcAt);
  return isOfKind(kind, bytes) ? { kind, bytes } : BAD_DUMP_DATA;
}

/** The length that the value of a payload claims to have; cheap, and nothing is verified. */
export function dumpedLength(payload: Buffer): number {
  return isOurs(payload) ? payload.length : rdbStringLength(payload);
}

function isOurs(payload: Buffer): boolean {
  return payload.subarray(0, MAGIC.length).equals(MAGIC);
}

function isOfKind(kind: number, bytes: Buffer): boolean {
  if (kind === KIND.bytes) return true;
  if (kind === KIND.text) return isUtf8(bytes);
  return kind === KIND.json && isUtf8(bytes) && isJson(bytes.toString("utf8"));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
