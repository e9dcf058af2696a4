/**
 * The record that export writes and import reads: one key with its value, as a JSON object.
 *
 *   {"key": "user:1", "value": {"name": "Ada"}, "namespace": "shop",
 *    "expires_at": "2027-01-01T00:00:00.000Z", "encoding": "base64"}
 *
 * Values are cut out of the text and passed on as they stand, never parsed and printed again: so
 * 64-bit integers, `1.0` and the order of members survive. The deadline is absolute, so that a file
 * that lies around for an hour gives no key an hour more to live.
 *
 * `encoding` tells of values that a JSON string stands for: `base64` is bytes, and `json` is the text
 * of a JSON value with line breaks in it, which a line of NDJSON could not carry as it is.
 */
import { memberSpans } from "../../base/json-scan.ts";
import { KEY_BYTES_MAX, isNamespace } from "../../store/names.ts";

/** A key with its value, on its way into a store. */
export interface Entry {
  readonly key: string;
  /** Null when the record names none. */
  readonly namespace: string | null;
  /** JSON text, as it goes into a request. */
  readonly valueText: string;
  readonly isBase64: boolean;
  /** Milliseconds since 1970; null is never. */
  readonly deadlineMs: number | null;
}

/** An entry as a page of a listing shows it: every part is JSON text. */
export interface ListedEntry {
  readonly keyText: string;
  readonly valueText: string;
  readonly isBase64: boolean;
  readonly namespace: string | null;
  readonly deadlineMs: number | null;
}

/** Why a record can't be imported; its message completes "line 7: ...". */
export class BadRecord extends Error {
  override readonly name = "BadRecord";
  /** What it is, where a source has things that are no records at all: "list", "hash". */
  readonly group: string | undefined;

  constructor(reason: string, group?: string) {
    super(reason);
    this.group = group;
  }
}

/** `version` is what listings show; it belongs to one store and is not carried over. */
const FIELDS = ["key", "value", "namespace", "encoding", "expires_at", "ttl", "version"] as const;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const TTL_SECONDS_MAX = 10_000_000_000;
const MS = 1000;
const SHOWN_CHARACTERS_MAX = 40;

type Fields = Partial<Record<(typeof FIELDS)[number], unknown>>;

/**
 * Reads one record. A `ttl`, which people write by hand, counts from `nowMs`. Throws BadRecord.
 * Cost: one pass to parse, and one to find the value where it is no string.
 */
export function parseEntry(bytes: Buffer, nowMs: number): Entry {
  const text = decodeUtf8(bytes);
  const fields = parseFields(text);
  return {
    key: keyOf(fields),
    namespace: namespaceOf(fields),
    ...valueOf(fields, text),
    deadlineMs: deadlineOf(fields, nowMs),
  };
}

/** One record as a line, without its line break. */
export function entryText(entry: ListedEntry): string {
  const { keyText, valueText, isBase64, namespace, deadlineMs } = entry;
  const breaksLines = /[\n\r]/.test(valueText);
  const value = breaksLines ? JSON.stringify(valueText) : valueText;
  const encoding = isBase64 ? "base64" : breaksLines ? "json" : null;
  return (
    `{"key":${keyText},"value":${value}` +
    (encoding === null ? "" : `,"encoding":"${encoding}"`) +
    (namespace === null ? "" : `,"namespace":"${namespace}"`) +
    (deadlineMs === null ? "" : `,"expires_at":"${new Date(deadlineMs).toISOString()}"`) +
    "}"
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BadRecord("it is not UTF-8");
  }
}

function parseFields(text: string): Fields {
  const parsed = parseJson(text, "it is not JSON");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new BadRecord(`a record is an object, and this is ${shown(text)}`);
  }
  const unknown = Object.keys(parsed).find((name) => !isField(name));
  if (unknown === undefined) return parsed;
  const known = FIELDS.filter((name) => name !== "version").join(", ");
  throw new BadRecord(`unknown field ${JSON.stringify(unknown)}; known are ${known}`);
}

function isField(name: string): boolean {
  return (FIELDS as readonly string[]).includes(name);
}

function parseJson(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRecord(`${complaint}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function keyOf({ key }: Fields): string {
  if (key === undefined) throw new BadRecord('the field "key" is missing');
  if (typeof key !== "string") throw new BadRecord('"key" must be a string');
  if (key === "") throw new BadRecord('"key" must not be empty');
  if (!key.isWellFormed()) throw new BadRecord('"key" has half of a surrogate pair');
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) {
    throw new BadRecord(`"key" has more than ${KEY_BYTES_MAX} bytes`);
  }
  return key;
}

function namespaceOf({ namespace }: Fields): string | null {
  if (namespace === undefined || namespace === null) return null;
  if (typeof namespace === "string" && isNamespace(namespace)) return namespace;
  throw new BadRecord('"namespace" must be 1 to 64 letters, digits and . _ : -');
}

function valueOf(fields: Fields, text: string): Pick<Entry, "valueText" | "isBase64"> {
  const { value, encoding } = fields;
  if (value === undefined) throw new BadRecord('the field "value" is missing');
  if (encoding === undefined || encoding === null) {
    return { valueText: plainValue(value, text), isBase64: false };
  }
  if (encoding !== "base64" && encoding !== "json") {
    throw new BadRecord('"encoding" must be "base64" or "json"');
  }
  if (typeof value !== "string") throw new BadRecord(`a value in ${encoding} must be a string`);
  if (encoding === "json") {
    parseJson(value, "the value is not JSON");
    return { valueText: value, isBase64: false };
  }
  if (value.length % 4 !== 0 || !BASE64.test(value)) {
    throw new BadRecord("the value is not base64 with its padding");
  }
  return { valueText: `"${value}"`, isBase64: true };
}

function plainValue(value: unknown, text: string): string {
  if (typeof value !== "string") {
    const { start, end } = memberSpans(text).get("value")!;
    return text.slice(start, end);
  }
  if (value.isWellFormed()) return JSON.stringify(value);
  throw new BadRecord("the value has half of a surrogate pair; such bytes go as base64");
}

function deadlineOf({ ttl, expires_at: expiresAt }: Fields, nowMs: number): number | null {
  const isAbsolute = expiresAt !== undefined && expiresAt !== null;
  if (ttl === undefined || ttl === null) return isAbsolute ? instantOf(expiresAt) : null;
  if (isAbsolute) throw new BadRecord('"ttl" and "expires_at" exclude each other');
  if (typeof ttl !== "number" || !(ttl > 0 && ttl <= TTL_SECONDS_MAX)) {
    throw new BadRecord(`"ttl" is in seconds, above 0 and at most ${TTL_SECONDS_MAX}`);
  }
  return nowMs + Math.max(1, Math.round(ttl * MS));
}

function instantOf(given: unknown): number {
  const ms = typeof given === "string" ? Date.parse(given) : given;
  if (typeof ms === "number" && Number.isFinite(ms) && ms > 0) return Math.floor(ms);
  throw new BadRecord('"expires_at" must be an ISO 8601 time, or milliseconds since 1970');
}

function shown(text: string): string {
  const line = text.trim();
  return line.length <= SHOWN_CHARACTERS_MAX ? line : `${line.slice(0, SHOWN_CHARACTERS_MAX)}...`;
}
