import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers at once when nothing is asked for, or all is on disk", async () => {
  const { client } = await respHarnessOnDisk();
  const one = client();
  expect(one.send("WAITAOF", 0, 0, 0)).toEqual([1, 0]);
  expect(one.send("WAITAOF", 1, 0, 0)).toEqual([1, 0]);
});

test("waits until what was written is synced, also under a policy that does not", async () => {
  const { client, store } = await respHarnessOnDisk({}, { fsync: "no" });
  const one = client();
  one.feed("SET k v\r\n");
  expect(await one.waitForReplies()).toEqual(["OK"]);
  expect(store.engine.journal.durableSeq).toBe(0);
  one.feed("WAITAOF 1 0 0\r\n");
  expect(await one.waitForReplies()).toEqual([[1, 0]]);
  expect(store.engine.journal.durableSeq).toBe(1);
});

test("tells what is on disk when replicas that are not there have not answered in time", async () => {
  const one = (await respHarnessOnDisk()).client();
  one.feed("WAITAOF 1 1 10\r\n");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await one.waitForReplies()).toEqual([[1, 0]]);
});

test("without a log, only nothing can be asked of it", async () => {
  const client = (await respHarness()).client();
  expect(client.send("WAITAOF", 0, 0, 0)).toEqual([0, 0]);
  expect(client.send("WAITAOF", 1, 0, 0)).toEqual(
    new ReplyError("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."),
  );
});

const WRONG: [(string | number)[], string][] = [
  [["x", 0, 0], "ERR value is not an integer or out of range"],
  [[2, 0, 0], "ERR value is out of range, value must between 0 and 1"],
  [[-1, 0, 0], "ERR value is out of range, value must between 0 and 1"],
  [[0, "x", 0], "ERR value is not an integer or out of range"],
  [[0, -1, 0], "ERR value is out of range, must be positive"],
  [[0, 0, "x"], "ERR timeout is not an integer or out of range"],
  [[0, 0, -1], "ERR timeout is negative"],
  [[0, 0], "ERR wrong number of arguments for 'waitaof' command"],
];
for (const [args, error] of WRONG) {
  test(`WAITAOF ${args.join(" ")} is refused`, async () => {
    expect((await respHarnessOnDisk()).client().send("WAITAOF", ...args)).toEqual(
      new ReplyError(error),
    );
  });
}
