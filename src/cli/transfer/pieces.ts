/**
 * Cutting a stream of bytes into records, with memory for the longest record and no more.
 *
 * Both forms hand out pieces in runs, as they come out of one chunk of input: a promise for each of a
 * million lines would cost more than the lines. A piece knows its line, for messages, and where it
 * ends in the stream, which is where an import that was cut short goes on.
 *
 * Neither looks into a record. Cutting an array needs just the nesting of brackets and the ends of
 * strings; that works on bytes, since in UTF-8 no byte of a longer character looks like ASCII.
 */
import { MiB } from "../../base/units.ts";

/** The bytes of one record. */
export interface Piece {
  readonly bytes: Buffer;
  /** Of its first byte, from 1. */
  readonly line: number;
  /** Right behind it (and behind its line break). */
  readonly next: Place;
  /** Longer than PIECE_BYTES_MAX: `bytes` is then its beginning. */
  readonly isTooLong: boolean;
}

/** Where reading begins or goes on: the start, or behind a piece. */
export interface Place {
  /** In bytes from the start of the stream. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

export const START: Place = { offset: 0, line: 1 };
/** Text of this length is still a string of V8, and holds the largest value there is in base64. */
export const PIECE_BYTES_MAX = 400 * MiB;

export type Splitter = (
  chunks: AsyncIterable<Buffer>,
  from: Place,
  bytesMax?: number,
) => AsyncGenerator<Piece[]>;

/** The input is no sequence of records from here on; nothing behind this place can be read. */
export class BrokenInput extends Error {
  override readonly name = "BrokenInput";
}

const LF = 0x0a;
const TAB = 0x09;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Records are lines; empty ones are passed over. The last needs no line break. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  from: Place,
  bytesMax = PIECE_BYTES_MAX,
): AsyncGenerator<Piece[]> {
  const piece = new PieceBuilder(bytesMax);
  let { offset, line } = from;
  for await (const chunk of chunks) {
    const pieces: Piece[] = [];
    let start = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, start)) {
      piece.add(chunk, start, at);
      start = at + 1;
      const found = piece.take(line, { offset: offset + start, line: line + 1 });
      line++;
      if (!isBlank(found.bytes)) pieces.push(found);
    }
    piece.add(chunk, start, chunk.length);
    offset += chunk.length;
    if (pieces.length > 0) yield pieces;
  }
  const last = piece.take(line, { offset, line });
  if (!isBlank(last.bytes)) yield [last];
}

/** Records are the elements of one JSON array. Throws BrokenInput where it is none. */
export async function* splitArray(
  chunks: AsyncIterable<Buffer>,
  from: Place,
  bytesMax = PIECE_BYTES_MAX,
): AsyncGenerator<Piece[]> {
  const scanner = new ArrayScanner(from, bytesMax);
  for await (const chunk of chunks) {
    const pieces: Piece[] = [];
    try {
      scanner.scan(chunk, pieces);
    } catch (error) {
      // What was whole before the fault is handed out before it.
      if (pieces.length > 0) yield pieces;
      throw error;
    }
    if (pieces.length > 0) yield pieces;
  }
  scanner.end();
}

type State = "start" | "first" | "element" | "in element" | "after element" | "done";

const EXPECTED: Readonly<Record<Exclude<State, "in element">, string>> = {
  start: "an array: [",
  first: "a record or ]",
  element: "a record",
  "after element": ", or ]",
  done: "nothing more",
};

class ArrayScanner {
  readonly #piece: PieceBuilder;
  #state: State;
  #offset: number;
  #line: number;
  #pieceLine = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor({ offset, line }: Place, bytesMax: number) {
    this.#piece = new PieceBuilder(bytesMax);
    this.#state = offset === 0 ? "start" : "after element";
    this.#offset = offset;
    this.#line = line;
  }

  scan(chunk: Buffer, pieces: Piece[]): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#state !== "in element") {
        if (!this.#between(byte, at)) continue;
        start = at;
      }
      const isIn = this.#isIn(byte);
      if (isIn === "yes") continue;
      const end = isIn === "last" ? at + 1 : at;
      this.#piece.add(chunk, start, end);
      const next = { offset: this.#offset + end, line: this.#line };
      pieces.push(this.#piece.take(this.#pieceLine, next));
      this.#state = "after element";
      if (isIn === "no") this.#between(byte, at);
    }
    if (this.#state === "in element") this.#piece.add(chunk, start, chunk.length);
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#state === "done") return;
    const what = this.#state === "start" ? "empty" : "cut short: the array has no end";
    throw new BrokenInput(`the input is ${what}`);
  }

  /** Takes a byte that stands between records; true when it is the first of one. */
  #between(byte: number, at: number): boolean {
    if (isSpace(byte)) {
      if (byte === LF) this.#line++;
      return false;
    }
    const next = nextState(this.#state, byte);
    if (next === null) throw this.#unexpected(byte, at);
    this.#state = next;
    if (next !== "in element") return false;
    this.#pieceLine = this.#line;
    this.#depth = 0;
    return true;
  }

  /** Whether a byte belongs to the record that is open, and whether it ends it. */
  #isIn(byte: number): "yes" | "last" | "no" {
    if (byte === LF) this.#line++;
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return "yes";
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (this.#depth === 0) return "no";
      if (--this.#depth === 0) return "last";
    } else if (byte === COMMA && this.#depth === 0) return "no";
    return "yes";
  }

  #unexpected(byte: number, at: number): BrokenInput {
    const state = this.#state as Exclude<State, "in element">;
    const found = byte > SPACE && byte < 0x7f ? String.fromCharCode(byte) : `byte ${byte}`;
    return new BrokenInput(
      `line ${this.#line}, byte ${this.#offset + at}: expected ${EXPECTED[state]}; found ${found}`,
    );
  }
}

function nextState(state: State, byte: number): State | null {
  switch (state) {
    case "start":
      return byte === OPEN_BRACKET ? "first" : null;
    case "first":
      return byte === CLOSE_BRACKET ? "done" : byte === COMMA ? null : "in element";
    case "element":
      return byte === CLOSE_BRACKET || byte === COMMA ? null : "in element";
    case "after element":
      return byte === COMMA ? "element" : byte === CLOSE_BRACKET ? "done" : null;
    default:
      return null;
  }
}

/** Collects the bytes of a piece from one chunk or several. */
class PieceBuilder {
  readonly #bytesMax: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #isTooLong = false;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  add(chunk: Buffer, from: number, to: number): void {
    if (from === to) return;
    const room = this.#bytesMax - this.#bytes;
    if (to - from > room) this.#isTooLong = true;
    const part = chunk.subarray(from, Math.min(to, from + room));
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  take(line: number, next: Place): Piece {
    const parts = this.#parts;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const piece = { bytes, line, next, isTooLong: this.#isTooLong };
    this.#parts = [];
    this.#bytes = 0;
    this.#isTooLong = false;
    return piece;
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (!isSpace(byte)) return false;
  return true;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === TAB;
}
