/**
 * What keys and namespaces may be called, checked once for every door.
 */
import { writeText } from "../base/bytes.ts";
import { PyKVError } from "../base/errors.ts";
import { KEY_BYTES_MAX } from "../format/record.ts";

export { KEY_BYTES_MAX };

export const DEFAULT_NAMESPACE = "default";

/** For schemas, which want the text of it. */
export const NAMESPACE_PATTERN = "^[A-Za-z0-9._:-]{1,64}$";
const NAMESPACE = new RegExp(NAMESPACE_PATTERN);

export function isNamespace(name: string): boolean {
  return NAMESPACE.test(name);
}

/** Throws INVALID_NAMESPACE unless the name is 1 to 64 of letters, digits and `. _ : -`. */
export function checkNamespace(name: string): void {
  if (isNamespace(name)) return;
  const shown = JSON.stringify(name.slice(0, 80));
  throw new PyKVError(
    "INVALID_NAMESPACE",
    `a namespace is 1 to 64 of letters, digits and . _ : - ; this is ${shown}`,
  );
}

/**
 * Writes a key to the start of `target` (room for three bytes a character) and returns its length in
 * bytes. Throws INVALID_KEY for one that is empty, too long, or not well-formed Unicode: a lone
 * surrogate has no UTF-8 form, and two such keys would become the same bytes.
 */
export function writeKey(target: Buffer, key: string): number {
  if (key.length === 0) throw new PyKVError("INVALID_KEY", "a key has at least one byte");
  if (key.length > KEY_BYTES_MAX) throw keyTooLong(key.length);
  const written = writeText(target, 0, key);
  if (written >= 0) return written;
  if (!key.isWellFormed()) throw new PyKVError("INVALID_KEY", "the key has a lone surrogate");
  if (~written > KEY_BYTES_MAX) throw keyTooLong(~written);
  return ~written;
}

function keyTooLong(length: number): PyKVError {
  const detail = `a key has at most ${KEY_BYTES_MAX} bytes; this one has ${length} or more`;
  return new PyKVError("INVALID_KEY", detail);
}
