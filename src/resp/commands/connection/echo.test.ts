import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("gives back the bytes", async () => {
  const client = (await respHarness()).client();
  expect(client.send("ECHO", "")).toBe("");
  expect(client.send("echo", Buffer.from([0, 13, 10, 255]))).toBe("\x00\r\n\xff");
});

test("takes exactly one argument", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'echo' command");
  expect(client.send("ECHO")).toEqual(error);
  expect(client.send("ECHO", "a", "b")).toEqual(error);
});
