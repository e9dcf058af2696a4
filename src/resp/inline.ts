/**
 * Inline requests: a line of words, as a person types it. Words stand between white space; one in
 * double quotes may hold `\n \r \t \b \a \xHH` and any character behind a backslash, one in single
 * quotes everything but a quote, which is `\'`.
 */
const SPACE = 0x20;
const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;
const X = 0x78;
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x61, 0x07],
]);

/** The words of a line, copied; null when a quote is not closed or not followed by white space. */
export function splitInline(line: Uint8Array): Buffer[] | null {
  const words: Buffer[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line[at]!)) at++;
    if (at === line.length) return words;
    const word = readWord(line, at);
    if (word === null) return null;
    words.push(Buffer.from(word.bytes));
    at = word.end;
  }
}

interface Word {
  readonly bytes: number[];
  readonly end: number;
}

function readWord(line: Uint8Array, from: number): Word | null {
  const bytes: number[] = [];
  let at = from;
  while (at < line.length && !isSpace(line[at]!)) {
    const byte = line[at]!;
    if (byte !== DOUBLE && byte !== SINGLE) {
      bytes.push(byte);
      at++;
      continue;
    }
    const end = byte === DOUBLE ? readDouble(line, at + 1, bytes) : readSingle(line, at + 1, bytes);
    if (end < 0 || (end < line.length && !isSpace(line[end]!))) return null;
    at = end;
  }
  return { bytes, end: at };
}

/** Where the quoted part ends, behind its quote; -1 when it does not. */
function readDouble(line: Uint8Array, from: number, bytes: number[]): number {
  for (let at = from; at < line.length; at++) {
    const byte = line[at]!;
    if (byte === DOUBLE) return at + 1;
    if (byte !== BACKSLASH || at + 1 >= line.length) {
      bytes.push(byte);
      continue;
    }
    const hex = line[at + 1] === X ? parseHex(line, at + 2) : -1;
    if (hex >= 0) {
      bytes.push(hex);
      at += 3;
    } else {
      at++;
      bytes.push(ESCAPES.get(line[at]!) ?? line[at]!);
    }
  }
  return -1;
}

function readSingle(line: Uint8Array, from: number, bytes: number[]): number {
  for (let at = from; at < line.length; at++) {
    const byte = line[at]!;
    if (byte === SINGLE) return at + 1;
    if (byte === BACKSLASH && line[at + 1] === SINGLE) at++;
    bytes.push(line[at]!);
  }
  return -1;
}

/** Two hexadecimal digits; -1 when they are not. */
function parseHex(line: Uint8Array, at: number): number {
  if (at + 1 >= line.length) return -1;
  const text = String.fromCharCode(line[at]!, line[at + 1]!);
  return /^[0-9a-fA-F]{2}$/.test(text) ? Number.parseInt(text, 16) : -1;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d) || byte === 0;
}
