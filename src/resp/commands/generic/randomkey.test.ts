import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("is nil where there is no key", async () => {
  const { store, client } = await respHarness();
  const one = client();
  expect(one.send("RANDOMKEY")).toBeNull();
  await store.set({ namespace: "db1", key: "other", kind: "text", value: "v" });
  one.send("SET", "k", "v");
  one.send("DEL", "k");
  expect(one.send("RANDOMKEY")).toBeNull();
});

test("is any key that is there, and none past its deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  for (let i = 0; i < 20; i++) one.send("SET", `k${i}`, "v");
  for (let i = 0; i < 20; i++) one.send("SET", `x${i}`, "v", "PX", 10);
  clock.advance(10);
  const seen = new Set<unknown>();
  for (let i = 0; i < 1000; i++) seen.add(one.send("RANDOMKEY"));
  expect([...seen].sort()).toEqual(Array.from({ length: 20 }, (_, i) => `k${i}`).sort());
});

test("is nil where all keys are past their deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  for (let i = 0; i < 400; i++) one.send("SET", `k${i}`, "v", "PX", 10);
  clock.advance(10);
  expect(one.send("RANDOMKEY")).toBeNull();
  one.send("SET", "k300", "v");
  expect(one.send("RANDOMKEY")).toBe("k300");
});

test("takes no argument", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'randomkey' command");
  expect(client.send("RANDOMKEY", "k")).toEqual(error);
});
