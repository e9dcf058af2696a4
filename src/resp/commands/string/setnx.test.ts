import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("sets a key that is not there and answers 1, else 0", async () => {
  const { door, clock, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  expect(one.send("SETNX", "k", "")).toBe(1);
  expect(one.send("SETNX", "k", "v")).toBe(0);
  expect(one.send("GET", "k")).toBe("");
  expect(events).toEqual(["set k"]);
  one.send("SET", "old", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("SETNX", "old", "new")).toBe(1);
});

test("takes a key and a value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'setnx' command");
  expect(client.send("SETNX", "k")).toEqual(error);
  expect(client.send("SETNX", "k", "v", "w")).toEqual(error);
});
