import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("counts the keys that are there and makes them the most recently used", async () => {
  const { client } = await respHarness({}, { capacityKeys: 2 });
  const one = client();
  one.send("SET", "a", "1");
  one.send("SET", "b", "2");
  expect(one.send("TOUCH", "a", "nothing", "a")).toBe(2);
  one.send("SET", "c", "3");
  expect(one.send("EXISTS", "a")).toBe(1);
  expect(one.send("EXISTS", "b")).toBe(0);
});

test("touches also for a client that otherwise does not", async () => {
  const { client } = await respHarness({}, { capacityKeys: 2 });
  const one = client();
  one.send("SET", "a", "1");
  one.send("SET", "b", "2");
  one.connection.client.isNoTouch = true;
  expect(one.send("TOUCH", "a")).toBe(1);
  one.send("SET", "c", "3");
  expect(one.send("EXISTS", "a", "b")).toBe(1);
});

test("does not count a key past its deadline", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("TOUCH", "k")).toBe(0);
});

test("wants at least one key", async () => {
  const client = (await respHarness()).client();
  const words = "ERR wrong number of arguments for 'touch' command";
  expect(client.send("TOUCH")).toEqual(new ReplyError(words));
});
