/**
 * Makes text visible as it is: what would draw nothing, or would draw its neighbours in another order,
 * is shown as an escape.
 *
 * Two keys that look alike but differ in a zero-width space, or one that a right-to-left override
 * makes read backwards, would otherwise fool whoever deletes one of them. Spaces other than the usual
 * one are escaped too, and the usual one where it stands at an end. A zero-width joiner stays
 * where it joins emoji, as do variation selectors.
 */
export interface Piece {
  readonly text: string;
  /** Stands for a character instead of being it. */
  readonly isEscape: boolean;
}

const INVISIBLE =
  // Controls; formats (bidi, zero-width, soft hyphen, tags); separators; half surrogates; private.
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|(?! )\p{Zs}|^ | $/gu;
const JOINER = "\u200d";
const JOINED = /^\p{Extended_Pictographic}/u;

const NAMED: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  " ": "·",
};

/** In pieces, for drawing escapes in another colour. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const plain = (to: number): void => {
    if (to > from) pieces.push({ text: text.slice(from, to), isEscape: false });
  };
  for (const match of text.matchAll(INVISIBLE)) {
    const [character] = match;
    const next = match.index + character.length;
    if (character === JOINER && from < match.index && JOINED.test(text.slice(next, next + 2))) {
      continue;
    }
    plain(match.index);
    pieces.push({ text: escapeOf(character), isEscape: true });
    from = next;
  }
  plain(text.length);
  return pieces;
}

/** As one string, for names that are read out and for titles. */
export function visible(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join("");
}

/** At most so many characters, in the middle of none. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

function escapeOf(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
