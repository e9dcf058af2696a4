/** Replies of both doors, whole, cut anywhere, and malformed. */
import { expect, test } from "vitest";
import { parseHttpReply } from "./http-reply.ts";
import { parseRespReply, RespError } from "./resp-reply.ts";

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
  test(`HTTP: ${what}, whole and cut anywhere`, () => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(parseHttpReply(bytes.subarray(0, cut))).toBeNull();
    }
    const more = Buffer.concat([bytes, Buffer.from("HTTP/1.1 200")]);
    for (const whole of [bytes, more]) {
      const parsed = parseHttpReply(whole);
      expect(parsed).toMatchObject({ reply, bytes: bytes.length });
      expect(parsed?.isLast ?? false).toBe(isLast);
    }
  });
}

test("HTTP: what is no reply is refused", () => {
  for (const text of [
    "SSH-2.0-OpenSSH\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nbody",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
    "x".repeat(70_000),
  ]) {
    expect(() => parseHttpReply(Buffer.from(text)), text.slice(0, 40)).toThrow();
  }
});

const RESP: [string, unknown][] = [
  ["+OK\r\n", "OK"],
  [":42\r\n", 42],
  [":-1\r\n", -1],
  ["$-1\r\n", null],
  ["$0\r\n\r\n", ""],
  ["$4\r\na\r\nb\r\n", "a\r\nb"],
  ["$2\r\nä\r\n", "ä"],
  ["-OOM no room\r\n", new RespError("OOM no room")],
];
for (const [text, reply] of RESP) {
  test(`RESP: ${JSON.stringify(text)}, whole and cut anywhere`, () => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(parseRespReply(bytes.subarray(0, cut))).toBeNull();
    }
    const more = Buffer.concat([bytes, Buffer.from("+O")]);
    expect(parseRespReply(more)).toEqual({ reply, bytes: bytes.length });
  });
}

test("RESP: what is no reply is refused", () => {
  for (const text of ["HTTP/1.1 400 Bad Request\r\n", "$x\r\n", "$-2\r\n", "+".repeat(70_000)]) {
    expect(() => parseRespReply(Buffer.from(text)), text.slice(0, 40)).toThrow();
  }
});
