import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers the value and deletes the key; nil when there is none", async () => {
  const { door, client } = await respHarness();
  const events = recordEvents(door);
  const one = client();
  one.send("SET", "k", "v");
  expect(one.send("GETDEL", "k")).toBe("v");
  expect(one.send("GETDEL", "k")).toBeNull();
  expect(one.send("GET", "k")).toBeNull();
  expect(events).toEqual(["set k", "del k"]);
});

test("does not see a value past its deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("GETDEL", "k")).toBeNull();
});

test("counts a hit or a miss", async () => {
  const { store, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  one.send("GETDEL", "k");
  one.send("GETDEL", "k");
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'getdel' command");
  expect(client.send("GETDEL")).toEqual(error);
  expect(client.send("GETDEL", "a", "b")).toEqual(error);
});
