import { expect, test } from "vitest";
import { encodeRequest } from "../../test/support/resp-harness.ts";
import { MiB } from "../base/units.ts";
import { DECODED, Decoder, STRANGER_LIMITS } from "./decoder.ts";
import type { DecoderLimits } from "./decoder.ts";

const LIMITS: DecoderLimits = {
  bulkBytesMax: 512 * MiB,
  argsMax: 1024 * 1024,
  queryBytesMax: 1024 * MiB,
};
/** What the socket reads into: the same for every read. */
const READ_BYTES = 256 * 1024;

interface Decoding {
  /** Arguments with a character a byte. */
  readonly requests: string[][];
  /** What is wrong, or "" for nothing. */
  readonly problem: string;
  readonly decoder: Decoder;
}

function decode(wire: string | Buffer, step = READ_BYTES, limits = LIMITS): Decoding {
  const bytes = typeof wire === "string" ? Buffer.from(wire, "latin1") : wire;
  const decoder = new Decoder(limits);
  const requests: string[][] = [];
  const read = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < bytes.length; at += step) {
    const length = bytes.copy(read, 0, at, Math.min(at + step, bytes.length));
    if (!decoder.feed(read, length)) break;
    requests.push(...drain(decoder));
    decoder.keep();
    read.fill(0xff, 0, length);
  }
  return { requests, problem: decoder.problem, decoder };
}

function drain(decoder: Decoder): string[][] {
  const requests: string[][] = [];
  while (decoder.next() === DECODED.request) requests.push(argumentsOf(decoder));
  return requests;
}

function argumentsOf({ args }: Decoder): string[] {
  return Array.from({ length: args.count }, (_, i) => args.latin1(i));
}

const ALL_BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
const LONG = "x".repeat(70_000);

// name, bytes, requests
const VALID: [string, string, string[][]][] = [
  ["a request of one argument", "*1\r\n$4\r\nPING\r\n", [["PING"]]],
  ["an empty argument", "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", [["ECHO", ""]]],
  ["an empty name", "*1\r\n$0\r\n\r\n", [[""]]],
  ["every byte there is", `*2\r\n$1\r\nE\r\n$256\r\n${ALL_BYTES}\r\n`, [["E", ALL_BYTES]]],
  ["line ends in an argument", "*1\r\n$6\r\n\r\n*1\r\n\r\n", [["\r\n*1\r\n"]]],
  ["a pipeline", "*1\r\n$1\r\nA\r\n*2\r\n$1\r\nB\r\n$1\r\nC\r\n", [["A"], ["B", "C"]]],
  ["requests of no arguments", "*0\r\n*-1\r\n*-10\r\n*1\r\n$1\r\nA\r\n", [["A"]]],
  [
    "two bytes behind an argument that are no line end",
    "*1\r\n$1\r\naXX*1\r\n$1\r\nb\r\n",
    [["a"], ["b"]],
  ],
  ["a long argument", `*1\r\n$${LONG.length}\r\n${LONG}\r\n`, [[LONG]]],
  ["an inline request", "PING\r\n", [["PING"]]],
  ["an inline request without a carriage return", "PING\n", [["PING"]]],
  ["white space around words", "  SET \t k\x0b v  \r\n", [["SET", "k", "v"]]],
  ["empty lines", "\r\n\n \r\nPING\r\n", [["PING"]]],
  ["inline and other requests mixed", "A b\r\n*1\r\n$1\r\nC\r\nD\r\n", [["A", "b"], ["C"], ["D"]]],
  ["quoted words", 'ECHO "a b" \'c d\' ""\r\n', [["ECHO", "a b", "c d", ""]]],
  ["bytes beyond ASCII inline", "ECHO \xff\xfe\r\n", [["ECHO", "\xff\xfe"]]],
];

for (const [name, wire, requests] of VALID) {
  for (const step of [READ_BYTES, 1, 3]) {
    test(`decodes ${name}, fed ${step} bytes at a time`, () => {
      const decoding = decode(wire, step);
      expect(decoding.requests).toEqual(requests);
      expect(decoding.problem).toBe("");
    });
    test(`holds nothing after ${name}, fed ${step} bytes at a time`, () => {
      const { decoder } = decode(wire, step);
      expect([decoder.heldBytes, decoder.ownBytes]).toEqual([0, 0]);
    });
  }
}

