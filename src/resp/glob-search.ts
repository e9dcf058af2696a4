/**
 * What a glob pattern does when it is made to be slow: finds what stands between two stars without
 * trying place after place, which would cost the product of both lengths.
 *
 * Nothing but letters is found in time by the sum of the lengths (Knuth, Morris and Pratt). With
 * classes or `?` among them it is Shift-And (Baeza-Yates and Gonnet): a bit says for each element of the stretch whether the text so far ends with all elements up to it.
 * A byte of the text moves all bits on by one and keeps those whose element it matches: 32 elements a
 * step, whatever the pattern and the text are. Making the tables costs more than most matches; so
 * glob.ts comes here only when it has tried in vain for long.
 */
const BYTES = 256;

/** A pattern taken apart: what stands at its places is known to glob.ts alone. */
export interface Elements {
  /** Where the element at `p`, which is no star, ends. */
  readonly end: (p: number) => number;
  readonly matches: (p: number, byte: number) => boolean;
  /** The only byte that it matches; -1 for an element that may match several. */
  readonly byte: (p: number) => number;
  readonly isStar: (p: number) => boolean;
  readonly length: number;
}

/** Whether the text from `from` on matches the pattern from `start` on, behind a star. */
export function matchesBehindStar(
  elements: Elements,
  start: number,
  text: Uint8Array,
  from: number,
  textEnd: number,
): boolean {
  let p = start;
  let t = from;
  for (;;) {
    const places = stretchFrom(elements, p);
    if (places.end === elements.length) {
      // The last stretch must end where the text does.
      const at = textEnd - places.starts.length;
      return at >= t && places.starts.every((each, i) => elements.matches(each, text[at + i]!));
    }
    t = findEnd(elements, places.starts, text, t, textEnd);
    if (t < 0) return false;
    p = places.end;
    while (p < elements.length && elements.isStar(p)) p++;
    if (p === elements.length) return true;
  }
}

/** Where the elements up to the next star begin, and where that star, or the pattern's end, is. */
function stretchFrom(
  elements: Elements,
  from: number,
): { readonly starts: readonly number[]; readonly end: number } {
  const starts: number[] = [];
  let p = from;
  while (p < elements.length && !elements.isStar(p)) {
    starts.push(p);
    p = elements.end(p);
  }
  return { starts, end: p };
}

/** Behind the first place where the elements match; -1 when there is none. */
function findEnd(
  elements: Elements,
  starts: readonly number[],
  text: Uint8Array,
  from: number,
  textEnd: number,
): number {
  if (textEnd - from < starts.length) return -1;
  const letters = Int16Array.from(starts, elements.byte);
  if (!letters.includes(-1)) return findLetters(letters, text, from, textEnd);
  const words = Math.ceil(starts.length / 32);
  const masks = masksOf(elements, starts, words);
  const state = new Int32Array(words);
  const lastBit = 1 << ((starts.length - 1) & 31);
  for (let t = from; t < textEnd; t++) {
    const mask = text[t]! * words;
    // The first element may match anywhere.
    let carry = 1;
    for (let i = 0; i < words; i++) {
      const word = state[i]!;
      state[i] = ((word << 1) | carry) & masks[mask + i]!;
      carry = word >>> 31;
    }
    if ((state[words - 1]! & lastBit) !== 0) return t + 1;
  }
  return -1;
}

function findLetters(letters: Int16Array, text: Uint8Array, from: number, textEnd: number): number {
  const { length } = letters;
  // How many letters still fit when the one behind the first i does not.
  const fallback = new Int32Array(length);
  for (let i = 1, fits = 0; i < length; i++) {
    while (fits > 0 && letters[i] !== letters[fits]) fits = fallback[fits - 1]!;
    if (letters[i] === letters[fits]) fits++;
    fallback[i] = fits;
  }
  let fits = 0;
  for (let t = from; t < textEnd; t++) {
    while (fits > 0 && text[t] !== letters[fits]) fits = fallback[fits - 1]!;
    if (text[t] === letters[fits]) fits++;
    if (fits === length) return t + 1;
  }
  return -1;
}

/** For every byte the elements that it matches, as bits. */
function masksOf(elements: Elements, starts: readonly number[], words: number): Int32Array {
  const masks = new Int32Array(BYTES * words);
  starts.forEach((p, i) => {
    const word = i >>> 5;
    const bit = 1 << (i & 31);
    const only = elements.byte(p);
    if (only >= 0) masks[only * words + word]! |= bit;
    else
      for (let byte = 0; byte < BYTES; byte++) {
        if (elements.matches(p, byte)) masks[byte * words + word]! |= bit;
      }
  });
  return masks;
}
