/**
 * Requests out of bytes.
 *
 *   Request := "*" count CRLF Bulk[count]        Bulk := "$" length CRLF byte[length] CRLF
 *            | word (space word)* LF             an inline request, as typed into telnet
 *
 * The bytes of a socket's read are parsed where they lie, and a request is handed out as places in
 * them: no copy, no string. Only what is left of the last, unfinished request is copied to a buffer of
 * the connection's own. Parsing goes on there where it stopped, so a request that comes in a thousand
 * pieces costs no more than one that comes whole: the buffer doubles, never beyond what the
 * request is known to need and never before bytes have come to fill it, so a client that only
 * announces much makes us allocate nothing.
 *
 * Every limit is checked when the length is read, before there is anything to hold. An error of the
 * protocol can't be got over, since nobody knows where the next request begins: the connection ends.
 */
import { Args } from "./args.ts";
import { splitInline } from "./inline.ts";

export const DECODED = {
  /** `args` holds a request. */
  request: 0,
  /** The rest has not come yet. */
  more: 1,
  /** `problem` says what is wrong; nothing can be decoded any more. */
  error: 2,
} as const;

export interface DecoderLimits {
  /** Bytes of one argument. */
  readonly bulkBytesMax: number;
  /** Arguments of one request. */
  readonly argsMax: number;
  /** Bytes of an unfinished request, and of what waits behind it; CONFIG SET may change it. */
  queryBytesMax: number;
}

/** What a client may send before it has said who it is. */
export const STRANGER_LIMITS: DecoderLimits = {
  bulkBytesMax: 16_384,
  argsMax: 10,
  queryBytesMax: 1024 * 1024,
};

/** A line: an inline request, or a length with its sign. */
const LINE_BYTES_MAX = 64 * 1024;
const START_BYTES = 1024;
const NO_BYTES: Buffer = Buffer.alloc(0);
/** Lengths have at most ten digits, so that no sum of them loses a bit. */
const DIGITS_MAX = 10;

const CR = 0x0d;
const LF = 0x0a;
const STAR = 0x2a;
const DOLLAR = 0x24;
const MINUS = 0x2d;
const ZERO = 0x30;

/** What `#length` says instead of a length. */
const NOT_YET = -2;
const BAD = -3;

export class Decoder {
  /** The request last handed out. */
  readonly args = new Args();
  problem = "";
  limits: DecoderLimits;

  #input: Buffer = NO_BYTES;
  #at = 0;
  #end = 0;
  /** First byte of the request being parsed. */
  #from = 0;
  /** Arguments still to come; 0 between requests. */
  #missing = 0;
  /** Length of the argument that is being read; -1 when its header is still to come. */
  #bulk = -1;
  /** The connection's own buffer, while it holds a part of a request. */
  #own: Buffer = NO_BYTES;
  #hasFailed = false;

  constructor(limits: DecoderLimits) {
    this.limits = limits;
  }

  /** Bytes held here that belong to no request handed out. */
  get heldBytes(): number {
    return this.#end - this.#from;
  }

  /** Memory that the decoder keeps for itself. */
  get ownBytes(): number {
    return this.#own.length;
  }

