/**
 * Bytes that no client would send, and requests that are nearly right: nothing hangs, throws or grows
 * beyond its bounds, and how the bytes are cut into reads makes no difference.
 */
import { expect, test } from "vitest";
import { KiB, MiB } from "../../src/base/units.ts";
import { COMMANDS } from "../../src/resp/commands/index.ts";
import { DECODED, Decoder } from "../../src/resp/decoder.ts";
import type { DecoderLimits } from "../../src/resp/decoder.ts";
import { createRandom, pick, randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";
import { encodeRequest, respHarness } from "../support/resp-harness.ts";
import { parseReplies } from "../support/resp-reply.ts";

const SEED = Number(process.env.PYKV_FUZZ_SEED ?? Date.now() % 1_000_000);
const LIMITS: DecoderLimits = { bulkBytesMax: 64 * KiB, argsMax: 1000, queryBytesMax: 256 * KiB };
const DECODER_ROUNDS = 10_000;
const DOOR_ROUNDS = 5000;

/** What the protocol is made of, and what breaks it. */
const PIECES = [
  "*",
  "$",
  "\r\n",
  "\n",
  "\r",
  "-1",
  "0",
  "1",
  "3",
  "10",
  "99999999999",
  "\0",
].concat(["*1\r\n", "*2\r\n$4\r\n", "$0\r\n\r\n", '"', "'", "\\x", " ", "+", ":", "\xff", "PING"]);

/** Commands that end the server or hold everybody up. */
const LEFT_OUT: ReadonlySet<string> = new Set(["shutdown", "debug", "client"]);
const NAMES = COMMANDS.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name));
const WORDS = [
  "k",
  "k2",
  "{",
  "*",
  "",
  "0",
  "1",
  "-1",
  "100",
  "9223372036854775807",
  "1e400",
  "nan",
]
  .concat(["NX", "XX", "GET", "EX", "PX", "KEEPTTL", "MATCH", "COUNT", "TYPE", "REPLACE", "BIT"])
  .concat([
    "u8",
    "i64",
    "#1",
    "SET",
    "INCRBY",
    "OVERFLOW",
    "AND",
    "NOT",
    "HELP",
    "STATS",
    "\xff\0",
  ]);

test(`decoding random bytes is the same however they are cut (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  for (let round = 0; round < DECODER_ROUNDS; round++) {
    const bytes = randomBelow(random, 2) === 0 ? randomPieces(random) : mutated(random);
    const whole = decode(bytes, () => bytes.length);
    const cut = decode(bytes, () => 1 + randomBelow(random, 40));
    expect(cut, `round ${round}: ${JSON.stringify(bytes.toString("latin1"))}`).toEqual(whole);
  }
});

test(`a decoder holds no more than it was fed (seed ${SEED})`, () => {
  const random = createRandom(SEED + 1);
  for (let round = 0; round < DECODER_ROUNDS / 50; round++) {
    const decoder = new Decoder(LIMITS);
    let fed = 0;
    for (let i = 0; i < 50; i++) {
      const bytes = Buffer.concat([randomPieces(random), Buffer.alloc(randomBelow(random, 4096))]);
      fed += bytes.length;
      if (!decoder.feed(bytes, bytes.length)) break;
      while (decoder.next() === DECODED.request);
      decoder.keep();
      expect(decoder.heldBytes).toBeLessThanOrEqual(fed);
      expect(decoder.ownBytes).toBeLessThanOrEqual(Math.max(1024, 2 * fed));
      expect(decoder.ownBytes).toBeLessThanOrEqual(2 * LIMITS.queryBytesMax);
      expect(decoder.args.at.length).toBeLessThanOrEqual(2 * LIMITS.argsMax);
    }
  }
});

test(`a door answers whatever comes, and others are served (seed ${SEED})`, async () => {
  const { client, door } = await respHarness(
    { queryBytesMax: MiB, outputBytesMax: MiB },
    { memoryBytesMax: 16 * MiB },
  );
  const random = createRandom(SEED + 2);
  const bystander = client();
  let one = client();
  for (let round = 0; round < DOOR_ROUNDS; round++) {
    if (one.wire.isClosed || randomBelow(random, 20) === 0) {
      one.close();
      one = client();
    }
    const bytes = [randomPieces, mutated, plausible][randomBelow(random, 3)]!(random);
    one.feed(bytes, 1 + randomBelow(random, 100));
    door.turn.flush();
    const shown = `round ${round}: ${JSON.stringify(bytes.toString("latin1"))}`;
    expect(() => parseReplies(one.wire.written), shown).not.toThrow();
    expect(parseReplies(one.wire.written).rest, shown).toBe("");
    expect(one.wire.written, shown).not.toContain("internal error");
    one.wire.written = "";
    expect(one.connection.queryBytes).toBeLessThanOrEqual(MiB);
    bystander.wire.written = "";
    bystander.feed("PING\r\n");
    door.turn.flush();
    expect(bystander.wire.written, shown).toContain("PONG");
  }
});

/** Requests by their arguments, and what went wrong. */
function decode(bytes: Buffer, step: () => number): { requests: string[][]; problem: string } {
  const decoder = new Decoder(LIMITS);
  const requests: string[][] = [];
  for (let at = 0; at < bytes.length;) {
    const read = Buffer.from(bytes.subarray(at, at + step()));
    at += read.length;
    decoder.feed(read, read.length);
    while (decoder.next() === DECODED.request) {
      const { args } = decoder;
      requests.push(Array.from({ length: args.count }, (_, i) => args.latin1(i)));
    }
    decoder.keep();
    read.fill(0x2a);
  }
  return { requests, problem: decoder.problem };
}

function randomPieces(random: Random): Buffer {
  const count = 1 + randomBelow(random, 12);
  const text = Array.from({ length: count }, () =>
    randomBelow(random, 4) === 0
      ? String.fromCharCode(randomBelow(random, 256))
      : pick(random, PIECES),
  );
  return Buffer.from(text.join(""), "latin1");
}

/** A few requests of commands that there are, with words that some of them understand. */
function plausible(random: Random): Buffer {
  const requests = Array.from({ length: 1 + randomBelow(random, 4) }, () => {
    const words = Array.from({ length: randomBelow(random, 6) }, () => pick(random, WORDS));
    return encodeRequest([
      pick(random, NAMES),
      ...words.map((word) => Buffer.from(word, "latin1")),
    ]);
  });
  return Buffer.concat(requests);
}

/** The same with a few bytes changed, lost, or put in. */
function mutated(random: Random): Buffer {
  let bytes = plausible(random);
  for (let i = 0; i <= randomBelow(random, 3); i++) {
    const at = randomBelow(random, bytes.length);
    const [lost, put] = pick(random, [
      [1, 1],
      [1, 0],
      [0, 1],
      [5, 0],
      [bytes.length, 0],
    ] as const);
    const piece = put === 0 ? "" : pick(random, PIECES);
    const changed = Buffer.from(piece, "latin1");
    bytes = Buffer.concat([bytes.subarray(0, at), changed, bytes.subarray(at + lost)]);
    if (bytes.length === 0) return changed;
  }
  return bytes;
}
