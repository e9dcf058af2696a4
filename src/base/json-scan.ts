/**
 * Finds where members lie in JSON text, so that a value can be kept exactly as it was sent.
 *
 * Parsing and printing JSON changes it: 2^63 loses digits, 1.0 becomes 1, 1e400 becomes null, the
 * first of two equal names vanishes, and "__proto__" needs care. A store owes its user the same
 * JSON back, so the body is parsed once to judge it, and what gets stored is cut out of the text.
 *
 * Everything here runs over text that JSON.parse has accepted already. That makes the scanner small:
 * strings end at a quote that no odd run of backslashes precedes, brackets balance, and a number or
 * literal ends where a delimiter starts. It keeps no stack but a depth, so nesting cannot exhaust
 * anything, and looks at each character a constant number of times.
 */

/** Half-open range of UTF-16 positions in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The members of the object that starts at or after `at`, by name. Of equal names the last one
 * counts, as in JSON.parse.
 */
export function memberSpans(text: string, at = 0): Map<string, Span> {
  const members = new Map<string, Span>();
  let position = skipSpace(text, skipSpace(text, at) + 1);
  while (text.charCodeAt(position) !== CLOSE_BRACE) {
    const nameEnd = skipString(text, position);
    const name = unquote(text.slice(position, nameEnd));
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = skipValue(text, start);
    members.set(name, { start, end });
    position = skipComma(text, end);
  }
  return members;
}

/** The elements of the array that starts at or after `at`, in order. */
export function elementSpans(text: string, at = 0): Span[] {
  const elements: Span[] = [];
  let position = skipSpace(text, skipSpace(text, at) + 1);
  while (text.charCodeAt(position) !== CLOSE_BRACKET) {
    const end = skipValue(text, position);
    elements.push({ start: position, end });
    position = skipComma(text, end);
  }
  return elements;
}

function unquote(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  return JSON.parse(literal) as string;
}

function skipComma(text: string, at: number): number {
  const position = skipSpace(text, at);
  return text.charCodeAt(position) === COMMA ? skipSpace(text, position + 1) : position;
}

function skipSpace(text: string, at: number): number {
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Past the string whose opening quote is at `at`. */
function skipString(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function skipValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return skipString(text, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(text, at);
  return skipScalar(text, at);
}

function skipNested(text: string, at: number): number {
  let depth = 0;
  let position = at;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = skipString(text, position);
      continue;
    }
    position++;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return position;
  }
}

/** Past a number, true, false or null. */
function skipScalar(text: string, at: number): number {
  let position = at;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code)) break;
    position++;
  }
  return position;
}
