import { expect, test } from "vitest";
import { respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers at once, and the snapshot comes", async () => {
  const { client, store } = await respHarnessOnDisk();
  const one = client();
  expect(one.send("BGSAVE")).toBe("Background saving started");
  expect(one.send("INFO", "persistence")).toContain("rdb_bgsave_in_progress:1");
  await store.compacted();
  expect(one.send("INFO", "persistence")).toContain("rdb_saves:1");
});

test("SCHEDULE starts at once when nothing runs", async () => {
  const { client, store } = await respHarnessOnDisk();
  expect(client().send("BGSAVE", "schedule")).toBe("Background saving started");
  await store.compacted();
});

test("SCHEDULE waits for a rewrite, and without it is refused", async () => {
  const { client, store, door } = await respHarnessOnDisk();
  const one = client();
  one.send("BGREWRITEAOF");
  expect((one.send("BGSAVE") as ReplyError).message).toMatch(
    /^ERR Another child process is active/,
  );
  expect(one.send("BGSAVE", "SCHEDULE")).toBe("Background saving scheduled");
  await store.compacted();
  await new Promise((resolve) => setImmediate(resolve));
  expect(door.saves.totals).toEqual({ save: 1, rewrite: 1 });
  await store.compacted();
});

test("takes no other option", async () => {
  const one = (await respHarnessOnDisk()).client();
  expect(one.send("BGSAVE", "x")).toEqual(new ReplyError("ERR syntax error"));
  expect(one.send("BGSAVE", "SCHEDULE", "x")).toEqual(new ReplyError("ERR syntax error"));
});
