/**
 * Splits a line of the shell into words.
 *
 *   plain      up to the next space, taken as it is: user:1, 3.5, a"b
 *   "double"   with \n \r \t \0 \\ \" \xHH (a byte) and \uHHHH
 *   'single'   as it is, to the next '
 *   JSON       a word that starts with { or [ goes on to the bracket that closes it
 *
 * What is still open at the end of the text (a quote, a bracket) is no mistake: the line goes on.
 */
import { isUtf8 } from "node:buffer";
import { UsageError } from "../exit.ts";

export type WordKind = "plain" | "double" | "single" | "json";

export interface Word {
  readonly kind: WordKind;
  /** What it stands for, quotes and escapes undone. */
  readonly bytes: Buffer;
  /** Where it starts in the text, with its quote. */
  readonly start: number;
  readonly end: number;
}

export interface Line {
  readonly words: readonly Word[];
  /** Whether the last word is not closed yet. */
  readonly isOpen: boolean;
}

const SPACE = /\s/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
  ["\\", "\\"],
  ['"', '"'],
]);

/** Throws UsageError for an escape that is none, and for what sticks to a closing quote. */
export function parseLine(text: string): Line {
  const words: Word[] = [];
  for (let at = skipSpaces(text, 0); at < text.length; at = skipSpaces(text, at)) {
    const { word, isOpen } = readWord(text, at);
    words.push(word);
    if (isOpen) return { words, isOpen };
    at = word.end;
    const next = text[at];
    if (next !== undefined && !SPACE.test(next)) {
      const shown = text.slice(word.start, at + 1);
      throw new UsageError(`a space is missing behind ${shown.slice(-20, -1)}`);
    }
  }
  return { words, isOpen: false };
}

/** A word's text. Throws UsageError for bytes that are not UTF-8: keys and numbers are text. */
export function textOf(word: Word): string {
  if (isUtf8(word.bytes)) return word.bytes.toString();
  throw new UsageError("only values may hold bytes that are not UTF-8");
}

/** Text as one word of a line, quoted where it has to be. */
export function quoted(text: string): string {
  // eslint keeps control characters out of patterns; whatever is not printable is quoted.
  if (/^[^\s"'{[\p{C}][^\s\p{C}]*$/u.test(text)) return text;
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, (at) => {
    const code = at.charCodeAt(0);
    const named = [...ESCAPES].find(([, character]) => character === at)?.[0];
    return named === undefined ? `\\u${code.toString(16).padStart(4, "0")}` : `\\${named}`;
  });
  return `"${escaped}"`;
}

/**
 * A line of several lines as one, for the history; null when it can't be, because a newline stands
 * between single quotes.
 */
export function onOneLine(text: string): string | null {
  let out = text;
  for (const { kind, start, end } of [...parseLine(text).words].reverse()) {
    const word = text.slice(start, end);
    if (!word.includes("\n")) continue;
    if (kind === "single") return null;
    const flat = kind === "double" ? word.replaceAll("\n", "\\n") : word.replace(/\s*\n\s*/g, " ");
    out = out.slice(0, start) + flat + out.slice(end);
  }
  return out.replace(/\s*\n\s*/g, " ");
}

function readWord(text: string, start: number): { readonly word: Word; readonly isOpen: boolean } {
  const first = text[start];
  if (first === '"') return readDouble(text, start);
  if (first === "'") {
    const close = text.indexOf("'", start + 1);
    const end = close === -1 ? text.length : close + 1;
    const inside = text.slice(start + 1, close === -1 ? undefined : close);
    return { word: wordOf("single", inside, start, end), isOpen: close === -1 };
  }
  if (first === "{" || first === "[") {
    const close = bracketEnd(text, start);
    const end = close ?? text.length;
    return { word: wordOf("json", text.slice(start, end), start, end), isOpen: close === null };
  }
  let end = start;
  while (end < text.length && !SPACE.test(text[end] ?? "")) end++;
  return { word: wordOf("plain", text.slice(start, end), start, end), isOpen: false };
}

function readDouble(
  text: string,
  start: number,
): { readonly word: Word; readonly isOpen: boolean } {
  const parts: Buffer[] = [];
  let at = start + 1;
  for (;;) {
    const from = at;
    while (at < text.length && text[at] !== '"' && text[at] !== "\\") at++;
    parts.push(Buffer.from(text.slice(from, at)));
    // A backslash that ends the text may become anything on the next line.
    const isOpen = at >= text.length || (text[at] === "\\" && at + 1 === text.length);
    if (isOpen || text[at] === '"') {
      const end = isOpen ? text.length : at + 1;
      return { word: { kind: "double", bytes: Buffer.concat(parts), start, end }, isOpen };
    }
    const { bytes, length } = readEscape(text, at);
    parts.push(bytes);
    at += length;
  }
}

function readEscape(text: string, at: number): { readonly bytes: Buffer; readonly length: number } {
  const letter = text[at + 1] ?? "";
  const known = ESCAPES.get(letter);
  if (known !== undefined) return { bytes: Buffer.from(known), length: 2 };
  const digits = letter === "x" ? 2 : letter === "u" ? 4 : 0;
  const hex = text.slice(at + 2, at + 2 + digits);
  if (digits === 0 || hex.length < digits || !/^[\da-f]+$/i.test(hex)) {
    throw new UsageError(`unknown escape ${text.slice(at, at + 2)}; a backslash itself is \\\\`);
  }
  const code = Number.parseInt(hex, 16);
  const bytes = letter === "x" ? Buffer.of(code) : Buffer.from(String.fromCharCode(code));
  return { bytes, length: 2 + digits };
}

/** Past the bracket that closes the one at `start`; null when none does. */
function bracketEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    } else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return null;
}

function wordOf(kind: WordKind, text: string, start: number, end: number): Word {
  return { kind, bytes: Buffer.from(text), start, end };
}

function skipSpaces(text: string, at: number): number {
  while (at < text.length && SPACE.test(text[at] ?? "")) at++;
  return at;
}
