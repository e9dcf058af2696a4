import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const INVALID_EXPIRE = new ReplyError("ERR invalid expire time in 'set' command");

for (const [name, value] of [
  ["nothing", ""],
  ["bytes of all kinds", "\x00\xff\r\n$-1\r\n"],
  ["much", "x".repeat(100_000)],
] as const) {
  test(`keeps a value that is ${name}`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SET", "k", Buffer.from(value, "latin1"))).toBe("OK");
    expect(client.send("GET", "k")).toBe(value);
  });
}

test("replaces a value, of whatever kind, and its deadline", async () => {
  const { store, clock, client } = await respHarness();
  const request = { namespace: "default", key: "k", kind: "json", value: "1" } as const;
  await store.set({ ...request, deadlineMs: clock.nowMs() + 10 });
  const one = client();
  expect(one.send("SET", "k", "new")).toBe("OK");
  clock.advance(10);
  expect(one.send("GET", "k")).toBe("new");
  expect(store.get("default", "k")).toMatchObject({ kind: "bytes", deadlineMs: 0 });
});

for (const [options, before, reply, after] of [
  [["NX"], null, "OK", "new"],
  [["NX"], "old", null, "old"],
  [["XX"], null, null, null],
  [["xx"], "old", "OK", "new"],
  [["GET"], null, null, "new"],
  [["GET"], "old", "old", "new"],
  [["NX", "GET"], null, null, "new"],
  [["GET", "NX"], "old", "old", "old"],
  [["XX", "GET"], null, null, null],
  [["XX", "GET"], "old", "old", "new"],
  [["NX", "NX"], null, "OK", "new"],
  [["IFEQ", "old"], "old", "OK", "new"],
  [["ifeq", "other"], "old", null, "old"],
  [["IFEQ", "ol"], "old", null, "old"],
  [["IFEQ", "OLD"], "old", null, "old"],
  [["IFEQ", ""], "", "OK", "new"],
  [["IFEQ", ""], null, null, null],
  [["IFEQ", "old", "GET"], "old", "old", "new"],
  [["GET", "IFEQ", "other"], "old", "old", "old"],
  [["GET", "IFEQ", "other"], null, null, null],
] as const) {
  const title = `${options.join(" ")} over ${before} answers ${reply} and leaves ${after}`;
  for (const resp of [2, 3]) {
    test(`${title} in RESP${resp}`, async () => {
      const client = (await respHarness()).client();
      client.connection.client.resp = resp;
      if (before !== null) client.send("SET", "k", before);
      expect(client.send("SET", "k", "new", ...options)).toBe(reply);
      expect(client.send("GET", "k")).toBe(after);
    });
  }
}

test("takes a key past its deadline for one that is not there", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "old", "PX", 10);
  clock.advance(10);
  expect(one.send("SET", "k", "new", "XX")).toBeNull();
  expect(one.send("SET", "k", "new", "IFEQ", "old")).toBeNull();
  expect(one.send("SET", "k", "new", "NX", "GET")).toBeNull();
  expect(one.send("GET", "k")).toBe("new");
});

const NOW_MS = 1_700_000_000_000;
for (const [options, deadlineMs] of [
  [["EX", 10], NOW_MS + 10_000],
  [["PX", 10], NOW_MS + 10],
  [["EXAT", 1_700_000_010], NOW_MS + 10_000],
  [["PXAT", NOW_MS + 10], NOW_MS + 10],
  [["pxat", NOW_MS + 10, "NX"], NOW_MS + 10],
  [["EX", 5, "EX", 10], NOW_MS + 10_000],
  [["PXAT", "281474976710655"], 2 ** 48 - 1],
] as const) {
  test(`${options.join(" ")} gives the key a deadline`, async () => {
    const { store, client } = await respHarness();
    expect(client().send("SET", "k", "v", ...options)).toBe("OK");
    expect(store.get("default", "k")).toMatchObject({ deadlineMs });
  });
}

