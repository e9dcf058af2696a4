import { expect, test } from "vitest";
import { Output, formatDouble } from "./output.ts";

const TEXT = "gr\u00fc\u00df \u{1f600}";
const UTF8 = Buffer.from(TEXT).toString("latin1");

// what is written, by RESP2, by RESP3 where that differs
const REPLIES: [string, (out: Output) => void, string, string?][] = [
  ["OK", (out) => out.ok(), "+OK\r\n"],
  ["a status", (out) => out.simple("QUEUED"), "+QUEUED\r\n"],
  ["an error", (out) => out.error("ERR no"), "-ERR no\r\n"],
  ["an error with line ends", (out) => out.error("ERR a\r\nb"), "-ERR a  b\r\n"],
  ["an error beyond ASCII", (out) => out.error(`ERR ${TEXT}`), `-ERR ${UTF8}\r\n`],
  ["nil", (out) => out.nil(), "$-1\r\n", "_\r\n"],
  ["a nil array", (out) => out.nilArray(), "*-1\r\n", "_\r\n"],
  ["true as a flag", (out) => out.flag(true), ":1\r\n"],
  ["false as a flag", (out) => out.flag(false), ":0\r\n"],
  ["true", (out) => out.boolean(true), ":1\r\n", "#t\r\n"],
  ["false", (out) => out.boolean(false), ":0\r\n", "#f\r\n"],
  ["bytes", (out) => out.bulk(Buffer.from([0, 13, 10, 255])), "$4\r\n\0\r\n\xff\r\n"],
  ["a part of bytes", (out) => out.bulk(Buffer.from("abcd"), 1, 2), "$2\r\nbc\r\n"],
  ["no bytes", (out) => out.bulk(Buffer.alloc(0)), "$0\r\n\r\n"],
  ["text", (out) => out.bulkText(TEXT), `$${UTF8.length}\r\n${UTF8}\r\n`],
  ["text of a character a byte", (out) => out.bulkLatin1("\xff\0"), "$2\r\n\xff\0\r\n"],
  ["a text for people", (out) => out.verbatim("hi"), "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n"],
  [
    "markdown",
    (out) => out.verbatim(TEXT, "mkd"),
    `$${UTF8.length}\r\n${UTF8}\r\n`,
    `=${UTF8.length + 4}\r\nmkd:${UTF8}\r\n`,
  ],
  ["a double", (out) => out.double(1.5), "$3\r\n1.5\r\n", ",1.5\r\n"],
  ["infinity", (out) => out.double(-Infinity), "$4\r\n-inf\r\n", ",-inf\r\n"],
  ["an array", (out) => out.array(3), "*3\r\n"],
  ["an empty array", (out) => out.array(0), "*0\r\n"],
  ["a map", (out) => out.map(2), "*4\r\n", "%2\r\n"],
  ["a set", (out) => out.set(2), "*2\r\n", "~2\r\n"],
  ["a push", (out) => out.push(2), "*2\r\n", ">2\r\n"],
  ["texts", (out) => out.bulks(["a", ""]), "*2\r\n$1\r\na\r\n$0\r\n\r\n"],
  ["what is a reply already", (out) => out.encoded(Buffer.from("x:1\r\ny"), 1, 4), ":1\r\n"],
];

for (const [what, write, resp2, resp3 = resp2] of REPLIES) {
  for (const [resp, expected] of [
    [2, resp2],
    [3, resp3],
  ] as const) {
    test(`writes ${what} in RESP${resp}`, () => {
      const out = new Output();
      out.resp = resp;
      write(out);
      expect(out.text()).toBe(expected);
    });
    test(`writes ${what} in RESP${resp} at the very end of the buffer`, () => {
      const out = new Output();
      out.resp = resp;
      const room = out.buffer.length;
      for (let free = 0; free < 40; free++) {
        out.reset();
        out.length = room - free;
        write(out);
        expect(out.text(room - free)).toBe(expected);
      }
    });
  }
}

const INTEGERS = [0, 9, 10, 11, 99, 100, 101, 999, 1000, 123_456_789, 999_999_999, 2 ** 31 - 1]
  .concat([2 ** 31, 2 ** 53 - 1, -1, -10, -(2 ** 53) + 1])
  .map((value): number | bigint => value)
  .concat([2n ** 63n - 1n, -(2n ** 63n), 5n]);

for (const value of INTEGERS) {
  test(`writes the integer ${value}`, () => {
    const out = new Output();
    out.integer(value);
    expect(out.text()).toBe(`:${value}\r\n`);
  });
}

for (const length of [0, 1, 9, 10, 95, 96, 97, 99, 100, 9999, 10_000, 1_000_000, 5_000_000]) {
  test(`writes a bulk string of ${length} bytes behind others`, () => {
    const bytes = Buffer.alloc(length, "0123456789");
    const out = new Output();
    out.simple("A");
    out.bulk(bytes);
    out.bulkLatin1(bytes.toString("latin1"));
    out.simple("B");
    const bulk = `$${length}\r\n${bytes.toString("latin1")}\r\n`;
    expect(out.text() === `+A\r\n${bulk}${bulk}+B\r\n`).toBe(true);
  });
}

test("uses its buffer again, and gives one back that has become huge", () => {
  const out = new Output();
  const { buffer } = out;
  out.bulk(Buffer.alloc(1000));
  out.reset();
  expect(out.buffer).toBe(buffer);
  out.bulk(Buffer.alloc(5_000_000));
  out.reset();
  expect(out.length).toBe(0);
  expect(out.buffer.length).toBe(buffer.length);
});

test("leaves its buffer to whoever needs it", () => {
  const out = new Output();
  out.simple("mine");
  const { buffer } = out;
  out.replace();
  out.simple("other");
  expect(buffer.toString("latin1", 0, 7)).toBe("+mine\r\n");
  expect(out.text()).toBe("+other\r\n");
});

test("remembers that an error was written", () => {
  const out = new Output();
  out.simple("fine");
  expect(out.hasError).toBe(false);
  out.error("ERR not");
  expect(out.hasError).toBe(true);
});

// as redis-server writes them
const DOUBLES: [number, string][] = [
  [0, "0"],
  [-0, "-0"],
  [3, "3"],
  [0.1, "0.1"],
  [-2.5, "-2.5"],
  [1e20, "100000000000000000000"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
  [NaN, "nan"],
];

for (const [value, text] of DOUBLES) {
  test(`formats ${Object.is(value, -0) ? "-0" : value} as ${text}`, () => {
    expect(formatDouble(value)).toBe(text);
  });
}
