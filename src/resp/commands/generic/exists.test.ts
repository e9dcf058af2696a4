import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("counts the keys that are there, one that is named twice twice", async () => {
  const client = (await respHarness()).client();
  client.send("MSET", "a", "1", "b", "");
  expect(client.send("EXISTS", "a")).toBe(1);
  expect(client.send("EXISTS", "nothing")).toBe(0);
  expect(client.send("EXISTS", "a", "nothing", "b", "a")).toBe(3);
  expect(client.send("EXISTS", "", Buffer.alloc(65_536))).toBe(0);
});

test("does not count a key past its deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(9);
  expect(one.send("EXISTS", "k")).toBe(1);
  clock.advance(1);
  expect(one.send("EXISTS", "k")).toBe(0);
});

test("counts as hits and misses, tells of misses, and is no use of the key", async () => {
  const { door, store, client } = await respHarness({}, { capacityKeys: 2 });
  const one = client();
  one.send("MSET", "a", "1", "b", "2");
  const events = recordKeyEvents(door);
  one.send("EXISTS", "a", "nothing");
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
  expect(events).toEqual(["keymiss default nothing"]);
  one.send("SET", "c", "3");
  expect(one.send("EXISTS", "a")).toBe(0);
});

test("wants at least one key", async () => {
  const client = (await respHarness()).client();
  const words = "ERR wrong number of arguments for 'exists' command";
  expect(client.send("EXISTS")).toEqual(new ReplyError(words));
});
