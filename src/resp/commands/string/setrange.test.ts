import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

for (const [before, offset, value, after] of [
  ["Hello World", "6", "Redis", "Hello Redis"],
  ["Hello", "3", "p me", "Help me"],
  ["Hello", "0", "J", "Jello"],
  ["Hello", "5", "!", "Hello!"],
  ["ab", "4", "c", "ab\x00\x00c"],
  ["", "1", "x", "\x00x"],
  [null, "2", "x", "\x00\x00x"],
  [null, "0", "x", "x"],
] as const) {
  test(`${JSON.stringify(value)} at ${offset} of ${JSON.stringify(before)}`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    if (before !== null) one.send("SET", "k", before);
    const events = recordEvents(door);
    expect(one.send("SETRANGE", "k", offset, value)).toBe(after.length);
    expect(one.send("GET", "k")).toBe(after);
    expect(events).toEqual(["setrange k"]);
  });
}

test("with an empty value changes nothing and answers the length", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "abc");
  const events = recordEvents(door);
  expect(one.send("SETRANGE", "none", 5, "")).toBe(0);
  expect(one.send("SETRANGE", "k", "9223372036854775807", "")).toBe(3);
  expect(one.send("GET", "none")).toBeNull();
  expect(events).toEqual([]);
});

test("keeps the deadline; what comes of it is bytes", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 10;
  const request = { namespace: "default", key: "k", kind: "text", value: "abc" } as const;
  await store.set({ ...request, deadlineMs });
  const one = client();
  expect(one.send("SETRANGE", "k", 1, "x")).toBe(3);
  expect(store.get("default", "k")).toMatchObject({ kind: "bytes", deadlineMs });
  clock.advance(10);
  expect(one.send("SETRANGE", "k", 1, "x")).toBe(2);
});

for (const [offset, value, error] of [
  ["x", "v", "ERR value is not an integer or out of range"],
  ["9223372036854775808", "", "ERR value is not an integer or out of range"],
  ["-1", "v", "ERR offset is out of range"],
  ["-9223372036854775808", "", "ERR offset is out of range"],
  ["16777216", "v", "ERR string exceeds maximum allowed size (proto-max-bulk-len)"],
  ["9223372036854775807", "v", "ERR string exceeds maximum allowed size (proto-max-bulk-len)"],
] as const) {
  test(`refuses "${value}" at ${offset}, whether the key is there or not`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SETRANGE", "k", offset, value)).toEqual(new ReplyError(error));
    client.send("SET", "k", "abc");
    expect(client.send("SETRANGE", "k", offset, value)).toEqual(new ReplyError(error));
    expect(client.send("GET", "k")).toBe("abc");
  });
}

test("reaches the last byte that a value may have", async () => {
  const { door, client } = await respHarness();
  const last = door.valueBytesMax - 1;
  expect(client().send("SETRANGE", "k", last, "v")).toBe(door.valueBytesMax);
});

test("takes a key, an offset and a value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'setrange' command");
  expect(client.send("SETRANGE", "k", "1")).toEqual(error);
  expect(client.send("SETRANGE", "k", "1", "v", "w")).toEqual(error);
});
