import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import {
  encodeRequest,
  respHarness,
  respHarnessOnDisk,
} from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("sets all keys, the later of two equal ones last", async () => {
  const { door, store, client } = await respHarness();
  const one = client();
  one.send("SET", "a", "old", "EX", 10);
  const events = recordEvents(door);
  expect(one.send("MSET", "a", "1", "b", Buffer.from([0, 255]), "c", "", "b", "2")).toBe("OK");
  expect(one.send("MGET", "a", "b", "c")).toEqual(["1", "2", ""]);
  expect(store.get("default", "a")).toMatchObject({ kind: "bytes", deadlineMs: 0 });
  expect(events).toEqual(["set a", "set b", "set c", "set b"]);
});

test("sets none when one of them can't be set", async () => {
  const { client } = await respHarness({}, { valueBytesMax: 4 });
  const one = client();
  const tooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
  expect(one.send("MSET", "a", "1", "b", "12345")).toEqual(new ReplyError(tooLong));
  expect(one.send("MSET", "a", "1", "", "2")).toBeInstanceOf(ReplyError);
  expect(one.send("GET", "a")).toBeNull();
});

test("takes pairs of key and value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'mset' command");
  for (const args of [[], ["a"], ["a", "1", "b"]]) {
    expect(client.send("MSET", ...args)).toEqual(error);
  }
  expect(client.send("GET", "a")).toBeNull();
});

test("sets all keys once it has waited for the log", async () => {
  const { door, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 1024 });
  const one = client();
  const requests = Array.from({ length: 50 }, (_, i) => ["MSET", "a", `${i}`, "b", `${i}`]);
  one.feed(Buffer.concat(requests.map((request) => encodeRequest(request))));
  expect(door.store.waiting).toBeGreaterThan(0);
  expect(await one.waitForReplies(50)).toEqual(requests.map(() => "OK"));
  one.feed(encodeRequest(["MGET", "a", "b"]));
  expect(await one.waitForReplies()).toEqual([["49", "49"]]);
});
