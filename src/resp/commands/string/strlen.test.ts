import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers the length in bytes, 0 for a key that is not there", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  one.send("SET", "empty", "");
  one.send("SET", "umlaut", "ü");
  one.send("SET", "long", "x".repeat(70_000));
  one.send("SET", "old", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("STRLEN", "empty")).toBe(0);
  expect(one.send("STRLEN", "umlaut")).toBe(2);
  expect(one.send("STRLEN", "long")).toBe(70_000);
  expect(one.send("STRLEN", "old")).toBe(0);
  expect(store.stats()).toMatchObject({ hits: 3, misses: 1 });
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'strlen' command");
  expect(client.send("STRLEN")).toEqual(error);
  expect(client.send("STRLEN", "a", "b")).toEqual(error);
});
