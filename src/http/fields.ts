/**
 * The fields that many requests share, checked beyond what a schema can say.
 *
 * Lengths count bytes where schemas count characters, a ttl turns into a deadline, and the namespace
 * may come from two places that must agree.
 */
import { DEFAULT_NAMESPACE, KEY_BYTES_MAX, isNamespace } from "../store/names.ts";
import { fieldError } from "./problem.ts";

/** About 317 years: far beyond use, and far below where a double loses milliseconds. */
export const TTL_SECONDS_MAX = 10_000_000_000;

const INTEGER_MIN = -(2n ** 63n);
const INTEGER_MAX = 2n ** 63n - 1n;

const SURROGATE = /\p{Surrogate}/u;

/** Whether a string has half of a surrogate pair, which UTF-8 cannot express. */
export function hasLoneSurrogate(text: string): boolean {
  return SURROGATE.test(text);
}

/** @throws INVALID_KEY unless it is 1 to 65,535 bytes of UTF-8. */
export function checkKey(key: string, path: string): string {
  if (key === "") throw fieldError("INVALID_KEY", path, "must not be empty");
  // A UTF-16 unit is at most 3 bytes of UTF-8: most keys need no counting.
  if (key.length * 3 > KEY_BYTES_MAX && Buffer.byteLength(key) > KEY_BYTES_MAX) {
    throw fieldError("INVALID_KEY", path, `must have at most ${KEY_BYTES_MAX} bytes of UTF-8`);
  }
  if (hasLoneSurrogate(key)) {
    throw fieldError("INVALID_KEY", path, "must not contain half of a surrogate pair");
  }
  return key;
}

/** @throws INVALID_NAMESPACE; for names in paths, which no schema checks. */
export function checkNamespace(name: string, path: string): string {
  if (isNamespace(name)) return name;
  throw fieldError("INVALID_NAMESPACE", path, "must be 1 to 64 letters, digits and . _ : -");
}

/** The namespace that a request means. @throws INVALID_NAMESPACE when query and body differ. */
export function namespaceOf(
  query: string | undefined,
  body: string | undefined,
  at = "body",
): string {
  if (query !== undefined && body !== undefined && query !== body) {
    const message = `must be the same as the query parameter ns (${query}) when both are given`;
    throw fieldError("INVALID_NAMESPACE", `${at}/namespace`, message);
  }
  return body ?? query ?? DEFAULT_NAMESPACE;
}

/**
 * @param ttlSeconds above 0, at most TTL_SECONDS_MAX; null and undefined never expire.
 * @param nowMs milliseconds since 1970.
 * @returns the deadline in milliseconds since 1970, at least one from now; 0 is never.
 */
export function deadlineOf(ttlSeconds: number | null | undefined, nowMs: number): number {
  if (ttlSeconds === null || ttlSeconds === undefined) return 0;
  return Math.floor(nowMs) + Math.max(1, Math.round(ttlSeconds * 1000));
}

/** Seconds left until a deadline, to the millisecond; null when there is none. */
export function ttlOf(deadlineMs: number, nowMs: number): number | null {
  return deadlineMs === 0 ? null : Math.max(0, Math.round(deadlineMs - nowMs)) / 1000;
}

/**
 * An integer of 64 bits out of a JSON number, exact beyond 2^53.
 *
 * @param parsed what JSON.parse made of it; the schema has seen that it is whole.
 * @param raw the same number as it was sent.
 */
export function integerOf(parsed: number, raw: string, path: string): bigint {
  const value = /^-?\d+$/.test(raw) ? boundedBigInt(raw) : BigInt(parsed);
  if (value !== null && value >= INTEGER_MIN && value <= INTEGER_MAX) return value;
  throw fieldError(
    "INVALID_REQUEST",
    path,
    `must be an integer from ${INTEGER_MIN} to ${INTEGER_MAX}`,
  );
}

/** Null for what is out of range by its length alone: parsing a million digits takes long. */
function boundedBigInt(digits: string): bigint | null {
  return digits.length > 20 ? null : BigInt(digits);
}
