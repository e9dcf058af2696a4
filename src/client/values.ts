/**
 * Values between the caller and JSON bodies.
 *
 * A string stays a string, bytes travel as base64 with a mark, text given by `rawJson` as it is, and
 * anything else as JSON.stringify writes it.
 */
import { fromBase64, toBase64 } from "./base64.ts";
import { ownError } from "./errors.ts";
import type { Value } from "./types.ts";

const BYTES_TAG = "[object Uint8Array]";

/** JSON as text. Made by `rawJson`, which has seen that it is valid. */
export class RawJson {
  readonly text: string;

  /** Use `rawJson`. */
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value given as JSON text, which is sent and stored as it is: integers beyond 2^53, `1.0` and the
 * order of members survive. A JSON string is stored as its characters, like any string.
 *
 * @throws INVALID_JSON.
 */
export function rawJson(text: string): RawJson {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw ownError("INVALID_JSON", (cause as Error).message, { cause });
  }
  return new RawJson(text);
}

/**
 * The members `value` and perhaps `encoding` of a body, as JSON text.
 *
 * @throws INVALID_VALUE for what has no form as JSON.
 */
export function valueMembers(value: unknown): string {
  if (isBytes(value)) return `"value":"${toBase64(value)}","encoding":"base64"`;
  if (value instanceof RawJson) return `"value":${value.text}`;
  return `"value":${jsonOf(value)}`;
}

/** The value of an entry in a reply. Throws what `atob` throws. */
export function valueOf(entry: { readonly value: unknown; readonly encoding?: unknown }): Value {
  if (entry.encoding === "base64") return fromBase64(entry.value as string);
  return entry.value as Value;
}

function jsonOf(value: unknown): string {
  const fault = faultOf(value);
  if (fault !== null) throw ownError("INVALID_VALUE", fault);
  const json = stringify(value);
  if (json === undefined) throw ownError("INVALID_VALUE", `${typeof value} has no form as JSON`);
  return json;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    // A cycle, or a bigint somewhere inside.
    throw ownError("INVALID_VALUE", (cause as Error).message, { cause });
  }
}

/** By its tag rather than its class: bytes of another frame or context are bytes too. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === BYTES_TAG;
}

/** What JSON.stringify would let pass as something else. */
function faultOf(value: unknown): string | null {
  if (typeof value === "bigint") return "give a bigint as rawJson(String(value))";
  if (typeof value === "number" && !Number.isFinite(value)) return `${value} has no form as JSON`;
  if (value instanceof Promise) return "this is a promise: await it first";
  if (value instanceof Map || value instanceof Set) return "a Map or Set has no form as JSON";
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return "give bytes as Uint8Array";
  return null;
}
