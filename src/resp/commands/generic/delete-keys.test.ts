import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const LARGE = "x".repeat(60_000);

for (const name of ["DEL", "UNLINK"]) {
  test(`${name} removes keys and counts those that were there, each once`, async () => {
    const client = (await respHarness()).client();
    client.send("MSET", "a", "1", "b", "2", "c", "3");
    expect(client.send(name, "nothing")).toBe(0);
    expect(client.send(name, "a")).toBe(1);
    expect(client.send(name, "a")).toBe(0);
    expect(client.send(name, "b", "nothing", "b", "c")).toBe(2);
    expect(client.send("DBSIZE")).toBe(0);
  });

  test(`${name} does not count a key past its deadline`, async () => {
    const { clock, client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v", "PX", 10);
    clock.advance(10);
    expect(one.send(name, "k", "k")).toBe(0);
  });

  test(`${name} takes names that no key can have for keys that are not there`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "v");
    expect(client.send(name, "")).toBe(0);
    expect(client.send(name, Buffer.alloc(65_536), "k", "")).toBe(1);
  });

  test(`${name} tells of every key that it removed`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    one.send("MSET", "a", "1", "b", "2");
    const events = recordKeyEvents(door);
    one.send(name, "b", "nothing", "a", "b");
    expect(events).toEqual(["del default b", "del default a"]);
  });

  test(`${name} wants at least one key`, async () => {
    const client = (await respHarness()).client();
    const words = `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    expect(client.send(name)).toEqual(new ReplyError(words));
  });

  test(`${name} of several keys waits for the log as one, and removes none meanwhile`, async () => {
    const { store, disk, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 65_536 });
    const one = client();
    one.feed("SET a 1\r\nSET b 2\r\n");
    await one.waitForReplies(2);
    const release = disk.hold("sync");
    one.feed(`SET large ${LARGE}\r\n${name} a b\r\n`);
    expect(store.keyCount("default")).toBe(3);
    release();
    expect(await one.waitForReplies(2)).toEqual(["OK", 2]);
    expect(store.keyCount("default")).toBe(1);
    await store.close();
  });
}
