import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("sets all keys and answers 1, or none and 0 when any of them is there", async () => {
  const { door, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  expect(one.send("MSETNX", "a", "1", "b", "2", "a", "3")).toBe(1);
  expect(one.send("MSETNX", "c", "1", "b", "4")).toBe(0);
  expect(one.send("MGET", "a", "b", "c")).toEqual(["3", "2", null]);
  expect(events).toEqual(["set a", "set b", "set a"]);
});

test("takes a key past its deadline for one that is not there", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "a", "1", "PX", 10);
  clock.advance(10);
  expect(one.send("MSETNX", "a", "2", "b", "3")).toBe(1);
  expect(one.send("MGET", "a", "b")).toEqual(["2", "3"]);
});

test("counts neither hits nor misses", async () => {
  const { store, client } = await respHarness();
  const one = client();
  one.send("MSETNX", "a", "1");
  one.send("MSETNX", "a", "1");
  expect(store.stats()).toMatchObject({ hits: 0, misses: 0 });
});

test("takes pairs of key and value", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'msetnx' command");
  for (const args of [[], ["a"], ["a", "1", "b"]]) {
    expect(client.send("MSETNX", ...args)).toEqual(error);
  }
});
