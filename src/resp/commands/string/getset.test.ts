import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import {
  encodeRequest,
  respHarness,
  respHarnessOnDisk,
} from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers the old value, or nil, and sets the new one", async () => {
  const { door, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  expect(one.send("GETSET", "k", "")).toBeNull();
  expect(one.send("GETSET", "k", Buffer.from([0, 255]))).toBe("");
  expect(one.send("GET", "k")).toBe("\x00\xff");
  expect(events).toEqual(["set k", "set k"]);
});

test("clears the deadline, and does not see a value past it", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "1", "PX", 10);
  expect(one.send("GETSET", "k", "2")).toBe("1");
  expect(store.get("default", "k")).toMatchObject({ deadlineMs: 0 });
  one.send("SET", "k", "3", "PX", 10);
  clock.advance(10);
  expect(one.send("GETSET", "k", "4")).toBeNull();
});

test("answers no value when the new one can't be set", async () => {
  const { client } = await respHarness({}, { valueBytesMax: 4 });
  const one = client();
  one.send("SET", "k", "old");
  const error = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
  expect(one.send("GETSET", "k", "12345")).toEqual(new ReplyError(error));
  expect(one.send("GET", "k")).toBe("old");
});

test("takes a key and a value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'getset' command");
  expect(client.send("GETSET", "k")).toEqual(error);
  expect(client.send("GETSET", "k", "v", "w")).toEqual(error);
});

test("answers once, with the value before it, however often it waits for the log", async () => {
  const { door, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 1024 });
  const one = client();
  const values = Array.from({ length: 50 }, (_, i) => String(i).padStart(100, "."));
  one.feed(Buffer.concat(values.map((value) => encodeRequest(["GETSET", "k", value]))));
  expect(door.store.waiting).toBeGreaterThan(0);
  expect(await one.waitForReplies(values.length)).toEqual([null, ...values.slice(0, -1)]);
});
