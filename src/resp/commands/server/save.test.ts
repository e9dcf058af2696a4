import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const RUNNING = new ReplyError("ERR Background save already in progress");

test("answers when the snapshot is durable", async () => {
  const { client, store } = await respHarnessOnDisk();
  const one = client();
  one.feed("SET k v\r\nSAVE\r\n");
  expect(await one.waitForReplies(2)).toEqual(["OK", "OK"]);
  expect(store.stats().log.records).toBe(0);
  expect(store.stats().compaction.lastAtMs).not.toBeNull();
});

test("serves others meanwhile, who can't start another", async () => {
  const { client } = await respHarnessOnDisk();
  const one = client();
  const other = client();
  one.feed("SAVE\r\n");
  expect(other.send("SAVE")).toEqual(RUNNING);
  expect(other.send("BGSAVE")).toEqual(RUNNING);
  expect(other.send("PING")).toBe("PONG");
  expect(await one.waitForReplies()).toEqual(["OK"]);
});

test("is refused where there is nothing to save to", async () => {
  const client = (await respHarness()).client();
  for (const name of ["SAVE", "BGSAVE", "BGREWRITEAOF"]) {
    expect(client.send(name)).toEqual(
      new ReplyError("ERR nothing can be saved: the server was started with --data-dir none"),
    );
  }
});

test("is refused within a transaction", async () => {
  const client = (await respHarnessOnDisk()).client();
  client.send("MULTI");
  expect(client.send("SAVE")).toEqual(
    new ReplyError("ERR Command not allowed inside a transaction"),
  );
});
