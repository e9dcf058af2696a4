import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("makes the connection what it was when it was new", async () => {
  const { client, door } = await respHarness();
  const one = client();
  one.send("HELLO", "3", "SETNAME", "me");
  one.send("CLIENT", "SETINFO", "LIB-NAME", "lib");
  one.send("CLIENT", "NO-TOUCH", "ON");
  one.send("CLIENT", "NO-EVICT", "ON");
  one.send("CLIENT", "TRACKING", "ON");
  one.send("NAMESPACE", "other");
  one.send("WATCH", "k");
  one.send("MULTI");
  one.send("SUBSCRIBE", "c");
  one.send("EXEC");
  one.send("MULTI");
  expect(one.send("RESET")).toBe("RESET");
  const shown = one.send("CLIENT", "INFO") as string;
  expect(shown).toContain(" name= ");
  expect(shown).toContain(" flags=N ");
  expect(shown).toContain(" db=0 sub=0 ");
  expect(shown).toContain(" multi=-1 ");
  expect(shown).toContain(" resp=2 lib-name=lib ");
  expect(door.watches.size).toBe(0);
});

test("ends CLIENT REPLY OFF and is answered", async () => {
  const one = (await respHarness()).client();
  one.feed("CLIENT REPLY OFF\r\nPING\r\nRESET\r\nPING\r\n");
  expect(one.replies()).toEqual(["RESET", "PONG"]);
});

test("with a password set, the client is a stranger again, with a stranger's limits", async () => {
  const one = (await respHarness({ password: "p" })).client();
  expect(one.send("RESET")).toBe("RESET");
  one.send("AUTH", "p");
  expect(one.send("RESET")).toBe("RESET");
  expect(one.send("PING")).toEqual(new ReplyError("NOAUTH Authentication required."));
  one.feed("*100\r\n");
  expect(one.replies()).toEqual([
    new ReplyError("ERR Protocol error: unauthenticated multibulk length"),
  ]);
});

test("takes no arguments", async () => {
  const one = (await respHarness()).client();
  expect(one.send("RESET", "x")).toEqual(
    new ReplyError("ERR wrong number of arguments for 'reset' command"),
  );
});
