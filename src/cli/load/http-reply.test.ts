/** Replies of HTTP, whole, cut anywhere, and malformed. */
import { expect, test } from "vitest";
import { HttpReplyReader } from "./http-reply.ts";

const HTTP: [string, string, { status: number; body: string }, boolean][] = [
  [
    "a body",
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a":"ä"}'.replace("9", "10"),
    { status: 200, body: '{"a":"ä"}' },
    false,
  ],
  [
    "an empty body",
    "HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n",
    { status: 404, body: "" },
    false,
  ],
  ["no content", "HTTP/1.1 204 No Content\r\n\r\n", { status: 204, body: "" }, false],
  [
    "chunks",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
    { status: 200, body: "abcde" },
    false,
  ],
  [
    "chunks and a trailer",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: y\r\n\r\n",
    { status: 200, body: "" },
    false,
  ],
  [
    "the last of a connection",
    "HTTP/1.1 503 X\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
    { status: 503, body: "x" },
    true,
  ],
  [
    "an interim reply first",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
    { status: 201, body: "{}" },
    false,
  ],
];
for (const [what, text, reply, isLast] of HTTP) {
  for (const step of [1000, 1, 3, 17]) {
    test(`HTTP: ${what}, fed ${step} bytes at a time`, () => {
      const reader = new HttpReplyReader();
      const bytes = Buffer.from(text + text);
      const replies = [];
      for (let at = 0; at < bytes.length; at += step) {
        replies.push(...reader.push(bytes.subarray(at, at + step)));
      }
      expect(replies).toEqual([
        { ...reply, isLast },
        { ...reply, isLast },
      ]);
    });
  }
}

test("HTTP: what is no reply is refused", () => {
  for (const text of [
    "SSH-2.0-OpenSSH\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nbody",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    "x".repeat(70_000),
  ]) {
    expect(() => new HttpReplyReader().push(Buffer.from(text)), text.slice(0, 40)).toThrow();
  }
});
