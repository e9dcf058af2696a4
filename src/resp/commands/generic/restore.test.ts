import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { KIND } from "../../../memory/entry.ts";
import { encodeDump } from "../../dump.ts";

const PAYLOAD = encodeDump(KIND.bytes, Buffer.from("value"));
const BUSY = new ReplyError("BUSYKEY Target key name already exists.");
const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const BAD_PAYLOAD = new ReplyError("ERR DUMP payload version or checksum are wrong");
const NEGATIVE_TTL = new ReplyError("ERR Invalid TTL value, must be >= 0");

for (const kind of ["text", "json", "bytes"] as const) {
  test(`what DUMP made of ${kind} becomes that again`, async () => {
    const { store, client } = await respHarness();
    const one = client();
    await store.set({ namespace: "default", key: "k", kind, value: '{"a":1}' });
    const payload = Buffer.from(one.send("DUMP", "k") as string, "latin1");
    expect(one.send("RESTORE", "to", 0, payload)).toBe("OK");
    const expected = { kind, value: Buffer.from('{"a":1}'), deadlineMs: 0 };
    expect(store.get("default", "to")).toMatchObject(expected);
  });
}

test("the ttl is in milliseconds from now, or with ABSTTL since 1970", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  one.send("RESTORE", "a", 1500, PAYLOAD);
  one.send("RESTORE", "b", clock.nowMs() + 700, PAYLOAD, "absttl");
  one.send("RESTORE", "c", 0, PAYLOAD, "ABSTTL");
  const deadlines = ["a", "b", "c"].map((key) => store.get("default", key)?.deadlineMs);
  expect(deadlines).toEqual([clock.nowMs() + 1500, clock.nowMs() + 700, 0]);
});

test("a key that is there stays, unless it is to be replaced", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  const deadlineMs = clock.nowMs() + 100;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "old", deadlineMs });
  expect(one.send("RESTORE", "k", 0, PAYLOAD)).toEqual(BUSY);
  expect(one.send("GET", "k")).toBe("old");
  expect(one.send("RESTORE", "k", 0, PAYLOAD, "replace")).toBe("OK");
  expect(store.get("default", "k")).toMatchObject({ deadlineMs: 0, kind: "bytes" });
  expect(one.send("GET", "k")).toBe("value");
});

test("a key past its deadline is in nobody's way", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 100;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "old", deadlineMs });
  clock.advance(100);
  expect(client().send("RESTORE", "k", 0, PAYLOAD)).toBe("OK");
});

test("a deadline that has passed makes no key, and with REPLACE deletes the one there", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  expect(one.send("RESTORE", "k", clock.nowMs(), PAYLOAD, "ABSTTL")).toBe("OK");
  expect(one.send("GET", "k")).toBeNull();
  one.send("SET", "k", "old");
  expect(one.send("RESTORE", "k", 1, PAYLOAD, "ABSTTL", "REPLACE")).toBe("OK");
  expect(one.send("GET", "k")).toBeNull();
});

test("IDLETIME and FREQ are checked", async () => {
  const client = (await respHarness()).client();
  expect(client.send("RESTORE", "a", 0, PAYLOAD, "IDLETIME", 1, "idletime", 0)).toBe("OK");
  expect(client.send("RESTORE", "b", 0, PAYLOAD, "FREQ", 255, "REPLACE", "freq", 0)).toBe("OK");
});

const MISTAKES: readonly (readonly [string, readonly string[], ReplyError])[] = [
  ["0", ["IDLETIME", "-1"], new ReplyError("ERR Invalid IDLETIME value, must be >= 0")],
  ["0", ["FREQ", "-1"], new ReplyError("ERR Invalid FREQ value, must be >= 0 and <= 255")],
  ["0", ["FREQ", "256"], new ReplyError("ERR Invalid FREQ value, must be >= 0 and <= 255")],
  ["0", ["IDLETIME", "x"], NOT_AN_INTEGER],
  ["0", ["FREQ", "9223372036854775808"], NOT_AN_INTEGER],
  ["0", ["FREQ", "1", "IDLETIME", "1"], SYNTAX],
  ["0", ["IDLETIME", "1", "FREQ", "1"], SYNTAX],
  ["0", ["IDLETIME"], SYNTAX],
  ["0", ["FREQ"], SYNTAX],
  ["x", ["KEEPTTL"], SYNTAX],
  ["x", [], NOT_AN_INTEGER],
  ["9223372036854775808", [], NOT_AN_INTEGER],
  ["-1", [], NEGATIVE_TTL],
  ["-1", ["ABSTTL"], NEGATIVE_TTL],
  ["9223372036854775807", [], new ReplyError("ERR invalid expire time in 'restore' command")],
  [String(2 ** 48), ["ABSTTL"], new ReplyError("ERR invalid expire time in 'restore' command")],
];

for (const [ttl, options, error] of MISTAKES) {
  test(`refuses the ttl ${ttl} with "${options.join(" ")}"`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("RESTORE", "k", ttl, PAYLOAD, ...options)).toEqual(error);
    expect(client.send("GET", "k")).toBeNull();
  });
}

test("the options are looked at first, then the key, the ttl and the payload", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", "v");
  expect(client.send("RESTORE", "k", "x", "junk", "WHAT")).toEqual(SYNTAX);
  expect(client.send("RESTORE", "k", "x", "junk")).toEqual(BUSY);
  expect(client.send("RESTORE", "new", "x", "junk")).toEqual(NOT_AN_INTEGER);
  expect(client.send("RESTORE", "k", "0", "junk", "REPLACE")).toEqual(BAD_PAYLOAD);
  expect(client.send("GET", "k")).toBe("v");
});

test("takes at least a key, a ttl and a payload", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'restore' command");
  expect(client.send("RESTORE", "k", 0)).toEqual(error);
});
