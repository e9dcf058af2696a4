import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import type { Store } from "../../../store/store.ts";

const NAMESPACES = ["default", "db1", "db15", "tenant", "db16"];

async function fill(store: Store): Promise<void> {
  for (const namespace of NAMESPACES) {
    await store.set({ namespace, key: "k", kind: "text", value: "v" });
  }
}

const keysOf = (store: Store): number[] => NAMESPACES.map((name) => store.keyCount(name));

for (const mode of [[], ["ASYNC"], ["sync"]]) {
  test(`FLUSHDB ${mode.join("")} empties the client's own database`, async () => {
    const { store, client } = await respHarness();
    await fill(store);
    const one = client();
    expect(one.send("FLUSHDB", ...mode)).toBe("OK");
    expect(keysOf(store)).toEqual([0, 1, 1, 1, 1]);
    expect(one.send("FLUSHDB", ...mode)).toBe("OK");
    one.connection.client.namespace = "tenant";
    expect(one.send("FLUSHDB", ...mode)).toBe("OK");
    expect(keysOf(store)).toEqual([0, 1, 1, 0, 1]);
  });

  test(`FLUSHALL ${mode.join("")} empties all databases that have a number`, async () => {
    const { store, client } = await respHarness();
    await fill(store);
    expect(client().send("FLUSHALL", ...mode)).toBe("OK");
    expect(keysOf(store)).toEqual([0, 0, 0, 1, 1]);
  });
}

for (const name of ["FLUSHDB", "FLUSHALL"]) {
  test(`${name} refuses anything else`, async () => {
    const { store, client } = await respHarness();
    await fill(store);
    const one = client();
    for (const args of [["foo"], [""], ["ASYNC", "SYNC"], ["ASYNC", "ASYNC"]]) {
      expect(one.send(name, ...args)).toEqual(new ReplyError("ERR syntax error"));
    }
    expect(keysOf(store)).toEqual([1, 1, 1, 1, 1]);
  });
}

test("FLUSHALL waits for the log as one, and empties nothing meanwhile", async () => {
  const { store, disk, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 65_536 });
  await fill(store);
  const one = client();
  const release = disk.hold("sync");
  one.feed(`SET large ${"x".repeat(64_000)}\r\nFLUSHALL\r\n`);
  expect(keysOf(store)).toEqual([2, 1, 1, 1, 1]);
  release();
  expect(await one.waitForReplies(2)).toEqual(["OK", "OK"]);
  expect(keysOf(store)).toEqual([0, 0, 0, 1, 1]);
  await store.close();
});
