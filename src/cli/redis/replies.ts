/**
 * Reading replies of the Redis protocol (RESP2) as they come off a socket.
 *
 * A reply that is not whole yet is tried again when more has come; bulk strings, which is where length
 * is, are not searched for their end but counted, so a long value costs no more for coming in pieces.
 */

/** An error reply: a value like any other, since in a pipeline each command has its own. */
export class ErrorReply {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export type Reply = Buffer | string | number | null | ErrorReply | readonly Reply[];

/** The other side does not speak the Redis protocol. */
export class BadReply extends Error {
  override readonly name = "BadReply";
}

const CRLF = "\r\n";
const LINE_BYTES_MAX = 64 * 1024;
const NESTING_MAX = 8;

/** Not whole yet: thrown inside, never seen outside. */
const INCOMPLETE = new Error("incomplete");

export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Nothing can be whole before this many bytes are there. */
  #neededBytes = 1;
  #at = 0;

  /** Takes bytes and returns the replies that are whole now, in order. Throws BadReply. */
  push(chunk: Buffer): Reply[] {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < this.#neededBytes) return [];
    this.#bytes = Buffer.concat(this.#waiting);
    const replies: Reply[] = [];
    let start = 0;
    this.#neededBytes = 1;
    while (start < this.#bytes.length) {
      this.#at = start;
      const reply = this.#tryRead();
      if (reply === undefined) break;
      replies.push(reply);
      start = this.#at;
    }
    const rest = this.#bytes.subarray(start);
    this.#waiting = rest.length === 0 ? [] : [Buffer.from(rest)];
    this.#waitingBytes = rest.length;
    this.#neededBytes = Math.max(this.#neededBytes - start, rest.length + 1);
    return replies;
  }

  #tryRead(): Reply | undefined {
    try {
      return this.#read(0);
    } catch (thrown) {
      if (thrown === INCOMPLETE) return undefined;
      throw thrown;
    }
  }

  #read(depth: number): Reply {
    if (depth > NESTING_MAX) throw new BadReply("the reply is nested too deeply");
    const line = this.#line();
    const rest = line.slice(1);
    switch (line[0]) {
      case "+":
        return rest;
      case "-":
        return new ErrorReply(rest);
      case ":":
        return numberOf(rest);
      case "$":
        return this.#bulk(numberOf(rest));
      case "*":
        return this.#array(numberOf(rest), depth);
      default:
        throw new BadReply(`no reply of the Redis protocol: ${JSON.stringify(line.slice(0, 60))}`);
    }
  }

  #line(): string {
    const end = this.#bytes.indexOf(CRLF, this.#at, "latin1");
    if (end < 0 || end - this.#at > LINE_BYTES_MAX) {
      if (this.#bytes.length - this.#at > LINE_BYTES_MAX) throw new BadReply("a line has no end");
      throw INCOMPLETE;
    }
    const line = this.#bytes.toString("latin1", this.#at, end);
    this.#at = end + CRLF.length;
    return line;
  }

  #bulk(length: number): Buffer | null {
    if (length < 0) return null;
    const end = this.#at + length;
    if (end + CRLF.length > this.#bytes.length) {
      this.#neededBytes = end + CRLF.length;
      throw INCOMPLETE;
    }
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end + CRLF.length;
    return bytes;
  }

  #array(length: number, depth: number): Reply[] | null {
    if (length < 0) return null;
    const items: Reply[] = [];
    for (let i = 0; i < length; i++) items.push(this.#read(depth + 1));
    return items;
  }
}

function numberOf(text: string): number {
  if (/^-?\d{1,18}$/.test(text)) return Number(text);
  throw new BadReply(`no number: ${JSON.stringify(text.slice(0, 60))}`);
}
