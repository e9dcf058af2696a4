import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("answers the payload of the value, whatever its kind", async () => {
  const { store, client } = await respHarness();
  const one = client();
  await store.set({ namespace: "default", key: "t", kind: "text", value: "hi" });
  await store.set({ namespace: "default", key: "j", kind: "json", value: "[]" });
  one.send("SET", "b", Buffer.from([0, 255]));
  const hex = (key: string): string => {
    return Buffer.from(one.send("DUMP", key) as string, "latin1").toString("hex");
  };
  expect(hex("t")).toBe("504b56440100686979475a20");
  expect(hex("j")).toBe("504b564401015b5dcbbc47f4");
  expect(hex("b")).toBe("504b5644010200ffc9449697");
});

test("answers nil for a key that is not there, or not any more", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 5;
  await store.set({ namespace: "default", key: "k", kind: "text", value: "v", deadlineMs });
  const one = client();
  expect(one.send("DUMP", "nothing")).toBeNull();
  expect(one.send("DUMP", "k")).not.toBeNull();
  clock.advance(5);
  expect(one.send("DUMP", "k")).toBeNull();
});

test("takes exactly one key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'dump' command");
  expect(client.send("DUMP")).toEqual(error);
  expect(client.send("DUMP", "a", "b")).toEqual(error);
});
