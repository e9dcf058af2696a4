import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("makes a key, adds to its end, and answers the length", async () => {
  const { door, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  expect(one.send("APPEND", "k", "")).toBe(0);
  expect(one.send("GET", "k")).toBe("");
  expect(one.send("APPEND", "k", Buffer.from([0, 255]))).toBe(2);
  expect(one.send("APPEND", "k", "ab")).toBe(4);
  expect(one.send("APPEND", "k", "")).toBe(4);
  expect(one.send("GET", "k")).toBe("\x00\xffab");
  expect(events).toEqual(Array.from({ length: 4 }, () => "append k"));
});

test("keeps the deadline; what comes of it is bytes", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 10;
  const request = { namespace: "default", key: "k", kind: "json", value: "1" } as const;
  await store.set({ ...request, deadlineMs });
  const one = client();
  expect(one.send("APPEND", "k", "}")).toBe(2);
  expect(store.get("default", "k")).toMatchObject({ kind: "bytes", deadlineMs });
  clock.advance(10);
  expect(one.send("APPEND", "k", "new")).toBe(3);
  expect(store.get("default", "k")).toMatchObject({ deadlineMs: 0 });
});

test("grows a value over the lengths at which it is stored differently", async () => {
  const client = (await respHarness()).client();
  let expected = "";
  for (let i = 0; i < 40; i++) {
    const more = String(i).repeat(100);
    expected += more;
    expect(client.send("APPEND", "k", more)).toBe(expected.length);
  }
  expect(client.send("GET", "k")).toBe(expected);
});

test("refuses what would become longer than values may be", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "x".repeat(door.valueBytesMax - 1));
  const error = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
  expect(one.send("APPEND", "k", "yz")).toEqual(new ReplyError(error));
  expect(one.send("APPEND", "k", "y")).toBe(door.valueBytesMax);
});

test("takes a key and a value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'append' command");
  expect(client.send("APPEND", "k")).toEqual(error);
  expect(client.send("APPEND", "k", "v", "w")).toEqual(error);
});
