import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("counts the keys of the database and of no other", async () => {
  const { store, client } = await respHarness();
  const one = client();
  expect(one.send("DBSIZE")).toBe(0);
  await store.set({ namespace: "db1", key: "other", kind: "text", value: "v" });
  one.send("MSET", "a", "1", "b", "2");
  expect(one.send("DBSIZE")).toBe(2);
  one.connection.client.namespace = "db1";
  expect(one.send("DBSIZE")).toBe(1);
});

test("takes no argument", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'dbsize' command");
  expect(client.send("DBSIZE", "k")).toEqual(error);
});
