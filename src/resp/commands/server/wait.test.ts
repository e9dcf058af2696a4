import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers 0 at once when no replica is asked for", async () => {
  const client = (await respHarness()).client();
  expect(client.send("WAIT", 0, 0)).toBe(0);
  expect(client.send("WAIT", -1, 0)).toBe(0);
});

test("answers 0 when the time is up, and serves what came meanwhile after it", async () => {
  const client = (await respHarness()).client();
  client.feed("WAIT 1 20\r\nPING\r\n");
  expect(client.replies()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await client.waitForReplies(2)).toEqual([0, "PONG"]);
});

test("answers at once within a transaction", async () => {
  const client = (await respHarness()).client();
  client.send("MULTI");
  client.send("WAIT", 1, 0);
  expect(client.send("EXEC")).toEqual([0]);
});

test("waits for ever with a time of 0, until the client goes", async () => {
  const client = (await respHarness()).client();
  client.feed("WAIT 1 0\r\n");
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.replies()).toEqual([]);
  client.close();
});

const WRONG: [(string | number)[], string][] = [
  [["x", 0], "ERR value is not an integer or out of range"],
  [[0, "x"], "ERR timeout is not an integer or out of range"],
  [[0, -1], "ERR timeout is negative"],
  [[0], "ERR wrong number of arguments for 'wait' command"],
];
for (const [args, error] of WRONG) {
  test(`WAIT ${args.join(" ")} is refused`, async () => {
    expect((await respHarness()).client().send("WAIT", ...args)).toEqual(new ReplyError(error));
  });
}