const COUNT = "Protocol error: invalid multibulk length";
const LENGTH = "Protocol error: invalid bulk length";
const QUOTES = "Protocol error: unbalanced quotes in request";

// bytes, problem as a redis-server words it
const INVALID: [string, string][] = [
  ["*x\r\n", COUNT],
  ["*\r\n", COUNT],
  ["*-\r\n", COUNT],
  ["*-0\r\n", COUNT],
  ["*01\r\n", COUNT],
  ["* 1\r\n", COUNT],
  ["*+1\r\n", COUNT],
  ["*1 \r\n", COUNT],
  ["*1\rX", COUNT],
  ["*3000000000\r\n", COUNT],
  ["*20000000000\r\n", COUNT],
  ["*99999999999999999999\r\n", COUNT],
  ["*1048577\r\n", COUNT],
  ["*1\r\n+4\r\n", "Protocol error: expected '$', got '+'"],
  ["*1\r\n\r\n", "Protocol error: expected '$', got ' '"],
  ["*2\r\n$1\r\na\r\nb", "Protocol error: expected '$', got 'b'"],
  ["*1\r\n$-1\r\n", LENGTH],
  ["*1\r\n$-2\r\n", LENGTH],
  ["*1\r\n$x\r\n", LENGTH],
  ["*1\r\n$\r\n", LENGTH],
  ["*1\r\n$04\r\n", LENGTH],
  ["*1\r\n$4\rX", LENGTH],
  ["*1\r\n$536870913\r\n", LENGTH],
  ["*1\r\n$5000000000000\r\n", LENGTH],
  ['ECHO "a\r\n', QUOTES],
  ["ECHO 'a\r\n", QUOTES],
  ['ECHO "a"b\r\n', QUOTES],
  ["A".repeat(65_537), "Protocol error: too big inline request"],
  [`${"A".repeat(65_537)}\r\n`, "Protocol error: too big inline request"],
];

for (const [wire, problem] of INVALID) {
  const shown = JSON.stringify(wire.slice(0, 24));
  for (const step of [READ_BYTES, 1, 3]) {
    test(`refuses ${shown} (${wire.length} bytes), fed ${step} bytes at a time`, () => {
      const decoding = decode(`*1\r\n$1\r\nA\r\n${wire}`, step);
      expect(decoding.problem).toBe(problem);
      expect(decoding.requests).toEqual([["A"]]);
      expect(decoding.decoder.next()).toBe(DECODED.error);
    });
  }
}

test("decodes nothing more after an error", () => {
  const { requests, decoder } = decode("*x\r\n*1\r\n$4\r\nPING\r\n");
  expect(requests).toEqual([]);
  const more = Buffer.from("*1\r\n$4\r\nPING\r\n");
  decoder.feed(more, more.length);
  expect(decoder.next()).toBe(DECODED.error);
});

test("takes a line of exactly the length that is allowed", () => {
  const word = "A".repeat(65_536);
  expect(decode(`${word}\n`).requests).toEqual([[word]]);
  expect(decode(`${word}\n`, 1000).requests).toEqual([[word]]);
});

// what, bytes, problem or "" where it is allowed
const STRANGERS: [string, string, string][] = [
  ["10 arguments", `*10\r\n${"$1\r\na\r\n".repeat(10)}`, ""],
  ["11 arguments", "*11\r\n", "Protocol error: unauthenticated multibulk length"],
  ["16384 bytes", `*1\r\n$16384\r\n${"a".repeat(16_384)}\r\n`, ""],
  ["16385 bytes", "*1\r\n$16385\r\n", "Protocol error: unauthenticated bulk length"],
  ["a count that is none", "*x\r\n", COUNT],
];

