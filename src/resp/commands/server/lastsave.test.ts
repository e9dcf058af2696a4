import { expect, test } from "vitest";
import { respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";

test("is the start, then the last snapshot", async () => {
  const { client, clock, store } = await respHarnessOnDisk();
  const one = client();
  const startSeconds = Math.floor(clock.nowMs() / 1000);
  expect(one.send("LASTSAVE")).toBe(startSeconds);
  clock.advance(5000);
  await store.compact();
  expect(one.send("LASTSAVE")).toBe(startSeconds + 5);
});
