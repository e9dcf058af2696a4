import { expect, test } from "vitest";
import { KIND } from "../../../memory/entry.ts";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

for (const name of ["RENAME", "RENAMENX"]) {
  const done = name === "RENAME" ? "OK" : 1;

  test(`${name} moves value and deadline to the new name`, async () => {
    const client = (await respHarness()).client();
    const value = Buffer.from([0, 255, 13, 10]);
    client.send("SET", "a", value, "PX", 5000);
    expect(client.send(name, "a", "b")).toBe(done);
    expect(client.send("GET", "b")).toBe("\x00\xff\r\n");
    expect(client.send("PTTL", "b")).toBe(5000);
    expect(client.send("EXISTS", "a")).toBe(0);
    client.send("SET", "a", "");
    expect(client.send(name, "a", "c")).toBe(done);
    expect(client.send("GET", "c")).toBe("");
    expect(client.send("PTTL", "c")).toBe(-1);
  });

  test(`${name} of a key that is not there is an error, also to its own name`, async () => {
    const { clock, client } = await respHarness();
    const one = client();
    const error = new ReplyError("ERR no such key");
    one.send("SET", "k", "v", "PX", 10);
    clock.advance(10);
    for (const [from, to] of [
      ["a", "b"],
      ["a", "a"],
      ["k", "b"],
      ["", "b"],
    ] as const) {
      expect(one.send(name, from, to)).toEqual(error);
    }
  });

  test(`${name} to the name that it has changes nothing`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v");
    const events = recordKeyEvents(door);
    expect(one.send(name, "k", "k")).toBe(name === "RENAME" ? "OK" : 0);
    expect(one.send("GET", "k")).toBe("v");
    expect(events).toEqual([]);
  });

  test(`${name} overwrites a key past its deadline`, async () => {
    const { clock, client } = await respHarness();
    const one = client();
    one.send("SET", "b", "old", "PX", 10);
    one.send("SET", "a", "v");
    clock.advance(10);
    expect(one.send(name, "a", "b")).toBe(done);
    expect(one.send("GET", "b")).toBe("v");
    expect(one.send("TTL", "b")).toBe(-1);
  });

  test(`${name} keeps what kind of value it is`, async () => {
    const { store, client } = await respHarness();
    await store.set({ namespace: "default", key: "a", kind: "json", value: '{"x":1}' });
    expect(client().send(name, "a", "b")).toBe(done);
    const slot = store.find("default", "b", false);
    expect(store.engine.table.kind(slot)).toBe(KIND.json);
  });

  test(`${name} refuses a new name that no key can have, and loses nothing`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "a", "v");
    expect(client.send(name, "a", Buffer.alloc(65_536))).toBeInstanceOf(ReplyError);
    expect(client.send(name, "a", "")).toBeInstanceOf(ReplyError);
    expect(client.send("GET", "a")).toBe("v");
  });

  test(`${name} that finds no memory loses nothing`, async () => {
    const options = { memoryBytesMax: 1024 * 1024, eviction: "none" } as const;
    const client = (await respHarness({}, options)).client();
    const value = "x".repeat(600_000);
    expect(client.send("SET", "a", value)).toBe("OK");
    const words = "OOM command not allowed when used memory > 'maxmemory'.";
    expect(client.send(name, "a", "b")).toEqual(new ReplyError(words));
    expect(client.send("GET", "a")).toBe(value);
  });

  test(`${name} moves a key though it is itself what gives way`, async () => {
    const client = (await respHarness({}, { capacityKeys: 1 })).client();
    client.send("SET", "a", "v");
    expect(client.send(name, "a", "b")).toBe(done);
    expect(client.send("GET", "b")).toBe("v");
    expect(client.send("DBSIZE")).toBe(1);
  });

  test(`${name} waits for the log as one`, async () => {
    const { store, disk, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 65_536 });
    const one = client();
    one.feed("SET a v\r\n");
    await one.waitForReplies();
    const release = disk.hold("sync");
    one.feed(`SET large ${"x".repeat(60_000)}\r\n${name} a b\r\n`);
    expect(store.keyCount("default")).toBe(2);
    release();
    expect(await one.waitForReplies(2)).toEqual(["OK", done]);
    one.feed("GET b\r\nEXISTS a\r\n");
    expect(await one.waitForReplies(2)).toEqual(["v", 0]);
    await store.close();
  });

  test(`${name} takes two names`, async () => {
    const client = (await respHarness()).client();
    const words = `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    expect(client.send(name, "a")).toEqual(new ReplyError(words));
    expect(client.send(name, "a", "b", "c")).toEqual(new ReplyError(words));
  });
}

test("RENAME overwrites a key, and tells of both in Redis's order", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("MSET", "a", "1", "b", "2");
  const events = recordKeyEvents(door);
  expect(one.send("RENAME", "a", "b")).toBe("OK");
  expect(one.send("GET", "b")).toBe("1");
  expect(events).toEqual(["new default b", "rename_from default a", "rename_to default b"]);
});

test("RENAMENX leaves a key that is in the way alone", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("MSET", "a", "1", "b", "2");
  const events = recordKeyEvents(door);
  expect(one.send("RENAMENX", "a", "b")).toBe(0);
  expect(one.send("MGET", "a", "b")).toEqual(["1", "2"]);
  expect(events).toEqual([]);
});