for (const [what, wire, problem] of STRANGERS) {
  test(`answers a stranger who sends ${what} with "${problem}"`, () => {
    expect(decode(wire, READ_BYTES, STRANGER_LIMITS).problem).toBe(problem);
    expect(decode(wire, 1, STRANGER_LIMITS).problem).toBe(problem);
  });
}

test("follows limits that change between two requests", () => {
  const decoder = new Decoder(STRANGER_LIMITS);
  const bytes = Buffer.concat([encodeRequest(["AUTH", "x"]), encodeRequest(Array(20).fill("a"))]);
  decoder.feed(bytes, bytes.length);
  expect(decoder.next()).toBe(DECODED.request);
  decoder.limits = LIMITS;
  expect(decoder.next()).toBe(DECODED.request);
  expect(decoder.args.count).toBe(20);
});

test("hands a request out again after it was taken back, wherever it lies", () => {
  const decoder = new Decoder(LIMITS);
  const read = Buffer.from("A\r\n*2\r\n$1\r\nB\r\n$1\r\nC\r\nINLINE x\r\n*1\r\n$1\r\nD\r\n");
  decoder.feed(read, read.length);
  const requests: string[][] = [];
  while (decoder.next() === DECODED.request) {
    decoder.unread();
    decoder.keep();
    read.fill(0xff);
    expect(decoder.next()).toBe(DECODED.request);
    requests.push(argumentsOf(decoder));
  }
  expect(requests).toEqual([["A"], ["B", "C"], ["INLINE", "x"], ["D"]]);
});

test("takes more bytes in while a request that was taken back is held", () => {
  const decoder = new Decoder(LIMITS);
  const read = Buffer.alloc(64);
  const feed = (text: string) => decoder.feed(read, read.write(text, "latin1"));
  feed("*1\r\n$1\r\nA\r\n");
  decoder.next();
  decoder.unread();
  decoder.keep();
  feed("*1\r\n$1\r\nB\r\n*1\r\n$1");
  feed("\r\nC\r\n");
  expect(drain(decoder)).toEqual([["A"], ["B"], ["C"]]);
});

test("decodes a pipeline of 100,000 requests fed in reads of a socket", () => {
  const wire = Buffer.concat(
    Array.from({ length: 100_000 }, (_, i) => encodeRequest(["SET", `key:${i}`, "v"])),
  );
  const { requests, decoder } = decode(wire);
  expect(requests).toHaveLength(100_000);
  expect(requests[77_777]).toEqual(["SET", "key:77777", "v"]);
  expect(decoder.ownBytes).toBe(0);
});

/** Feeds a request in pieces; returns what the decoder allocated, one after the other. */
function buffersOf(request: Buffer, step: number): number[] {
  const decoder = new Decoder(LIMITS);
  const sizes: number[] = [];
  const read = Buffer.alloc(step);
  for (let at = 0; at < request.length; at += step) {
    const length = request.copy(read, 0, at, at + step);
    decoder.feed(read, length);
    const state = decoder.next();
    expect(state).toBe(at + step >= request.length ? DECODED.request : DECODED.more);
    if (decoder.ownBytes > 0 && decoder.ownBytes !== sizes.at(-1)) sizes.push(decoder.ownBytes);
    decoder.keep();
    if (decoder.ownBytes > 0 && decoder.ownBytes !== sizes.at(-1)) sizes.push(decoder.ownBytes);
  }
  return sizes;
}

// what, request, bytes a piece
const LARGE: [string, Buffer, number][] = [
  [
    "a value of 16 MiB in reads of a socket",
    encodeRequest(["SET", "k", Buffer.alloc(16 * MiB)]),
    65_536,
  ],
  ["a value of 1 MiB in packets", encodeRequest(["SET", "k", Buffer.alloc(MiB)]), 1448],
  ["4,000 values of 1 KiB", encodeRequest(Array<Buffer>(4000).fill(Buffer.alloc(1024))), 1037],
  ["100,000 short values", encodeRequest(Array<string>(100_000).fill("value")), 1100],
];

