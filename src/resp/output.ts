/**
 * Replies into bytes, in RESP2 or RESP3.
 *
 * All connections share one of these: a command writes its reply to the end of the buffer, and what a
 * chunk of input has caused goes to the socket in one piece. The buffer is used again as soon as the
 * socket has taken it, so a reply costs no allocation.
 *
 * Types that only RESP3 has come out as RESP2 clients expect them: a map as a flat array, a set as an
 * array, a double as a bulk string, a boolean as 1 or 0.
 */
import { latin1Slice } from "../base/bytes.ts";
import { PyKVError } from "../base/errors.ts";

const START_BYTES = 128 * 1024;
const KEPT_BYTES_MAX = 4 * 1024 * 1024;
/** A native copy of a part needs a view made for it; up to here a loop is faster. */
const LOOP_BYTES_MAX = 96;
/** "$" digits CRLF and a CRLF behind: no header is longer. */
const HEADER_BYTES_MAX = 32;

const CR = 0x0d;
const LF = 0x0a;
const ZERO = 0x30;
const TYPE = {
  simple: 0x2b,
  error: 0x2d,
  integer: 0x3a,
  bulk: 0x24,
  array: 0x2a,
  map: 0x25,
  set: 0x7e,
  push: 0x3e,
  double: 0x2c,
  bigNumber: 0x28,
} as const;

/** The reply to a command would be longer than replies may be. */
export class ReplyTooLong extends PyKVError {
  readonly bytesMax: number;

  constructor(bytesMax: number) {
    super("VALUE_TOO_LARGE", `the replies would have more than ${bytesMax} bytes`);
    this.bytesMax = bytesMax;
  }
}

export class Output {
  buffer: Buffer = Buffer.allocUnsafeSlow(START_BYTES);
  length = 0;
  /** 2 or 3: of the client that is being served. */
  resp = 2;
  /** Whether an error has been written since somebody cleared this. */
  hasError = false;
  /** Told of every error, if anybody counts them. */
  onError: ((text: string) => void) | null = null;
  /**
   * How long it may get, if anything limits it. Beyond that ReplyTooLong is thrown, but not for an
   * error, or by `encoded`.
   */
  bytesMax: (() => number) | null = null;

  /** Forgets what was written; a buffer that a huge reply has blown up is given back. */
  reset(): void {
    this.length = 0;
    if (this.buffer.length > KEPT_BYTES_MAX) this.buffer = Buffer.allocUnsafeSlow(START_BYTES);
  }

  /** Leaves the buffer to whoever still needs it, and takes another. */
  replace(): void {
    this.buffer = Buffer.allocUnsafeSlow(START_BYTES);
    this.length = 0;
  }

  ok(): void {
    this.#ensure(5);
    const { buffer } = this;
    const at = this.length;
    buffer[at] = 0x2b;
    buffer[at + 1] = 0x4f;
    buffer[at + 2] = 0x4b;
    buffer[at + 3] = CR;
    buffer[at + 4] = LF;
    this.length = at + 5;
  }

  /** A status such as `QUEUED`: ASCII without line ends. */
  simple(text: string): void {
    this.#line(TYPE.simple, text);
  }

  /** An error, prefix and all, such as `ERR syntax error`; line ends become spaces. */
  error(text: string): void {
    this.hasError = true;
    this.onError?.(text);
    this.#reserve(text.length * 3 + 3);
    this.#line(TYPE.error, text.replace(/[\r\n]/g, " "));
  }

  /** The value that is not there. */
  nil(): void {
    this.#raw(this.resp === 3 ? "_\r\n" : "$-1\r\n");
  }

  /** The array that is not there, as EXEC answers when it was aborted. */
  nilArray(): void {
    this.#raw(this.resp === 3 ? "_\r\n" : "*-1\r\n");
  }

  integer(value: number | bigint): void {
    if (typeof value === "bigint" || value < 0 || value > 0x7fffffff) {
      this.#line(TYPE.integer, value.toString());
      return;
    }
    this.#header(TYPE.integer, value);
  }

  /** 1 or 0, in RESP3 as in RESP2: what most commands answer yes and no with. */
  flag(value: boolean): void {
    this.integer(value ? 1 : 0);
  }

  boolean(value: boolean): void {
    if (this.resp === 3) this.#raw(value ? "#t\r\n" : "#f\r\n");
    else this.integer(value ? 1 : 0);
  }

  /** A bulk string of bytes that are copied. */
  bulk(bytes: Uint8Array, at = 0, length = bytes.length): void {
    this.#header(TYPE.bulk, length);
    this.#ensure(length + 2);
    const { buffer } = this;
    const to = this.length;
    if (length <= LOOP_BYTES_MAX) {
      for (let i = 0; i < length; i++) buffer[to + i] = bytes[at + i]!;
    } else buffer.set(bytes.subarray(at, at + length), to);
    buffer[to + length] = CR;
    buffer[to + length + 1] = LF;
    this.length = to + length + 2;
  }

