import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");

/** Of the string "foobar", whose bytes have 4, 6, 6, 3, 3 and 4 bits. */
const RANGES: readonly (readonly [string, number])[] = [
  ["", 26],
  ["0 0", 4],
  ["1 1", 6],
  ["0 -1", 26],
  ["-2 -1", 7],
  ["1 1 BYTE", 6],
  ["5 30 bit", 17],
  ["5 5 BIT", 1],
  ["0 47 Bit", 26],
  ["0 1000 BIT", 26],
  ["-8 -1 BIT", 4],
  ["3 2", 0],
  ["6 6", 0],
  ["-100 0", 4],
  ["-100 -99", 4],
  ["-99 -100", 0],
  ["-99 -100 nonsense", 0],
  ["-9223372036854775808 9223372036854775807", 26],
  ["9223372036854775807 9223372036854775807 BIT", 0],
];

for (const [range, count] of RANGES) {
  test(`counts ${count} bits in the range "${range}" of a string of six bytes`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "foobar");
    const parts = range === "" ? [] : range.split(" ");
    expect(client.send("BITCOUNT", "k", ...parts)).toBe(count);
  });
}

test("counts nothing in an empty string", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", "");
  expect(client.send("BITCOUNT", "k")).toBe(0);
  expect(client.send("BITCOUNT", "k", 0, -1)).toBe(0);
  expect(client.send("BITCOUNT", "k", 0, 0, "BIT")).toBe(0);
});

const MISTAKES: readonly (readonly [string, ReplyError])[] = [
  ["0", SYNTAX],
  ["0 1 BITS", SYNTAX],
  ["0 1 BIT BIT", SYNTAX],
  ["x 1", NOT_AN_INTEGER],
  ["0 9223372036854775808", NOT_AN_INTEGER],
  ["0 x nonsense", NOT_AN_INTEGER],
];

for (const [mistake, error] of MISTAKES) {
  test(`refuses "${mistake}" for a key that is there, and else answers 0`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("BITCOUNT", "k", ...mistake.split(" "))).toBe(0);
    client.send("SET", "k", "foobar");
    expect(client.send("BITCOUNT", "k", ...mistake.split(" "))).toEqual(error);
  });
}

test("takes at least a key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'bitcount' command");
  expect(client.send("BITCOUNT")).toEqual(error);
});
