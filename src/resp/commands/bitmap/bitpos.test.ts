import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const NOT_A_BIT = new ReplyError("ERR The bit argument must be 1 or 0.");

/** Bytes in hexadecimal, the arguments behind the key, where the bit is. */
const CASES: readonly (readonly [string, string, number])[] = [
  ["fff000", "0", 12],
  ["00fff0", "1", 8],
  ["00fff0", "1 0", 8],
  ["00fff0", "1 2", 16],
  ["00fff0", "1 2 -1 BYTE", 16],
  ["00fff0", "1 7 15 BIT", 8],
  ["00fff0", "1 7 -3 bit", 8],
  ["00fff0", "1 21 23 BIT", -1],
  ["00fff0", "0 9 19 BIT", -1],
  ["00fff0", "0 9 20 BIT", 20],
  ["000000", "1", -1],
  ["ffffff", "0", 24],
  ["ffffff", "0 1", 24],
  ["ffffff", "0 1 -1", -1],
  ["ffffff", "0 0 100", -1],
  ["ffffff", "0 0 -1 BIT", -1],
  ["ffffff", "0 3", -1],
  ["ffffff", "1 2 1", -1],
  ["ffffff", "1 -100 -100", 0],
  ["", "0", -1],
  ["", "1", -1],
  ["ff", "0 -9223372036854775808 9223372036854775807", -1],
];

for (const [hex, argument, position] of CASES) {
  test(`finds bit ${argument} of ${hex === "" ? "an empty string" : hex} at ${position}`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", Buffer.from(hex, "hex"));
    expect(client.send("BITPOS", "k", ...argument.split(" "))).toBe(position);
  });
}

test("takes a key that is not there for zeros without end", async () => {
  const client = (await respHarness()).client();
  expect(client.send("BITPOS", "k", 0)).toBe(0);
  expect(client.send("BITPOS", "k", 1)).toBe(-1);
  expect(client.send("BITPOS", "k", 0, 5, 9, "nonsense")).toBe(0);
});

test("finds a bit anywhere in a long string, wherever that begins", async () => {
  const client = (await respHarness()).client();
  for (let i = 0; i < 40; i++) {
    const key = "k".repeat(i + 1);
    const at = 57 * i;
    const value = Buffer.alloc(300);
    value[at >>> 3] = 0x80 >>> (at & 7);
    client.send("SET", key, value);
    expect(client.send("BITPOS", key, 1)).toBe(at);
    expect(client.send("BITCOUNT", key)).toBe(1);
    client.send(
      "SET",
      key,
      value.map((byte) => ~byte),
    );
    expect(client.send("BITPOS", key, 0)).toBe(at);
    expect(client.send("BITCOUNT", key)).toBe(2399);
  }
});

const MISTAKES: readonly (readonly [string, ReplyError])[] = [
  ["x", NOT_AN_INTEGER],
  ["2", NOT_A_BIT],
  ["-1", NOT_A_BIT],
  ["9223372036854775807", NOT_A_BIT],
  ["9223372036854775808", NOT_AN_INTEGER],
  ["1 x", NOT_AN_INTEGER],
  ["1 0 x", NOT_AN_INTEGER],
  ["1 0 x nonsense", SYNTAX],
  ["1 0 1 BITS", SYNTAX],
  ["1 0 1 BIT more", SYNTAX],
];

for (const [mistake, error] of MISTAKES) {
  test(`refuses "${mistake}"`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "foobar");
    expect(client.send("BITPOS", "k", ...mistake.split(" "))).toEqual(error);
  });
}

test("takes at least a key and a bit", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'bitpos' command");
  expect(client.send("BITPOS", "k")).toEqual(error);
});
