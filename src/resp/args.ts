/**
 * A request: slices of the input, and what commands ask of them.
 *
 * The arguments of a request lie where the socket put them; here are only their places. They are good
 * until the command returns: whoever keeps one takes a copy (`copy`). Argument 0 is the command's name.
 * Numbers are parsed as strictly as Redis does: no spaces, no plus sign, no leading zeros.
 */
import { latin1Slice, utf8Slice } from "../base/bytes.ts";
import { parseInteger, parseSafeInteger } from "./numbers.ts";

const START_ARGS = 8;
/** Arrays that a request with many arguments has blown up are given back after it. */
const KEPT_ARGS_MAX = 1024;
/** 128 characters of UTF-8. */
const START_BYTES_MAX = 512;

export class Args {
  buffer: Buffer = Buffer.alloc(0);
  /** Arguments, the name among them. */
  count = 0;
  /** First byte and length of each, by number. */
  at: Int32Array = new Int32Array(START_ARGS);
  length: Int32Array = new Int32Array(START_ARGS);

  /** Forgets the arguments. */
  clear(): void {
    this.count = 0;
    if (this.at.length > KEPT_ARGS_MAX) {
      this.at = new Int32Array(START_ARGS);
      this.length = new Int32Array(START_ARGS);
    }
  }

  add(at: number, length: number): void {
    const { count } = this;
    if (count === this.at.length) this.#grow();
    this.at[count] = at;
    this.length[count] = length;
    this.count = count + 1;
  }

  /** As a string, by UTF-8; bytes that are not become U+FFFD. */
  text(i: number): string {
    const at = this.at[i]!;
    return utf8Slice(this.buffer, at, at + this.length[i]!);
  }

  /** As a string with a character for each byte: no two arguments give the same one. */
  latin1(i: number): string {
    const at = this.at[i]!;
    return latin1Slice(this.buffer, at, at + this.length[i]!);
  }

  /** The same of its first bytes, as many as a name or an error that shows it may need. */
  start(i: number): string {
    const at = this.at[i]!;
    return utf8Slice(this.buffer, at, at + Math.min(this.length[i]!, START_BYTES_MAX));
  }

  /** The name of an option or a subcommand, in capitals. */
  word(i: number): string {
    return this.latin1(i).toUpperCase();
  }

  /** Whether the argument is `word` (in capitals), case aside. */
  is(i: number, word: string): boolean {
    if (this.length[i] !== word.length) return false;
    const at = this.at[i]!;
    for (let j = 0; j < word.length; j++) {
      let byte = this.buffer[at + j]!;
      if (byte >= 0x61 && byte <= 0x7a) byte -= 0x20;
      if (byte !== word.charCodeAt(j)) return false;
    }
    return true;
  }

  /** A copy that the caller owns. */
  copy(i: number): Buffer {
    return Buffer.from(this.view(i));
  }

  /** A view of the bytes, good until the command returns. */
  view(i: number): Buffer {
    const at = this.at[i]!;
    return this.buffer.subarray(at, at + this.length[i]!);
  }

  /** A signed 64-bit integer; null when it is none. */
  integer(i: number): bigint | null {
    return parseInteger(this.buffer, this.at[i]!, this.length[i]!);
  }

  /** An integer of at most 2^53 - 1 in magnitude; NaN for all else, wider integers among it. */
  safeInteger(i: number): number {
    return parseSafeInteger(this.buffer, this.at[i]!, this.length[i]!);
  }

  /** Whether two arguments have the same bytes. */
  same(i: number, j: number): boolean {
    return this.length[i] === this.length[j] && this.view(i).equals(this.view(j));
  }

  #grow(): void {
    const at = new Int32Array(this.at.length * 2);
    const length = new Int32Array(this.at.length * 2);
    at.set(this.at);
    length.set(this.length);
    this.at = at;
    this.length = length;
  }
}

/** A request made of strings or buffers, with bytes of its own: for queues and tests. */
export function argsOf(parts: readonly (string | Uint8Array)[]): Args {
  const bytes = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  const args = new Args();
  args.buffer = Buffer.concat(bytes);
  let at = 0;
  for (const { length } of bytes) {
    args.add(at, length);
    at += length;
  }
  return args;
}
