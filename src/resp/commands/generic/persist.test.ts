import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("takes the deadline away, and tells whether there was one", async () => {
  const { door, clock, client } = await respHarness();
  const one = client();
  expect(one.send("PERSIST", "k")).toBe(0);
  expect(one.send("PERSIST", "")).toBe(0);
  one.send("SET", "k", "v");
  expect(one.send("PERSIST", "k")).toBe(0);
  one.send("PEXPIRE", "k", 10);
  const events = recordKeyEvents(door);
  expect(one.send("PERSIST", "k")).toBe(1);
  expect(one.send("PERSIST", "k")).toBe(0);
  expect(events).toEqual(["persist default k"]);
  clock.advance(10);
  expect(one.send("GET", "k")).toBe("v");
});

test("does nothing to a key past its deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("PERSIST", "k")).toBe(0);
  expect(one.send("GET", "k")).toBeNull();
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'persist' command");
  expect(client.send("PERSIST")).toEqual(error);
  expect(client.send("PERSIST", "a", "b")).toEqual(error);
});
