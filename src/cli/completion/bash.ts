/**
 * Bash's side of completion. Bash splits words at the characters of COMP_WORDBREAKS too, so that of
 * `user:1` it would replace the 1 alone; and it inserts what it is given as it stands. So the line is
 * split here, and a candidate comes back as the rest that bash replaces, quoted for it.
 */

export interface BashLine {
  /** Quotes undone; the last is the one at the cursor. */
  readonly words: readonly string[];
  /** The quote that is open at the cursor; empty when none is. */
  readonly quote: string;
}

const SPACE = /\s/;
/** What means something to bash outside of quotes. */
const SPECIAL = /[^A-Za-z0-9_\-.,:=/@%+]/g;

/** Splits a line as bash does, up to the cursor, where it ends. */
export function splitBashLine(line: string): BashLine {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (quote === "'" || (quote !== "" && character === quote)) {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "\\") {
      word = (word ?? "") + (line[++at] ?? "");
    } else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      word ??= "";
    } else if (quote === "" && SPACE.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  return { words: [...words, word ?? ""], quote };
}

/**
 * A candidate as bash has to be given it.
 *
 * @param typed the word at the cursor, quotes undone.
 * @param breaks COMP_WORDBREAKS.
 */
export function forBash(candidate: string, typed: string, quote: string, breaks: string): string {
  if (quote === "'") return candidate.replaceAll("'", "'\\''");
  if (quote === '"') return candidate.replace(/[\\"$`]/g, "\\$&");
  // A space in a word was escaped, and breaks nothing.
  const characters = Array.from(breaks).filter((each) => !SPACE.test(each));
  const kept = Math.max(...characters.map((each) => typed.lastIndexOf(each) + 1), 0);
  return candidate.slice(kept).replace(SPECIAL, "\\$&");
}
