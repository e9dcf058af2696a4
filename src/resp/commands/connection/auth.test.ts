import { expect, test } from "vitest";
import { STRANGER_LIMITS } from "../../decoder.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const NO_AUTH = new ReplyError("NOAUTH Authentication required.");
const WRONG = new ReplyError("WRONGPASS invalid username-password pair or user is disabled.");

async function stranger(): Promise<TestClient> {
  return (await respHarness({ password: "pässword" })).client();
}

test("nothing is done for a stranger", async () => {
  const one = await stranger();
  for (const command of ["PING", "GET k", "SET k v", "CLIENT ID", "MULTI", "NAMESPACE", "NOSUCH"]) {
    expect(one.send(...command.split(" "))).toEqual(NO_AUTH);
  }
});

test("the password lets in, alone or with the user", async () => {
  for (const parts of [["pässword"], ["default", "pässword"]]) {
    const one = await stranger();
    expect(one.send("AUTH", ...parts)).toBe("OK");
    expect(one.send("PING")).toBe("PONG");
  }
});

const WRONG_ONES: readonly (readonly string[])[] = [
  ["wrong"],
  ["pässwor"],
  ["pässwordx"],
  [""],
  ["PÄSSWORD"],
  ["default", "wrong"],
  ["Default", "pässword"],
  ["", "pässword"],
];
for (const parts of WRONG_ONES) {
  test(`AUTH ${JSON.stringify(parts)} is refused`, async () => {
    const one = await stranger();
    expect(one.send("AUTH", ...parts)).toEqual(WRONG);
    expect(one.send("PING")).toEqual(NO_AUTH);
  });
}

test("a wrong password does not throw out who is in", async () => {
  const one = await stranger();
  one.send("AUTH", "pässword");
  expect(one.send("AUTH", "wrong")).toEqual(WRONG);
  expect(one.send("PING")).toBe("PONG");
});

test("with no password set, only the form with a user is taken", async () => {
  const one = (await respHarness()).client();
  expect(one.send("AUTH", "x")).toEqual(
    new ReplyError(
      "ERR AUTH <password> called without any password configured for the default user. " +
        "Are you sure your configuration is correct?",
    ),
  );
  expect(one.send("AUTH", "default", "x")).toBe("OK");
  expect(one.send("AUTH", "other", "x")).toEqual(WRONG);
});

test("more than two arguments are a syntax error", async () => {
  const one = (await respHarness()).client();
  expect(one.send("AUTH", "a", "b", "c")).toEqual(new ReplyError("ERR syntax error"));
});

test("a stranger may send little, a known client as much as anybody", async () => {
  const big = "x".repeat(STRANGER_LIMITS.bulkBytesMax + 1);
  const one = await stranger();
  one.feed(`*2\r\n$4\r\nECHO\r\n$${big.length}\r\n`);
  expect(one.replies()).toEqual([
    new ReplyError("ERR Protocol error: unauthenticated bulk length"),
  ]);
  expect(one.wire.isClosed).toBe(true);
  const two = await stranger();
  two.send("AUTH", "pässword");
  expect(two.send("ECHO", big)).toBe(big);
});
