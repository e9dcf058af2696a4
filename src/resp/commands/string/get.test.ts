import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers the value, and nil for a key that is not there", async () => {
  const client = (await respHarness()).client();
  expect(client.send("GET", "k")).toBeNull();
  client.send("SET", "k", Buffer.from([0, 255, 13, 10]));
  expect(client.send("get", "k")).toBe("\x00\xff\r\n");
});

test("does not answer a value past its deadline", async () => {
  const { store, clock, client } = await respHarness();
  await store.set({
    namespace: "default",
    key: "k",
    kind: "text",
    value: "v",
    deadlineMs: clock.nowMs() + 10,
  });
  const one = client();
  expect(one.send("GET", "k")).toBe("v");
  clock.advance(10);
  expect(one.send("GET", "k")).toBeNull();
});

test("counts hits and misses of its namespace", async () => {
  const { store, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  one.send("GET", "k");
  one.send("GET", "nothing");
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'get' command");
  expect(client.send("GET")).toEqual(error);
  expect(client.send("GET", "a", "b")).toEqual(error);
});
