import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("gives another key the value and the deadline", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("SET", "a", Buffer.from([0, 255]), "PX", 5000);
  const events = recordKeyEvents(door);
  expect(one.send("COPY", "a", "b")).toBe(1);
  expect(one.send("MGET", "a", "b")).toEqual(["\x00\xff", "\x00\xff"]);
  expect(one.send("PTTL", "b")).toBe(5000);
  expect(events).toEqual(["new default b", "copy_to default b"]);
});

test("is 0 when there is nothing to copy, or something in the way", async () => {
  const { door, clock, client } = await respHarness();
  const one = client();
  one.send("MSET", "a", "1", "b", "2");
  const events = recordKeyEvents(door);
  expect(one.send("COPY", "nothing", "b")).toBe(0);
  expect(one.send("COPY", "a", "b")).toBe(0);
  expect(one.send("GET", "b")).toBe("2");
  expect(events).toEqual(["keymiss default nothing"]);
  one.send("PEXPIRE", "b", 10);
  clock.advance(10);
  expect(one.send("COPY", "a", "b")).toBe(1);
  expect(one.send("PTTL", "b")).toBe(-1);
});

test("overwrites with REPLACE", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("MSET", "a", "1", "b", "2");
  one.send("EXPIRE", "b", 100);
  const events = recordKeyEvents(door);
  expect(one.send("COPY", "a", "b", "replace", "REPLACE")).toBe(1);
  expect(one.send("GET", "b")).toBe("1");
  expect(one.send("TTL", "b")).toBe(-1);
  expect(events).toEqual(["new default b", "copy_to default b"]);
});

test("copies to another database, also to the same name; the last DB counts", async () => {
  const { door, store, client } = await respHarness();
  const one = client();
  one.send("SET", "a", "1");
  const events = recordKeyEvents(door);
  expect(one.send("COPY", "a", "a", "db", "3")).toBe(1);
  expect(one.send("COPY", "a", "b", "DB", "1", "REPLACE", "DB", "15")).toBe(1);
  expect(one.send("COPY", "a", "b", "DB", "15")).toBe(0);
  expect(store.keyCount("db3")).toBe(1);
  expect(store.keyCount("db15")).toBe(1);
  expect(store.keyCount("db1")).toBe(0);
  expect(events).toEqual(["new db3 a", "copy_to db3 a", "new db15 b", "copy_to db15 b"]);
});

const INTEGER = "ERR value is not an integer or out of range";
const INT = "ERR value is out of range, value must between -2147483648 and 2147483647";
for (const [args, error] of [
  [["a", "a"], "ERR source and destination objects are the same"],
  [["a", "a", "DB", "0"], "ERR source and destination objects are the same"],
  [["a", "b", "DB"], "ERR syntax error"],
  [["a", "b", "foo"], "ERR syntax error"],
  [["a", "b", "REPLACE", "DB"], "ERR syntax error"],
  [["a", "b", "DB", "x"], INTEGER],
  [["a", "b", "DB", ""], INTEGER],
  [["a", "b", "DB", "9223372036854775808"], INTEGER],
  [["a", "b", "DB", "2147483648"], INT],
  [["a", "b", "DB", "-2147483649"], INT],
  [["a", "b", "DB", "16"], "ERR DB index is out of range"],
  [["a", "b", "DB", "-1"], "ERR DB index is out of range"],
  [["a"], "ERR wrong number of arguments for 'copy' command"],
] as const) {
  test(`COPY ${args.join(" ")} is refused`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "a", "1");
    expect(client.send("COPY", ...args)).toEqual(new ReplyError(error));
    expect(client.send("DBSIZE")).toBe(1);
  });
}
