/**
 * Bytes and strings.
 *
 * Buffer's own conversions by encoding (`latin1Slice` and its kin) have no place in node's
 * documentation, though every `toString("latin1")` ends in them; called directly they save a
 * third of the cost for short strings. This file is the only one that knows them, and where they
 * are missing it uses the documented way.
 */

interface NativeSlices {
  latin1Slice?: (from: number, to: number) => string;
  utf8Slice?: (from: number, to: number) => string;
}

const native = Buffer.prototype as NativeSlices;

/** The bytes as a string of code points 0 to 255; for ASCII the fastest way there is. */
export const latin1Slice: (bytes: Buffer, from: number, to: number) => string =
  native.latin1Slice === undefined
    ? (bytes, from, to) => bytes.toString("latin1", from, to)
    : (bytes, from, to) => (bytes as NativeSlices).latin1Slice!(from, to);

/** The bytes as UTF-8; what is not well-formed becomes U+FFFD. */
export const utf8Slice: (bytes: Buffer, from: number, to: number) => string =
  native.utf8Slice === undefined
    ? (bytes, from, to) => bytes.toString("utf8", from, to)
    : (bytes, from, to) => (bytes as NativeSlices).utf8Slice!(from, to);

/** Up to this length a loop over the characters is faster than a native call. */
const LOOP_CHARACTERS_MAX = 64;

/**
 * Writes the UTF-8 form of `text` to `target` from `at`, which must have room for three bytes a
 * character. Returns the bytes written; negative, the complement, when one of them is above 127:
 * so `n >= 0` says that the text is ASCII, and `n < 0` that its length is `~n`.
 */
export function writeText(target: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length <= LOOP_CHARACTERS_MAX) {
    let seen = 0;
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i);
      seen |= c;
      target[at + i] = c;
    }
    if (seen < 0x80) return length;
  }
  const written = target.write(text, at, "utf8");
  // UTF-8 takes one byte a UTF-16 unit only where all of them are ASCII.
  return written === length ? length : ~written;
}
