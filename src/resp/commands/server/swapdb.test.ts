import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const FIRST = new ReplyError("ERR invalid first DB index");
const SECOND = new ReplyError("ERR invalid second DB index");
const OUT_OF_RANGE = new ReplyError("ERR DB index is out of range");

test("who is connected to one database sees the keys of the other at once", async () => {
  const { store, client } = await respHarness();
  const one = client();
  await store.set({ namespace: "db1", key: "k", kind: "text", value: "in 1" });
  one.send("SET", "k", "in 0");
  expect(one.send("SWAPDB", 0, 1)).toBe("OK");
  expect(one.send("GET", "k")).toBe("in 1");
  expect(store.get("db1", "k")?.value.toString()).toBe("in 0");
  expect(one.send("SWAPDB", 1, 0)).toBe("OK");
  expect(one.send("GET", "k")).toBe("in 0");
});

test("a database may be swapped with itself, and with one that is empty", async () => {
  const { client } = await respHarness();
  const one = client();
  expect(one.send("SWAPDB", 3, 4)).toBe("OK");
  one.send("SET", "k", "v");
  expect(one.send("SWAPDB", 0, 0)).toBe("OK");
  expect(one.send("GET", "k")).toBe("v");
  expect(one.send("SWAPDB", 15, 0)).toBe("OK");
  expect(one.send("GET", "k")).toBeNull();
});

test("the reply waits until the swap is on disk, and so does what shows it", async () => {
  const { store, client } = await respHarnessOnDisk();
  await store.set({ namespace: "db1", key: "k", kind: "text", value: "v" });
  const [one, other] = [client(), client()];
  one.feed("SWAPDB 0 1\r\n");
  other.feed("GET k\r\n");
  expect([...one.replies(), ...other.replies()]).toEqual([]);
  expect(await one.waitForReplies()).toEqual(["OK"]);
  expect(await other.waitForReplies()).toEqual(["v"]);
  await store.close();
});

const MISTAKES: readonly (readonly [string, string, ReplyError])[] = [
  ["x", "y", FIRST],
  ["", "0", FIRST],
  ["2147483648", "0", FIRST],
  ["0", "y", SECOND],
  ["16", "01", SECOND],
  ["0", "-2147483649", SECOND],
  ["0", "16", OUT_OF_RANGE],
  ["-1", "0", OUT_OF_RANGE],
  ["2147483647", "0", OUT_OF_RANGE],
];

for (const [first, second, error] of MISTAKES) {
  test(`refuses "${first}" and "${second}"`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SWAPDB", first, second)).toEqual(error);
  });
}

test("takes exactly two databases", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'swapdb' command");
  expect(client.send("SWAPDB", 0)).toEqual(error);
  expect(client.send("SWAPDB", 0, 1, 2)).toEqual(error);
});