for (const [what, request, step] of LARGE) {
  test(`copies ${what} a bounded number of times`, () => {
    const sizes = buffersOf(request, step);
    // Each buffer is at least twice the one before, but for the last, which may be cut to measure.
    for (let i = 1; i < sizes.length - 1; i++) {
      expect(sizes[i]!).toBeGreaterThanOrEqual(sizes[i - 1]! * 2);
    }
    expect(sizes.length).toBeLessThan(30);
    expect(sizes.at(-1)!).toBeLessThanOrEqual(request.length * 2 + step);
  });
}

test("holds a value that comes in pieces in a buffer of just its length", () => {
  const request = encodeRequest(["SET", "k", Buffer.alloc(16 * MiB)]);
  expect(buffersOf(request, 65_536).at(-1)).toBe(request.length);
});

// what is announced
const ANNOUNCED: [string, string][] = [
  ["a value of 512 MiB", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nabc"],
  ["a million arguments", "*1048576\r\n$1\r\na\r\n"],
];

for (const [what, wire] of ANNOUNCED) {
  test(`allocates next to nothing for ${what} that is only announced`, () => {
    for (const step of [READ_BYTES, 1]) {
      const { decoder } = decode(wire, step);
      expect(decoder.problem).toBe("");
      expect(decoder.ownBytes).toBeLessThanOrEqual(1024);
      expect(decoder.args.at.length).toBeLessThanOrEqual(8);
    }
  });
}

test("refuses more than the query buffer may hold", () => {
  const limits = { ...LIMITS, queryBytesMax: 1000 };
  const start = "*1\r\n$2000\r\n";
  const { problem, decoder } = decode(start + "a".repeat(2000), 100, limits);
  expect(problem).toBe("Protocol error: the request is longer than the query buffer may be");
  expect(decoder.ownBytes).toBeLessThanOrEqual(2000);
  expect(decoder.next()).toBe(DECODED.error);
});

test("counts requests that wait behind an unfinished one towards the query buffer", () => {
  const decoder = new Decoder({ ...LIMITS, queryBytesMax: 100 });
  const read = Buffer.from("*1\r\n$1\r\nA\r\n");
  expect(decoder.feed(read, read.length)).toBe(true);
  let fed = 0;
  while (decoder.feed(read, read.length)) fed++;
  expect(fed).toBe(Math.floor(100 / read.length) - 1);
});

test("gives a large buffer back when only a little is left in it", () => {
  const decoder = new Decoder(LIMITS);
  const wire = Buffer.concat([
    encodeRequest(["SET", "k", Buffer.alloc(MiB)]),
    Buffer.from("*1\r\n$4\r\nPI"),
  ]);
  for (let at = 0; at < wire.length; at += 65_536) {
    const read = Buffer.from(wire.subarray(at, at + 65_536));
    decoder.feed(read, read.length);
    decoder.next();
    decoder.next();
    decoder.keep();
    read.fill(0xff);
  }
  expect(decoder.ownBytes).toBeLessThanOrEqual(1024);
  const rest = Buffer.from("NG\r\n");
  decoder.feed(rest, rest.length);
  expect(drain(decoder)).toEqual([["PING"]]);
});

test("gives the places of a request with many arguments back", () => {
  const decoder = new Decoder(LIMITS);
  const wire = Buffer.concat([encodeRequest(Array(5000).fill("a")), encodeRequest(["PING"])]);
  decoder.feed(wire, wire.length);
  decoder.next();
  expect(decoder.args.at.length).toBeGreaterThanOrEqual(5000);
  decoder.next();
  expect(decoder.args.at.length).toBe(8);
  expect(argumentsOf(decoder)).toEqual(["PING"]);
});

test("keeps no large buffer for the sake of a request that is through", () => {
  const decoder = new Decoder(LIMITS);
  const wire = encodeRequest(["SET", "k", Buffer.alloc(MiB)]);
  for (let at = 0; at < wire.length; at += 65_536) {
    decoder.feed(wire.subarray(at, at + 65_536), Math.min(65_536, wire.length - at));
    while (decoder.next() === DECODED.request);
    decoder.keep();
  }
  expect([decoder.ownBytes, decoder.args.buffer.length]).toEqual([0, 0]);
});
