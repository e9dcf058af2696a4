import { expect, test } from "vitest";
import { respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers at once, and is refused while one runs", async () => {
  const { client, store } = await respHarnessOnDisk();
  const one = client();
  expect(one.send("BGREWRITEAOF")).toBe("Background append only file rewriting started");
  expect(one.send("BGREWRITEAOF")).toEqual(
    new ReplyError("ERR Background append only file rewriting already in progress"),
  );
  await store.compacted();
  expect(store.stats().compaction.lastAtMs).not.toBeNull();
});

test("is scheduled while a save runs, once however often it is asked for", async () => {
  const { client, store, door } = await respHarnessOnDisk();
  const one = client();
  one.send("BGSAVE");
  for (let i = 0; i < 2; i++) {
    expect(one.send("BGREWRITEAOF")).toBe("Background append only file rewriting scheduled");
  }
  expect(one.send("INFO", "persistence")).toContain("aof_rewrite_scheduled:1");
  await store.compacted();
  await new Promise((resolve) => setImmediate(resolve));
  await store.compacted();
  expect(door.saves.totals).toEqual({ save: 1, rewrite: 1 });
});
