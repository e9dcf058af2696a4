import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const NOT_A_FLOAT = new ReplyError("ERR value is not a valid float");
const NOT_FINITE = new ReplyError("ERR increment would produce NaN or Infinity");

for (const [before, by, after] of [
  [null, "10.50", "10.5"],
  ["10.50", "0.1", "10.6"],
  ["10.6", "-5", "5.6"],
  ["5.0e3", "2.0e2", "5200"],
  ["3", "-3", "0"],
  ["9223372036854775807", "1", "9223372036854775808"],
] as const) {
  test(`${JSON.stringify(before)} plus ${by} is ${after}`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    if (before !== null) one.send("SET", "k", before);
    const events = recordEvents(door);
    for (const resp of [2, 3]) {
      one.connection.client.resp = resp;
      if (before === null) one.send("GETDEL", "k");
      else one.send("SET", "k", before);
      expect(one.send("INCRBYFLOAT", "k", by)).toBe(after);
      expect(one.send("GET", "k")).toBe(after);
    }
    expect(events).toContain("incrbyfloat k");
  });
}

for (const [before, by, error] of [
  ["abc", "1", NOT_A_FLOAT],
  ["", "1", NOT_A_FLOAT],
  [" 1", "1", NOT_A_FLOAT],
  ["1", "1 ", NOT_A_FLOAT],
  ["1", "", NOT_A_FLOAT],
  ["1", "nan", NOT_A_FLOAT],
  ["1", "1e5000", NOT_A_FLOAT],
  ["1".repeat(6000), "1", NOT_A_FLOAT],
  ["1", "1".repeat(6000), NOT_A_FLOAT],
  ["1", "inf", NOT_FINITE],
  ["-Infinity", "1", NOT_FINITE],
  ["1.1e4932", "1.1e4932", NOT_FINITE],
] as const) {
  test(`refuses ${before.slice(0, 20)} plus ${by.slice(0, 20)}, changing nothing`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", before);
    expect(client.send("INCRBYFLOAT", "k", by)).toEqual(error);
    expect(client.send("GET", "k")).toBe(before);
  });
}

test("keeps kind and deadline; a new number is JSON without one", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 10;
  const one = client();
  for (const kind of ["text", "json", "bytes"] as const) {
    await store.set({ namespace: "default", key: kind, kind, value: "7", deadlineMs });
    one.send("INCRBYFLOAT", kind, "0.5");
    expect(store.get("default", kind)).toMatchObject({ kind, deadlineMs });
  }
  one.send("INCRBYFLOAT", "new", "0.5");
  expect(store.get("default", "new")).toMatchObject({ kind: "json", deadlineMs: 0 });
  clock.advance(10);
  expect(one.send("INCRBYFLOAT", "text", "1")).toBe("1");
});

test("takes a key and a number", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'incrbyfloat' command");
  expect(client.send("INCRBYFLOAT", "k")).toEqual(error);
  expect(client.send("INCRBYFLOAT", "k", "1", "2")).toEqual(error);
});