  /**
   * Hands in bytes, which must stay as they are until `keep` is called.
   * Returns false, and `problem`, when more would be held than may be.
   */
  feed(bytes: Buffer, length: number): boolean {
    const held = this.#end - this.#from;
    if (held === 0) {
      this.#input = bytes;
      this.#from = 0;
      this.#at = 0;
      this.#end = length;
      return true;
    }
    if (held + length > this.limits.queryBytesMax) {
      this.#fail("Protocol error: the request is longer than the query buffer may be");
      return false;
    }
    this.keep(length);
    bytes.copy(this.#own, this.#end, 0, length);
    this.#end += length;
    return true;
  }

  /** The next request, as one of DECODED. */
  next(): number {
    if (this.#hasFailed) return DECODED.error;
    const { args } = this;
    if (this.#missing === 0) {
      for (;;) {
        this.#from = this.#at;
        args.clear();
        if (this.#at === this.#end) return this.#more();
        const state = this.#input[this.#at] === STAR ? this.#header() : this.#inline();
        if (state !== SKIP) {
          if (state !== BULKS) return state;
          break;
        }
      }
    }
    return this.#bulks();
  }

  /** Takes the last request back: `next` will hand it out again. */
  unread(): void {
    this.#at = this.#from;
    this.#missing = 0;
    this.#bulk = -1;
  }

  /**
   * Copies what is held out of the bytes that were handed in, which may be used again then; leaves
   * room for so many bytes more behind it.
   */
  keep(room = 0): void {
    const held = this.#end - this.#from;
    const wanted = held + room;
    if (wanted === 0) {
      this.#forget();
      return;
    }
    const own = this.#own;
    const isOwn = this.#input === own;
    const isTooBig = own.length > LINE_BYTES_MAX && wanted * 8 < own.length;
    if (isOwn && this.#from + wanted <= own.length && !isTooBig) return;
    // Where at least half lies in front and is free, what is held moves down instead. A buffer that a
    // long request has blown up is given back when little is held: filling one never gets there.
    const target =
      wanted <= own.length && held * 2 <= own.length && !isTooBig
        ? own
        : Buffer.allocUnsafeSlow(Math.max(wanted, Math.min(wanted * 2, this.#ask()), START_BYTES));
    this.#input.copy(target, 0, this.#from, this.#end);
    this.#rebase(target);
  }

  /** Bytes that the unfinished request needs in all, where that is known: in its last argument. */
  #ask(): number {
    if (this.#missing !== 1 || this.#bulk < 0) return Infinity;
    return this.#at - this.#from + this.#bulk + 2;
  }

  #rebase(target: Buffer): void {
    const shift = this.#from;
    const { args } = this;
    for (let i = 0; i < args.count; i++) args.at[i]! -= shift;
    this.#at -= shift;
    this.#end -= shift;
    this.#from = 0;
    this.#own = target;
    this.#input = target;
    args.buffer = target;
  }

  #more(): number {
    if (this.#end === this.#from) this.#forget();
    return DECODED.more;
  }

  /** All has been handed out: the connection holds no bytes of its own. */
  #forget(): void {
    this.#input = NO_BYTES;
    this.#own = NO_BYTES;
    // The last request lies in these bytes too, perhaps many.
    this.args.buffer = NO_BYTES;
    this.#from = 0;
    this.#at = 0;
    this.#end = 0;
  }

  #header(): number {
    const count = this.#length(this.#at + 1, "multibulk length");
    if (count === NOT_YET) return DECODED.more;
    if (count === BAD) return DECODED.error;
    if (count > this.limits.argsMax) {
      const isStranger = this.limits === STRANGER_LIMITS;
      return this.#fail(
        `Protocol error: ${isStranger ? "unauthenticated" : "invalid"} multibulk length`,
      );
    }
    if (count <= 0) return SKIP;
    this.#missing = count;
    this.#bulk = -1;
    return BULKS;
  }

  #bulks(): number {
    const { args } = this;
    const end = this.#end;
    while (this.#missing > 0) {
      if (this.#bulk < 0) {
        if (this.#at === end) return DECODED.more;
        const state = this.#bulkHeader();
        if (state !== BULKS) return state;
      }
      const at = this.#at;
      const next = at + this.#bulk + 2;
      if (next > end) return DECODED.more;
      args.add(at, this.#bulk);
      this.#at = next;
      this.#bulk = -1;
      this.#missing--;
    }
    args.buffer = this.#input;
    return DECODED.request;
  }

  #bulkHeader(): number {
    const first = this.#input[this.#at]!;
    if (first !== DOLLAR) {
      const shown = first >= 0x20 && first < 0x7f ? String.fromCharCode(first) : " ";
      return this.#fail(`Protocol error: expected '$', got '${shown}'`);
    }
    const length = this.#length(this.#at + 1, "bulk length");
    if (length === NOT_YET) return DECODED.more;
    if (length === BAD) return DECODED.error;
    const { limits } = this;
    if (length < 0) return this.#fail("Protocol error: invalid bulk length");
    if (length > limits.bulkBytesMax) {
      const isStranger = limits === STRANGER_LIMITS;
      return this.#fail(
        `Protocol error: ${isStranger ? "unauthenticated" : "invalid"} bulk length`,
      );
    }
    this.#bulk = length;
    return BULKS;
  }

  /** A length (-1 for any below 0) and its line's end, which `#at` moves behind; NOT_YET; or BAD. */
  #length(from: number, what: string): number {
    const input = this.#input;
    const end = this.#end;
    let at = from;
    let value = 0;
    const isNegative = at < end && input[at] === MINUS;
    if (isNegative) at++;
    const digitsAt = at;
    for (; at < end; at++) {
      const byte = input[at]!;
      if (byte === CR) break;
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9 || at - digitsAt >= DIGITS_MAX) {
        this.#fail(`Protocol error: invalid ${what}`);
        return BAD;
      }
      value = value * 10 + digit;
    }
    if (at + 1 >= end) return NOT_YET;
    const isPlain = at > digitsAt && (input[digitsAt] !== ZERO || at === digitsAt + 1);
    if (!isPlain || input[at + 1] !== LF || (isNegative && value === 0)) {
      this.#fail(`Protocol error: invalid ${what}`);
      return BAD;
    }
    this.#at = at + 2;
    return isNegative ? -1 : value;
  }

  #inline(): number {
    const lineEnd = this.#input.indexOf(LF, this.#at);
    const isWhole = lineEnd >= 0 && lineEnd < this.#end;
    const length = (isWhole ? lineEnd : this.#end) - this.#at;
    if (length > LINE_BYTES_MAX) return this.#fail("Protocol error: too big inline request");
    if (!isWhole) return DECODED.more;
    const lineAt = this.#at;
    const isCr = length > 0 && this.#input[lineEnd - 1] === CR;
    this.#at = lineEnd + 1;
    const words = splitInline(this.#input.subarray(lineAt, isCr ? lineEnd - 1 : lineEnd));
    if (words === null) return this.#fail("Protocol error: unbalanced quotes in request");
    if (words.length === 0) return SKIP;
    const { args } = this;
    args.buffer = Buffer.concat(words);
    let at = 0;
    for (const word of words) {
      args.add(at, word.length);
      at += word.length;
    }
    return DECODED.request;
  }

  #fail(problem: string): number {
    this.problem = problem;
    this.#hasFailed = true;
    return DECODED.error;
  }
}

/** Inner states: nothing to hand out; go on with the arguments. */
const SKIP = 3;
const BULKS = 4;
