/**
 * Reads replies of the Redis protocol, as far as GET, SET, DEL and the like need: RESP2, no arrays.
 *
 *   reply := "+" line CRLF | "-" line CRLF | ":" number CRLF | "$" length CRLF bytes CRLF | "$-1" CRLF
 */
import type { Parsed } from "./request-socket.ts";

/** An error reply: its first word is its prefix. */
export class RespError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export type RespReply = string | number | null | RespError;

const LINE_BYTES_MAX = 64 * 1024;
const CR = 13;

export function parseRespReply(bytes: Buffer): Parsed<RespReply> | null {
  const lineEnd = bytes.indexOf(CR);
  if (lineEnd === -1 || lineEnd + 1 === bytes.length) {
    if (bytes.length > LINE_BYTES_MAX) throw new Error("a line without an end");
    return null;
  }
  const line = bytes.toString("utf8", 1, lineEnd);
  const after = lineEnd + 2;
  switch (bytes.toString("latin1", 0, 1)) {
    case "+":
      return { reply: line, bytes: after };
    case "-":
      return { reply: new RespError(line), bytes: after };
    case ":":
      return { reply: Number(line), bytes: after };
    case "$":
      return bulk(bytes, after, line);
    default:
      throw new Error("not the Redis protocol");
  }
}

function bulk(bytes: Buffer, at: number, lengthText: string): Parsed<RespReply> | null {
  const length = Number(lengthText);
  if (!Number.isInteger(length) || length < -1) throw new Error("a length that is none");
  if (length === -1) return { reply: null, bytes: at };
  const end = at + length;
  if (bytes.length < end + 2) return null;
  return { reply: bytes.toString("utf8", at, end), bytes: end + 2 };
}
