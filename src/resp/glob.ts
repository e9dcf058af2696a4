/**
 * Glob patterns as Redis reads them: `*`, `?`, `[a-c]`, `[^abc]`, and `\` before a byte that means
 * itself.
 *
 * Patterns come from clients, so matching them must not be a way to stop the server. There is one
 * place to go back to, the last star: when what follows it fits nowhere, no earlier star can help, and
 * when it does fit somewhere, the first such place is as good as any. Trying them one by one costs
 * at most the length of the pattern times that of the text; where much of that is in vain, the rest is
 * left to glob-search.ts, which is 32 times as fast then. No pattern is turned into a RegExp or
 * recursed into.
 *
 * The corners are Redis's too: a class without its end goes to the end of the pattern, a range may be
 * given from its higher end, and an empty text matches the empty pattern alone. Bytes are compared as
 * unsigned; Redis does as the C compiler likes.
 */
import { matchesBehindStar } from "./glob-search.ts";
import type { Elements } from "./glob-search.ts";

const STAR = 0x2a;
const QUESTION = 0x3f;
const CLASS_START = 0x5b;
const CLASS_END = 0x5d;
const NOT = 0x5e;
const RANGE = 0x2d;
const ESCAPE = 0x5c;
const NO_MATCH = -1;
/** Bytes compared in vain before trying place after place is given up, and more for a long text. */
const WASTED_BYTES_MAX = 4096;
const WASTED_SHARE_MAX = 16;

/**
 * Whether the whole text matches the pattern.
 *
 * @param ignoreCase of ASCII letters; a byte escaped within a class is compared as it is all the same
 */
export function globMatches(
  pattern: Uint8Array,
  text: Uint8Array,
  textAt = 0,
  textLength = text.length - textAt,
  ignoreCase = false,
): boolean {
  const patternEnd = pattern.length;
  const textEnd = textAt + textLength;
  if (textLength === 0) return patternEnd === 0;
  let p = 0;
  let t = textAt;
  let afterStar = NO_MATCH;
  let starTaken = 0;
  let wasteLeft = WASTED_BYTES_MAX + textLength * WASTED_SHARE_MAX;
  while (t < textEnd) {
    if (p < patternEnd && pattern[p] === STAR) {
      p = skipStars(pattern, p);
      if (p === patternEnd) return true;
      afterStar = p;
      starTaken = t;
    }
    const next = p < patternEnd ? matchOne(pattern, p, text[t]!, ignoreCase) : NO_MATCH;
    if (next !== NO_MATCH) {
      p = next;
      t++;
    } else if (afterStar === NO_MATCH) return false;
    else {
      wasteLeft -= t - starTaken;
      p = afterStar;
      t = ++starTaken;
      if (wasteLeft < 0) {
        return matchesBehindStar(elementsOf(pattern, ignoreCase), p, text, t, textEnd);
      }
    }
  }
  return skipStars(pattern, p) === patternEnd;
}

function skipStars(pattern: Uint8Array, from: number): number {
  let p = from;
  while (p < pattern.length && pattern[p] === STAR) p++;
  return p;
}

function elementsOf(pattern: Uint8Array, ignoreCase: boolean): Elements {
  return {
    end: (p) => elementEnd(pattern, p),
    matches: (p, byte) => matchOne(pattern, p, byte, ignoreCase) !== NO_MATCH,
    byte: (p) => (ignoreCase ? -1 : onlyByte(pattern, p)),
    isStar: (p) => pattern[p] === STAR,
    length: pattern.length,
  };
}

function onlyByte(pattern: Uint8Array, p: number): number {
  const byte = pattern[p]!;
  if (byte === QUESTION || byte === CLASS_START) return -1;
  return byte === ESCAPE && p + 1 < pattern.length ? pattern[p + 1]! : byte;
}

function elementEnd(pattern: Uint8Array, p: number): number {
  if (pattern[p] === CLASS_START) return classEnd(pattern, p + 1);
  return pattern[p] === ESCAPE && p + 1 < pattern.length ? p + 2 : p + 1;
}

/** Behind a class, from behind its bracket. */
function classEnd(pattern: Uint8Array, from: number): number {
  const end = pattern.length;
  let p = pattern[from] === NOT ? from + 1 : from;
  while (p < end && pattern[p] !== CLASS_END) {
    if (pattern[p] === ESCAPE && p + 1 < end) p += 2;
    else p += p + 2 < end && pattern[p + 1] === RANGE ? 3 : 1;
  }
  return Math.min(p + 1, end);
}

/** Where the pattern goes on when its part at `p`, which is no star, matches the byte; else NO_MATCH. */
function matchOne(pattern: Uint8Array, p: number, byte: number, ignoreCase: boolean): number {
  let wanted = pattern[p]!;
  if (wanted === QUESTION) return p + 1;
  if (wanted === CLASS_START) return matchClass(pattern, p + 1, byte, ignoreCase);
  let next = p + 1;
  if (wanted === ESCAPE && next < pattern.length) wanted = pattern[next++]!;
  if (wanted === byte) return next;
  return ignoreCase && toLower(wanted) === toLower(byte) ? next : NO_MATCH;
}

/** The same for a class, from behind its bracket. */
function matchClass(pattern: Uint8Array, from: number, byte: number, ignoreCase: boolean): number {
  const end = pattern.length;
  let p = from;
  const isNegated = p < end && pattern[p] === NOT;
  if (isNegated) p++;
  let matches = false;
  while (p < end && pattern[p] !== CLASS_END) {
    if (pattern[p] === ESCAPE && p + 1 < end) {
      if (pattern[p + 1] === byte) matches = true;
      p += 2;
    } else if (p + 2 < end && pattern[p + 1] === RANGE) {
      if (isInRange(pattern[p]!, pattern[p + 2]!, byte, ignoreCase)) matches = true;
      p += 3;
    } else {
      if (isInRange(pattern[p]!, pattern[p]!, byte, ignoreCase)) matches = true;
      p++;
    }
  }
  // Without its end, the class has taken all there was.
  const next = p < end ? p + 1 : end;
  return matches === isNegated ? NO_MATCH : next;
}

function isInRange(first: number, last: number, byte: number, ignoreCase: boolean): boolean {
  const low = Math.min(first, last);
  const high = Math.max(first, last);
  if (!ignoreCase) return byte >= low && byte <= high;
  const folded = toLower(byte);
  return folded >= toLower(low) && folded <= toLower(high);
}

function toLower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
