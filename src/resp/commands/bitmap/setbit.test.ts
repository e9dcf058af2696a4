import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const BIT_OFFSET = new ReplyError("ERR bit offset is not an integer or out of range");
const NOT_A_BIT = new ReplyError("ERR bit is not an integer or out of range");

test("answers the old bit, and makes the string as long as it must be", async () => {
  const client = (await respHarness()).client();
  expect(client.send("SETBIT", "k", 7, 1)).toBe(0);
  expect(client.send("GET", "k")).toBe("\x01");
  expect(client.send("SETBIT", "k", 7, 0)).toBe(1);
  expect(client.send("GET", "k")).toBe("\x00");
  expect(client.send("SETBIT", "k", 24, 1)).toBe(0);
  expect(client.send("GET", "k")).toBe("\x00\x00\x00\x80");
});

test("a clear bit behind the end makes the string grow all the same", async () => {
  const client = (await respHarness()).client();
  expect(client.send("SETBIT", "k", 8, 0)).toBe(0);
  expect(client.send("GET", "k")).toBe("\x00\x00");
});

test("a bit that is what it shall be is no change", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.send("SET", "k", "a");
  const { lastSeq } = store.engine.journal;
  expect(one.send("SETBIT", "k", 1, 1)).toBe(1);
  expect(one.send("SETBIT", "k", 0, 0)).toBe(0);
  expect(store.engine.journal.lastSeq).toBe(lastSeq);
  expect(one.send("SETBIT", "k", 1, 0)).toBe(1);
  expect(store.engine.journal.lastSeq).toBe(lastSeq + 1);
});

test("keeps the deadline, and makes bytes of what was text", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 1000;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "a", deadlineMs });
  const one = client();
  one.send("SETBIT", "k", 6, 1);
  expect(store.get("default", "k")).toMatchObject({ kind: "bytes", deadlineMs });
  clock.advance(1000);
  expect(one.send("SETBIT", "k", 0, 1)).toBe(0);
  expect(store.get("default", "k")).toMatchObject({ value: Buffer.from([0x80]), deadlineMs: 0 });
});

test("takes offsets up to the last bit that a value may have", async () => {
  const { client } = await respHarness();
  const one = client();
  const lastBit = 16 * 1024 * 1024 * 8 - 1;
  expect(one.send("SETBIT", "k", lastBit, 1)).toBe(0);
  expect(one.send("GETBIT", "k", lastBit)).toBe(1);
  expect(one.send("BITCOUNT", "k")).toBe(1);
  expect(one.send("SETBIT", "k", lastBit + 1, 1)).toEqual(BIT_OFFSET);
});

for (const offset of ["-1", "", "x", "1.0", "01", "+1", "9223372036854775807", "1e3", "#1"]) {
  test(`refuses the offset ${JSON.stringify(offset)}, before it looks at the bit`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SETBIT", "k", offset, "x")).toEqual(BIT_OFFSET);
    expect(client.send("GETBIT", "k", offset)).toEqual(BIT_OFFSET);
  });
}

for (const bit of ["2", "-1", "", "x", "9223372036854775808"]) {
  test(`refuses the bit ${JSON.stringify(bit)}, and makes no key`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SETBIT", "k", 0, bit)).toEqual(NOT_A_BIT);
    expect(client.send("GET", "k")).toBeNull();
  });
}

test("takes exactly three arguments", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'setbit' command");
  expect(client.send("SETBIT", "k", 1)).toEqual(error);
  expect(client.send("SETBIT", "k", 1, 1, 1)).toEqual(error);
});

test("within a transaction an offset that no value has is refused as it is without", async () => {
  const client = (await respHarness()).client();
  client.send("MULTI");
  client.send("SETBIT", "k", "9007199254740991", 1);
  client.send("BITFIELD", "k", "SET", "u8", "9007199254740991", 1);
  client.send("SETBIT", "k", 7, 1);
  expect(client.send("EXEC")).toEqual([BIT_OFFSET, BIT_OFFSET, 0]);
});
