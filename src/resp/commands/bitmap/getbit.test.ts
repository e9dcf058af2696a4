import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers each bit of a string, the highest of a byte first, and 0 behind the end", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", Buffer.from([0b1010_0001, 0x80]));
  const bits = Array.from({ length: 18 }, (_, i) => client.send("GETBIT", "k", i));
  expect(bits).toEqual([1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("answers 0 for a key that is not there, or not any more", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 5;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "\x7f", deadlineMs });
  const one = client();
  expect(one.send("GETBIT", "k", 1)).toBe(1);
  clock.advance(5);
  expect(one.send("GETBIT", "k", 1)).toBe(0);
  expect(one.send("GETBIT", "nothing", 0)).toBe(0);
});

test("counts hits and misses", async () => {
  const { store, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  one.send("GETBIT", "k", 0);
  one.send("GETBIT", "nothing", 0);
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
});

test("takes exactly two arguments", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'getbit' command");
  expect(client.send("GETBIT", "k")).toEqual(error);
  expect(client.send("GETBIT", "k", 1, 1)).toEqual(error);
});
