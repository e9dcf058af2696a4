/**
 * Keys and namespaces on their way into a URL.
 *
 * Most keys go into the path, percent-encoded. Some cannot: "." and "..", which every URL parser takes
 * for places (however they are encoded), and keys longer than servers and proxies take a URL. Those
 * travel in the body of POST /batch, which takes any key. An empty key is refused here: its path would
 * be that of the list.
 */
import { ownError } from "./errors.ts";

export const DEFAULT_NAMESPACE = "default";

/** As the server has it. */
const NAMESPACE = /^[A-Za-z0-9._:-]{1,64}$/;

/** Path segments that mean a place. */
const DOTS = /^\.{1,2}$/;

/** Characters of an encoded key in a path: half of what proxies commonly take as a URL. */
const ENCODED_KEY_LENGTH_MAX = 4000;

/** @throws INVALID_NAMESPACE. */
export function checkNamespace(name: unknown): string {
  if (typeof name === "string" && NAMESPACE.test(name)) return name;
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, 80)) : typeof name;
  const detail = `a namespace is 1 to 64 of letters, digits and . _ : - ; this is ${shown}`;
  throw ownError("INVALID_NAMESPACE", detail);
}

/** @throws INVALID_KEY for what is no key at all; its length is the server's to judge. */
export function checkKey(key: unknown): string {
  if (typeof key !== "string")
    throw ownError("INVALID_KEY", `a key is a string, not ${typeof key}`);
  if (key === "") throw ownError("INVALID_KEY", "a key has at least one character");
  if (!isWellFormed(key)) {
    throw ownError(
      "INVALID_KEY",
      "the key has half of a surrogate pair, which UTF-8 cannot express",
    );
  }
  return key;
}

/** The path of a key that was checked, or null when a URL cannot carry it. */
export function keyPath(key: string): string | null {
  if (DOTS.test(key)) return null;
  const encoded = encodeURIComponent(key);
  return encoded.length > ENCODED_KEY_LENGTH_MAX ? null : `/kv/${encoded}`;
}

/** Whether a namespace can stand in a path. */
export function isPathSafe(namespace: string): boolean {
  return !DOTS.test(namespace);
}

/** A query string out of what is there, with its "?"; empty when nothing is. */
export function queryString(
  fields: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const pairs = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** @throws INVALID_REQUEST for a prefix that is no text. */
export function checkPrefix(prefix: string): string {
  if (isWellFormed(prefix)) return prefix;
  throw ownError("INVALID_REQUEST", "the prefix has half of a surrogate pair");
}

/** Like String.isWellFormed, which browsers before 2023 lack. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
