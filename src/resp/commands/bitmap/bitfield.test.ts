import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import type { Reply } from "../../../../test/support/resp-reply.ts";

const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const BIT_OFFSET = new ReplyError("ERR bit offset is not an integer or out of range");
const BAD_OVERFLOW = new ReplyError("ERR Invalid OVERFLOW type specified");
const BAD_TYPE = new ReplyError(
  "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.",
);
const I64_MAX = 9223372036854775807n;
const I64_MIN = -9223372036854775808n;

/** The operations on a key that is not there, what they answer, and the bytes that come of it. */
const CASES: readonly (readonly [string, Reply[], string | null])[] = [
  ["", [], null],
  ["GET u8 0 get i8 0", [0, 0], null],
  ["SET u8 0 255 GET i8 0 GET u4 2", [0, -1, 15], "ff"],
  ["SET i8 0 -1 SET i8 0 1", [0, -1], "01"],
  ["SET u8 #1 1 GET u8 8 GET u16 #0", [0, 1, 1], "0001"],
  ["SET u5 3 21 GET u5 3 GET u1 2", [0, 21, 0], "15"],
  ["SET u3 6 5 GET u3 6", [0, 5], "0280"],
  ["SET i64 0 -2 GET i64 0 GET u63 1", [0, -2, I64_MAX - 1n], "fffffffffffffffe"],
  ["INCRBY i5 100 1 GET u4 0", [1, 0], "0000000000000000000000000080"],
  ["INCRBY u2 0 1 INCRBY u2 0 2 INCRBY u2 0 1", [1, 3, 0], "00"],
  ["OVERFLOW SAT INCRBY u2 0 9 INCRBY u2 0 -9", [3, 0], "00"],
  ["OVERFLOW FAIL INCRBY u2 0 9 INCRBY u2 0 3", [null, 3], "c0"],
  ["OVERFLOW FAIL INCRBY u2 0 4", [null], "00"],
  ["INCRBY i8 0 128 INCRBY i8 0 -1", [-128, 127], "7f"],
  ["OVERFLOW SAT INCRBY i8 0 128 INCRBY i8 0 -256", [127, -128], "80"],
  ["OVERFLOW SAT SET i8 0 -129 GET i8 0", [0, -128], "80"],
  ["OVERFLOW SAT SET u8 0 -1 GET u8 0", [0, 255], "ff"],
  ["OVERFLOW SAT SET i8 0 -9223372036854775808 GET i8 0", [0, 127], "7f"],
  ["SET u8 0 257 OVERFLOW FAIL SET u8 0 256", [0, null], "01"],
  ["OVERFLOW SAT OVERFLOW WRAP INCRBY u8 0 257", [1], "01"],
  ["SET i64 0 9223372036854775807 INCRBY i64 0 1", [0, I64_MIN], "8000000000000000"],
  ["SET i64 0 9223372036854775807 OVERFLOW SAT INCRBY i64 0 1", [0, I64_MAX], "7fffffffffffffff"],
  ["SET i1 0 -1 INCRBY i1 0 1 OVERFLOW sat INCRBY i1 0 1", [0, 0, 0], "00"],
];

for (const [operations, replies, hex] of CASES) {
  test(`BITFIELD ${operations} answers ${JSON.stringify(replies.map(Number))} and leaves ${hex ?? "no key"}`, async () => {
    const client = (await respHarness()).client();
    const parts = operations === "" ? [] : operations.split(" ");
    expect(client.send("BITFIELD", "k", ...parts)).toEqual(replies);
    const value = hex === null ? null : Buffer.from(hex, "hex").toString("latin1");
    expect(client.send("GET", "k")).toBe(value);
  });
}

const MISTAKES: readonly (readonly [string, ReplyError])[] = [
  ["GET u8", SYNTAX],
  ["SET u8 0", SYNTAX],
  ["INCRBY u8 0", SYNTAX],
  ["OVERFLOW", SYNTAX],
  ["PUT u8 0 1", SYNTAX],
  ["GET u8 0 x", SYNTAX],
  ["OVERFLOW never", BAD_OVERFLOW],
  ["GET u64 0", BAD_TYPE],
  ["GET i65 0", BAD_TYPE],
  ["GET u0 0", BAD_TYPE],
  ["GET i 0", BAD_TYPE],
  ["GET U8 0", BAD_TYPE],
  ["GET 8 0", BAD_TYPE],
  ["GET i08 0", BAD_TYPE],
  ["GET u8 -1", BIT_OFFSET],
  ["GET u8 #-1", BIT_OFFSET],
  ["GET u8 #", BIT_OFFSET],
  ["GET u8 #x", BIT_OFFSET],
  ["GET u8 134217728", BIT_OFFSET],
  ["GET u8 #16777216", BIT_OFFSET],
  ["SET u8 x y", BIT_OFFSET],
  ["SET u8 0 x", NOT_AN_INTEGER],
  ["INCRBY u8 0 9223372036854775808", NOT_AN_INTEGER],
];

for (const [mistake, error] of MISTAKES) {
  test(`refuses "${mistake}", and does nothing of what stands before it`, async () => {
    const client = (await respHarness()).client();
    const parts = mistake.split(" ");
    expect(client.send("BITFIELD", "k", "SET", "u8", "0", "1", ...parts)).toEqual(error);
    expect(client.send("BITFIELD_RO", "k", ...parts)).toEqual(error);
    expect(client.send("GET", "k")).toBeNull();
  });
}

test("a field that leads beyond the longest value is refused", async () => {
  const { client } = await respHarness();
  const one = client();
  const tooLong = new ReplyError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  expect(one.send("BITFIELD", "k", "SET", "u8", 16 * 1024 * 1024 * 8 - 1, 1)).toEqual(tooLong);
  expect(one.send("BITFIELD", "k", "SET", "u8", 16 * 1024 * 1024 * 8 - 8, 1)).toEqual([0]);
});

test("a change keeps the deadline; none is logged when all stays as it is", async () => {
  const { client, store, clock } = await respHarness();
  const one = client();
  const deadlineMs = clock.nowMs() + 1000;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "ab", deadlineMs });
  const { lastSeq } = store.engine.journal;
  expect(one.send("BITFIELD", "k", "SET", "u8", 0, 97, "INCRBY", "u8", 8, 0)).toEqual([97, 98]);
  expect(store.engine.journal.lastSeq).toBe(lastSeq);
  expect(one.send("BITFIELD", "k", "INCRBY", "u8", 8, 1)).toEqual([99]);
  expect(store.get("default", "k")).toMatchObject({ kind: "bytes", deadlineMs });
  expect(store.engine.journal.lastSeq).toBe(lastSeq + 1);
});

test("a failed overflow is the null of RESP3", async () => {
  const client = (await respHarness()).client();
  client.connection.client.resp = 3;
  client.feed("BITFIELD k OVERFLOW FAIL INCRBY u2 0 4\r\n");
  expect(client.replies()).toEqual([[null]]);
});

test("takes at least a key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'bitfield' command");
  expect(client.send("BITFIELD")).toEqual(error);
});
