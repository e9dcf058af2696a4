/**
 * Answers what never became a request: bytes that are not HTTP, headers without end, bodies that
 * stall. Node hands over the bare socket then, so the reply is written by hand, and the connection
 * closes, since nobody knows where the next request would begin.
 */
import type { Socket } from "node:net";
import { STATUS_CODES } from "node:http";
import { PyKVError } from "../base/errors.ts";
import { fieldError, PROBLEM_TYPE, problemOf } from "./problem.ts";

/** What node adds to the errors of its parser. */
export interface ParserError extends Error {
  readonly code?: string;
  /** The chunk that the parser stumbled over. */
  readonly rawPacket?: unknown;
}

/** For the server's `clientError` event. */
export function answerClientError(error: ParserError, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET" || hasReplyUnderWay(socket)) {
    socket.destroy();
    return;
  }
  socket.end(rawReply(errorOf(error)), () => socket.destroy());
}

/** A second head in the middle of a reply would be taken for its body. */
function hasReplyUnderWay(socket: Socket): boolean {
  const { _httpMessage: message } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return message?.headersSent === true;
}

function errorOf({ code, rawPacket }: ParserError): PyKVError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new PyKVError(
        "REQUEST_TIMEOUT",
        "Headers and body must arrive within the time limits",
      );
    case "HPE_HEADER_OVERFLOW":
      return isLongUrl(rawPacket)
        ? new PyKVError("URI_TOO_LONG", "Send a key this long in the body, by POST /batch")
        : new PyKVError("HEADERS_TOO_LARGE", "Send fewer or shorter headers");
    case "HPE_INVALID_URL":
      return fieldError("INVALID_REQUEST", "path", "is not a valid URL path");
    default:
      return new PyKVError("INVALID_REQUEST", "What was sent is not valid HTTP/1.1");
  }
}

/** The parser counts the URL as a header; a chunk without a line's end is still within the URL. */
function isLongUrl(chunk: unknown): boolean {
  if (!Buffer.isBuffer(chunk)) return false;
  const lineEnd = chunk.indexOf("\r\n");
  return lineEnd === -1 || lineEnd > chunk.length / 2;
}

function rawReply(error: PyKVError): string {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