  /** A bulk string: the text's UTF-8 bytes. */
  bulkText(text: string): void {
    const length = Buffer.byteLength(text);
    this.#header(TYPE.bulk, length);
    this.#ensure(length + 2);
    this.buffer.write(text, this.length, length, "utf8");
    this.length += length;
    this.#end();
  }

  /** A bulk string of a string that has one character for each byte. */
  bulkLatin1(text: string): void {
    this.#header(TYPE.bulk, text.length);
    this.#ensure(text.length + 2);
    this.buffer.write(text, this.length, text.length, "latin1");
    this.length += text.length;
    this.#end();
  }

  /** Text for people; in RESP3 it carries its format, `txt` or `mkd`. */
  verbatim(text: string, format = "txt"): void {
    if (this.resp === 3) {
      const length = Buffer.byteLength(text) + 4;
      this.#raw(`=${length}\r\n${format}:`);
      this.#ensure(length + 2);
      this.length += this.buffer.write(text, this.length, "utf8");
      this.#end();
    } else this.bulkText(text);
  }

  /** A floating-point number, as short as it can be and exact. */
  double(value: number): void {
    const text = formatDouble(value);
    if (this.resp === 3) this.#line(TYPE.double, text);
    else this.bulkLatin1(text);
  }

  array(count: number): void {
    this.#header(TYPE.array, count);
  }

  /** @param count pairs; each is to be followed by a key and a value */
  map(count: number): void {
    if (this.resp === 3) this.#header(TYPE.map, count);
    else this.#header(TYPE.array, count * 2);
  }

  set(count: number): void {
    this.#header(this.resp === 3 ? TYPE.set : TYPE.array, count);
  }

  /** Something that the client has not asked for; an array in RESP2. */
  push(count: number): void {
    this.#header(this.resp === 3 ? TYPE.push : TYPE.array, count);
  }

  bulks(texts: readonly string[]): void {
    this.array(texts.length);
    for (const text of texts) this.bulkText(text);
  }

  /** Bytes that are a reply already. */
  encoded(bytes: Uint8Array, at = 0, length = bytes.length): void {
    this.#reserve(length);
    this.buffer.set(
      at === 0 && length === bytes.length ? bytes : bytes.subarray(at, at + length),
      this.length,
    );
    this.length += length;
  }

  /** What was written from `from` on, as a string of a character a byte. */
  text(from = 0): string {
    return latin1Slice(this.buffer, from, this.length);
  }

  #header(type: number, count: number): void {
    this.#ensure(HEADER_BYTES_MAX);
    const { buffer } = this;
    let at = this.length;
    buffer[at++] = type;
    if (count < 10) buffer[at++] = ZERO + count;
    else {
      let digits = 2;
      for (let limit = 100; count >= limit; limit *= 10) digits++;
      let rest = count;
      for (let i = at + digits - 1; i >= at; i--) {
        const next = Math.floor(rest / 10);
        buffer[i] = ZERO + rest - next * 10;
        rest = next;
      }
      at += digits;
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.length = at + 2;
  }

  #line(type: number, text: string): void {
    const bytesMax = text.length * 3;
    this.#ensure(bytesMax + 3);
    this.buffer[this.length] = type;
    this.length += 1 + this.buffer.write(text, this.length + 1, bytesMax, "utf8");
    this.#end();
  }

  #raw(text: string): void {
    const { length } = text;
    this.#ensure(length);
    const { buffer } = this;
    for (let i = 0; i < length; i++) buffer[this.length + i] = text.charCodeAt(i);
    this.length += length;
  }

  #end(): void {
    this.#ensure(2);
    this.buffer[this.length] = CR;
    this.buffer[this.length + 1] = LF;
    this.length += 2;
  }

  #ensure(bytes: number): void {
    if (this.length + bytes > this.buffer.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const bytesMax = this.bytesMax?.() ?? Infinity;
    if (this.length + bytes > bytesMax) throw new ReplyTooLong(bytesMax);
    this.#reserve(bytes);
  }

  /** Makes room for so many more, whatever the limit. */
  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const doubled = Math.min(this.buffer.length * 2, this.bytesMax?.() ?? Infinity);
    const grown = Buffer.allocUnsafeSlow(Math.max(doubled, needed));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

/** As Redis writes doubles: `inf`, `-inf`, `nan`, else the shortest decimal that reads back the same. */
export function formatDouble(value: number): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Number.isNaN(value)) return "nan";
  return Object.is(value, -0) ? "-0" : String(value);
}
