import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("takes value and deadline to another database", async () => {
  const { door, store, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 5000);
  const events = recordKeyEvents(door);
  expect(one.send("MOVE", "k", "3")).toBe(1);
  expect(one.send("EXISTS", "k")).toBe(0);
  const { table } = store.engine;
  const slot = store.find("db3", "k", false);
  expect(table.valueText(slot)).toBe("v");
  expect(table.deadline(slot)).toBe(1_700_000_005_000);
  const told = ["new db3 k", "move_from default k", "move_to db3 k", "keymiss default k"];
  expect(events).toEqual(told);
});

test("is 0 when there is no such key, or one there already", async () => {
  const { store, clock, client } = await respHarness();
  const one = client();
  expect(one.send("MOVE", "k", "1")).toBe(0);
  await store.set({ namespace: "db1", key: "k", kind: "text", value: "there" });
  one.send("SET", "k", "here", "PX", 10);
  expect(one.send("MOVE", "k", "1")).toBe(0);
  expect(one.send("GET", "k")).toBe("here");
  clock.advance(10);
  expect(one.send("MOVE", "k", "2")).toBe(0);
});

const INTEGER = "ERR value is not an integer or out of range";
const INT = "ERR value is out of range, value must between -2147483648 and 2147483647";
for (const [args, error] of [
  [["k", "0"], "ERR source and destination objects are the same"],
  [["nothing", "0"], "ERR source and destination objects are the same"],
  [["k", "x"], INTEGER],
  [["k", "2147483648"], INT],
  [["k", "16"], "ERR DB index is out of range"],
  [["k", "-1"], "ERR DB index is out of range"],
  [["k"], "ERR wrong number of arguments for 'move' command"],
  [["k", "1", "2"], "ERR wrong number of arguments for 'move' command"],
] as const) {
  test(`MOVE ${args.join(" ")} is refused`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "v");
    expect(client.send("MOVE", ...args)).toEqual(new ReplyError(error));
    expect(client.send("GET", "k")).toBe("v");
  });
}

test("waits for the log as one", async () => {
  const { store, disk, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 65_536 });
  const one = client();
  one.feed("SET k v\r\n");
  await one.waitForReplies();
  const release = disk.hold("sync");
  one.feed(`SET large ${"x".repeat(60_000)}\r\nMOVE k 1\r\n`);
  expect([store.keyCount("default"), store.keyCount("db1")]).toEqual([2, 0]);
  release();
  expect(await one.waitForReplies(2)).toEqual(["OK", 1]);
  expect([store.keyCount("default"), store.keyCount("db1")]).toEqual([1, 1]);
  await store.close();
});
