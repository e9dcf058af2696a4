import { expect, test } from "vitest";
import { BadReply, ErrorReply, ReplyReader, type Reply } from "./replies.ts";

const WIRE = Buffer.from(
  "+OK\r\n:-12\r\n$-1\r\n$5\r\na\r\n\0b\r\n-ERR no\r\n*2\r\n$1\r\n0\r\n*2\r\n$0\r\n\r\n+x\r\n*-1\r\n" +
    `$3000\r\n${"v".repeat(3000)}\r\n`,
);
const REPLIES: Reply[] = [
  "OK",
  -12,
  null,
  Buffer.from("a\r\n\0b"),
  new ErrorReply("ERR no"),
  [Buffer.from("0"), [Buffer.from(""), "x"]],
  null,
  Buffer.from("v".repeat(3000)),
];

for (const step of [WIRE.length, 1, 7, 1000]) {
  test(`replies, fed ${step} bytes at a time`, () => {
    const reader = new ReplyReader();
    const replies: Reply[] = [];
    for (let at = 0; at < WIRE.length; at += step) {
      replies.push(...reader.push(WIRE.subarray(at, at + step)));
    }
    expect(replies).toEqual(REPLIES);
  });
}

for (const wire of ["HTTP/1.1 400\r\n", "$x\r\n", ":1.5\r\n", `+${"x".repeat(70_000)}`]) {
  test(`${JSON.stringify(wire.slice(0, 20))} is no reply`, () => {
    expect(() => new ReplyReader().push(Buffer.from(wire))).toThrow(BadReply);
  });
}
