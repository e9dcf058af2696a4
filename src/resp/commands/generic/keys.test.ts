import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

async function withKeys(...names: string[]): Promise<(pattern: string) => unknown> {
  const client = (await respHarness()).client();
  for (const name of names) client.send("SET", Buffer.from(name, "latin1"), "v");
  return (pattern) => {
    const reply = client.send("KEYS", Buffer.from(pattern, "latin1"));
    return Array.isArray(reply) ? [...reply].sort() : reply;
  };
}

test("lists the keys that match", async () => {
  const keys = await withKeys("one", "two", "three", "\xff\r\n");
  expect(keys("*")).toEqual(["one", "three", "two", "\xff\r\n"]);
  expect(keys("t*")).toEqual(["three", "two"]);
  expect(keys("[\xf0-\xff]??")).toEqual(["\xff\r\n"]);
  expect(keys("one")).toEqual(["one"]);
  expect(keys("nothing*")).toEqual([]);
  expect(keys("")).toEqual([]);
});

test("lists no key past its deadline, and none of another database", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  expect(one.send("KEYS", "*")).toEqual([]);
  await store.set({ namespace: "db1", key: "other", kind: "text", value: "v" });
  one.send("SET", "a", "v", "PX", 10);
  one.send("SET", "b", "v");
  clock.advance(10);
  expect(one.send("KEYS", "*")).toEqual(["b"]);
});

test("refuses a reply that is longer than the output may be", async () => {
  const client = (await respHarness({ outputBytesMax: 10_000 })).client();
  for (let i = 0; i < 20; i++) client.send("SET", String(i).padEnd(1000, "x"), "v");
  const words = "ERR the reply has more than 10000 bytes; use SCAN";
  expect(client.send("KEYS", "*")).toEqual(new ReplyError(words));
  expect(client.send("KEYS", "1x*")).toHaveLength(1);
});

test("shows nothing that is not acknowledged", async () => {
  const { store, disk, client } = await respHarnessOnDisk();
  const one = client();
  const release = disk.hold("sync");
  const write = store.set({ namespace: "default", key: "k", kind: "text", value: "v" });
  one.feed("KEYS *\r\nDBSIZE\r\nRANDOMKEY\r\nSCAN 0\r\n");
  expect(one.replies()).toEqual([]);
  release();
  await write;
  expect(await one.waitForReplies(4)).toEqual([["k"], 1, "k", ["0", ["k"]]]);
  await store.close();
});

test("takes exactly one pattern", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'keys' command");
  expect(client.send("KEYS")).toEqual(error);
  expect(client.send("KEYS", "a", "b")).toEqual(error);
});
