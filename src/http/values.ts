/**
 * Values between JSON and bytes.
 *
 * In: a string is stored as its UTF-8 bytes, base64 as the bytes it stands for, and any other JSON
 * value as the text it was sent as. Out: bytes that are UTF-8 are a string again, JSON text is put
 * into the reply as it is, and other bytes are base64, marked as such.
 */
import { isUtf8 } from "node:buffer";
import type { Entry, ValueKind } from "../store/types.ts";
import { hasLoneSurrogate } from "./fields.ts";
import { fieldError, TooLargeError } from "./problem.ts";

export interface StoredValue {
  readonly kind: ValueKind;
  readonly value: string | Buffer;
}

/** A value as it stands in a body: parsed, and the text it was parsed from. */
export interface GivenValue {
  readonly parsed: unknown;
  readonly rawText: () => string;
  readonly encoding: "base64" | undefined;
  /** Where it stands, for errors: `body`, or `body/operations/3`. */
  readonly at: string;
}

/** One character class in one loop: a group repeated over megabytes exhausts the regexp's stack. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * @param bytesMax largest value to accept, in bytes as stored.
 * @throws INVALID_VALUE, VALUE_TOO_LARGE.
 */
export function valueIn(given: GivenValue, bytesMax: number): StoredValue {
  const stored = convert(given);
  const { value } = stored;
  const fits = value.length * 3 <= bytesMax || Buffer.byteLength(value) <= bytesMax;
  if (!fits) throw new TooLargeError(`${given.at}/value`, bytesMax);
  return stored;
}

function convert({ parsed, rawText, encoding, at }: GivenValue): StoredValue {
  if (encoding === "base64") return { kind: "bytes", value: decodeBase64(parsed, at) };
  if (typeof parsed !== "string") return { kind: "json", value: rawText() };
  if (hasLoneSurrogate(parsed)) {
    const message = "must not contain half of a surrogate pair; send such bytes as base64";
    throw fieldError("INVALID_VALUE", `${at}/value`, message);
  }
  return { kind: "text", value: parsed };
}

function decodeBase64(parsed: unknown, at: string): Buffer {
  if (typeof parsed === "string" && parsed.length % 4 === 0 && BASE64.test(parsed)) {
    return Buffer.from(parsed, "base64");
  }
  throw fieldError("INVALID_VALUE", `${at}/value`, "must be a string of base64 with its padding");
}

/** The members `value` and, where needed, `encoding` of a reply, as JSON text. */
export function valueMembers(entry: Entry): string {
  const { kind, value } = entry;
  if (kind === "json") return `"value":${value.toString("utf8")}`;
  const text = value.toString("utf8");
  // A replacement character is the sign of bytes that are not UTF-8, or may have been stored itself.
  if (!text.includes("\ufffd") || isUtf8(value)) return `"value":${JSON.stringify(text)}`;
  return `"value":"${value.toString("base64")}","encoding":"base64"`;
}
