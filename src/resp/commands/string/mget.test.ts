import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

for (const resp of [2, 3]) {
  test(`answers a value or nil for each key, in order, in RESP${resp}`, async () => {
    const { store, clock, client } = await respHarness();
    const one = client();
    one.connection.client.resp = resp;
    one.send("SET", "a", Buffer.from([0, 255]));
    one.send("SET", "b", "");
    one.send("SET", "old", "v", "PX", 10);
    clock.advance(10);
    expect(one.send("MGET", "b", "none", "a", "old", "a")).toEqual([
      "",
      null,
      "\x00\xff",
      null,
      "\x00\xff",
    ]);
    expect(store.stats()).toMatchObject({ hits: 3, misses: 2 });
  });
}

test("takes a thousand keys", async () => {
  const client = (await respHarness()).client();
  const keys = Array.from({ length: 1000 }, (_, i) => `k${i}`);
  client.send("MSET", ...keys.flatMap((key) => [key, `v of ${key}`]));
  expect(client.send("MGET", ...keys)).toEqual(keys.map((key) => `v of ${key}`));
});

test("takes at least one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'mget' command");
  expect(client.send("MGET")).toEqual(error);
});