test("KEEPTTL keeps the deadline that the key has", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "old", "PX", 10);
  const deadlineMs = clock.nowMs() + 10;
  expect(one.send("SET", "k", "new", "KEEPTTL")).toBe("OK");
  expect(store.get("default", "k")).toMatchObject({ deadlineMs });
  expect(one.send("SET", "fresh", "new", "keepttl")).toBe("OK");
  expect(store.get("default", "fresh")).toMatchObject({ deadlineMs: 0 });
});

test("with a deadline that has passed, the key is gone", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", "old");
  expect(client.send("SET", "k", "new", "EXAT", 1)).toBe("OK");
  expect(client.send("GET", "k")).toBeNull();
  expect(client.send("SET", "k", "new", "NX", "PXAT", NOW_MS)).toBe("OK");
  expect(client.send("GET", "k")).toBeNull();
});

for (const [options, error] of [
  [["BOGUS"], SYNTAX],
  [["PERSIST"], SYNTAX],
  [["NX", "XX"], SYNTAX],
  [["XX", "NX"], SYNTAX],
  [["IFEQ", "v", "NX"], SYNTAX],
  [["XX", "IFEQ", "v"], SYNTAX],
  [["IFEQ", "v", "IFEQ", "v"], SYNTAX],
  [["IFEQ"], SYNTAX],
  [["EX"], SYNTAX],
  [["PXAT"], SYNTAX],
  [["EX", "1", "PX", "1"], SYNTAX],
  [["EXAT", "1", "PXAT", "1"], SYNTAX],
  [["EX", "1", "KEEPTTL"], SYNTAX],
  [["KEEPTTL", "EX", "1"], SYNTAX],
  [["EX", "x", "BOGUS"], SYNTAX],
  [["EX", "x"], NOT_AN_INTEGER],
  [["EX", ""], NOT_AN_INTEGER],
  [["EX", "1.5"], NOT_AN_INTEGER],
  [["EX", "01"], NOT_AN_INTEGER],
  [["PX", "9223372036854775808"], NOT_AN_INTEGER],
  [["EX", "0"], INVALID_EXPIRE],
  [["EX", "-1"], INVALID_EXPIRE],
  [["PXAT", "0"], INVALID_EXPIRE],
  [["PXAT", "-9223372036854775808"], INVALID_EXPIRE],
  [["EX", "9223372036854776"], INVALID_EXPIRE],
  [["PX", "9223372036854775807"], INVALID_EXPIRE],
  [["PXAT", "281474976710656"], INVALID_EXPIRE],
] as const) {
  test(`refuses ${options.join(" ")}, changing nothing`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "old");
    expect(client.send("SET", "k", "new", ...options)).toEqual(error);
    expect(client.send("GET", "k")).toBe("old");
  });
}

test("an option may be any value", async () => {
  const client = (await respHarness()).client();
  expect(client.send("SET", "EX", "NX")).toBe("OK");
  expect(client.send("SET", "EX", "GET", "IFEQ", "NX")).toBe("OK");
  expect(client.send("GET", "EX")).toBe("GET");
});

test("takes at least a key and a value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'set' command");
  expect(client.send("SET")).toEqual(error);
  expect(client.send("SET", "k")).toEqual(error);
});

test("tells of the value, then of the deadline", async () => {
  const { door, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  one.send("SET", "k", "v");
  one.send("SET", "k", "v", "EX", 10, "GET");
  one.send("SET", "k", "v", "NX", "EX", 10);
  expect(events).toEqual(["set k", "set k", "expire k"]);
});

test("GET counts a hit or a miss, and nothing else does", async () => {
  const { store, client } = await respHarness();
  const one = client();
  one.send("SET", "other", "v");
  one.send("SET", "k", "v", "GET");
  one.send("SET", "k", "v", "GET");
  one.send("SET", "k", "v", "XX");
  one.send("SET", "k", "v", "IFEQ", "v");
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
});
