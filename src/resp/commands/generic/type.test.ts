import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("is string for every key that is there, none for others", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "", "PX", 10);
  one.feed("TYPE k\r\n");
  expect(one.replies()).toEqual(["string"]);
  clock.advance(10);
  expect(one.send("TYPE", "k")).toBe("none");
  expect(one.send("TYPE", "")).toBe("none");
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'type' command");
  expect(client.send("TYPE")).toEqual(error);
  expect(client.send("TYPE", "a", "b")).toEqual(error);
});
