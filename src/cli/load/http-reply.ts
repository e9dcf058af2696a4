/**
 * Reads replies of HTTP/1.1, as far as a client needs that sends one request at a time.
 *
 *   reply := status-line header* CRLF body      (RFC 9112)
 *
 * The body is as long as Content-Length says, or comes in chunks.
 */
import type { ReplyReader } from "./request-socket.ts";

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  /** Whether the server closes the connection after it. */
  readonly isLast: boolean;
}

/** A reply that was found at the start of the bytes, and how many of them it is. */
interface Parsed {
  readonly reply: HttpReply;
  readonly bytes: number;
}

const HEAD_BYTES_MAX = 64 * 1024;
const HEAD_END = "\r\n\r\n";

const NOTHING = Buffer.alloc(0);

export class HttpReplyReader implements ReplyReader<HttpReply> {
  #bytes: Buffer = NOTHING;

  push(chunk: Buffer): HttpReply[] {
    let bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const replies: HttpReply[] = [];
    while (bytes.length > 0) {
      const parsed = parse(bytes);
      if (parsed === null) break;
      replies.push(parsed.reply);
      bytes = parsed.bytes === bytes.length ? NOTHING : bytes.subarray(parsed.bytes);
    }
    this.#bytes = bytes;
    return replies;
  }
}

function parse(bytes: Buffer): Parsed | null {
  const headBytes = bytes.indexOf(HEAD_END, 0, "latin1");
  if (headBytes === -1) {
    if (bytes.length > HEAD_BYTES_MAX) throw new Error("a head without an end");
    return null;
  }
  const head = bytes.toString("latin1", 0, headBytes);
  const [, statusText] = /^HTTP\/1\.[01] (\d{3})(?: |$|\r)/.exec(head) ?? [];
  if (statusText === undefined) throw new Error("not HTTP/1.1");
  const status = Number(statusText);
  const bodyAt = headBytes + HEAD_END.length;
  // 1xx is followed by the reply proper.
  if (status < 200) return afterInterim(bytes, bodyAt);
  const body = bodyOf(bytes, bodyAt, head, status);
  if (body === null) return null;
  const isLast = /^connection:.*\bclose\b/im.test(head);
  return { reply: { status, body: body.text, isLast }, bytes: body.end };
}

interface Body {
  readonly text: string;
  /** Where the reply ends. */
  readonly end: number;
}

function afterInterim(bytes: Buffer, at: number): Parsed | null {
  const parsed = parse(bytes.subarray(at));
  return parsed === null ? null : { ...parsed, bytes: parsed.bytes + at };
}

function bodyOf(bytes: Buffer, at: number, head: string, status: number): Body | null {
  if (status === 204 || status === 304) return { text: "", end: at };
  if (/^transfer-encoding:.*\bchunked\b/im.test(head)) return chunkedBody(bytes, at);
  const [, length] = /^content-length: *(\d+)/im.exec(head) ?? [];
  if (length === undefined) throw new Error("a body of unknown length");
  const end = at + Number(length);
  return bytes.length < end ? null : { text: bytes.toString("utf8", at, end), end };
}

function chunkedBody(bytes: Buffer, at: number): Body | null {
  const parts: Buffer[] = [];
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd === -1) return null;
    const [size] = /^[0-9a-f]{1,8}/i.exec(bytes.toString("latin1", at, lineEnd)) ?? [];
    if (size === undefined) throw new Error("a chunk without a size");
    const length = parseInt(size, 16);
    const from = lineEnd + 2;
    if (length === 0) return afterTrailer(bytes, from, Buffer.concat(parts).toString("utf8"));
    if (bytes.length < from + length + 2) return null;
    parts.push(bytes.subarray(from, from + length));
    at = from + length + 2;
  }
}

function afterTrailer(bytes: Buffer, at: number, text: string): Body | null {
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd === -1) return null;
    if (lineEnd === at) return { text, end: at + 2 };
    at = lineEnd + 2;
  }
}
