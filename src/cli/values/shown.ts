/**
 * A stored value as it is printed: to a pipe the bytes as they are; on a terminal what can be read
 * there, with control characters as escapes and binary values as a dump.
 */
import { isUtf8 } from "node:buffer";
import type { BytesEntry } from "../../client/types.ts";
import { Failure } from "../exit.ts";
import { hexDump, safeLine, safeText } from "./escape.ts";
import type { ValueType } from "./given.ts";
import { layOutJson } from "./json-layout.ts";

const DUMP_BYTES_MAX = 64 * 1024;

export type StoredValue = Pick<BytesEntry, "bytes" | "kind">;

/** The members `value` and, for bytes that are no text, `encoding`, as JSON text on one line. */
export function valueMembers({ bytes, kind }: StoredValue): string {
  const buffer = bufferOf(bytes);
  if (kind === "json") return `"value":${onOneLine(buffer.toString())}`;
  if (kind === "text") return `"value":${JSON.stringify(buffer.toString())}`;
  return `"value":"${buffer.toString("base64")}","encoding":"base64"`;
}

/** For a terminal; ends with a newline. */
export function terminalText(value: StoredValue, type?: ValueType): string {
  const buffer = bufferOf(value.bytes);
  if (type === "binary" || (type === undefined && value.kind === "binary")) {
    return hexDump(buffer, DUMP_BYTES_MAX);
  }
  const text = safeText(textOf(value, type));
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** For a pipe: the bytes, or JSON laid out where --type json asks for it. */
export function pipedBytes(value: StoredValue, type?: ValueType): Uint8Array | string {
  return type === "json" ? `${textOf(value, type)}\n` : checked(value, type);
}

/** On one line, for lists: text with escapes, binary as base64. */
export function lineText({ bytes, kind }: StoredValue): string {
  const buffer = bufferOf(bytes);
  return kind === "binary" ? `base64:${buffer.toString("base64")}` : safeLine(buffer.toString());
}

function textOf(value: StoredValue, type: ValueType | undefined): string {
  const text = bufferOf(checked(value, type)).toString();
  return type === "json" ? layOutJson(jsonOf(text)) : text;
}

/** JSON is stored as it was sent, perhaps over many lines. */
function onOneLine(json: string): string {
  return /[\n\r]/.test(json) ? layOutJson(json, undefined, "line") : json;
}

/** The bytes, once it is sure that they are what --type says. */
function checked({ bytes }: StoredValue, type: ValueType | undefined): Uint8Array {
  if ((type === "text" || type === "json") && !isUtf8(bytes)) {
    throw new Failure(`the value is not ${type}: it is not UTF-8; --type binary shows it`);
  }
  return bytes;
}

/** A text may hold JSON too, when it came through a door that knows bytes alone. */
function jsonOf(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new Failure(`the value is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
