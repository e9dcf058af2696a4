import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const MAX = "9223372036854775807";
const MIN = "-9223372036854775808";
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const OVERFLOW = new ReplyError("ERR increment or decrement would overflow");

for (const [before, command, by, after] of [
  [null, "INCR", null, "1"],
  [null, "DECR", null, "-1"],
  [null, "INCRBY", "0", "0"],
  [null, "DECRBY", "0", "0"],
  [null, "INCRBY", MIN, MIN],
  [null, "DECRBY", MAX, "-9223372036854775807"],
  ["0", "INCR", null, "1"],
  ["9", "INCR", null, "10"],
  ["-1", "INCR", null, "0"],
  ["1", "DECR", null, "0"],
  ["10", "DECR", null, "9"],
  ["-9", "DECR", null, "-10"],
  ["5", "INCRBY", "-7", "-2"],
  ["5", "DECRBY", "-7", "12"],
  ["999999999999999", "INCR", null, "1000000000000000"],
  ["9007199254740990", "INCR", null, "9007199254740991"],
  ["9007199254740991", "INCR", null, "9007199254740992"],
  ["9007199254740992", "INCR", null, "9007199254740993"],
  ["9007199254740993", "DECRBY", "2", "9007199254740991"],
  ["9007199254740991", "INCRBY", "9007199254740991", "18014398509481982"],
  ["-9007199254740991", "DECR", null, "-9007199254740992"],
  ["9223372036854775806", "INCR", null, MAX],
  ["-9223372036854775807", "DECR", null, MIN],
  [MIN, "INCRBY", MAX, "-1"],
  [MAX, "DECRBY", MAX, "0"],
] as const) {
  test(`${JSON.stringify(before)} ${command} ${by ?? ""} is ${after}`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    if (before !== null) one.send("SET", "k", before);
    const events = recordEvents(door);
    const exact = Number.isSafeInteger(Number(after)) ? Number(after) : BigInt(after);
    expect(one.send(command, "k", ...(by === null ? [] : [by]))).toBe(exact);
    expect(one.send("GET", "k")).toBe(after);
    expect(events).toEqual(["incrby k"]);
  });
}

for (const [before, command, by, error] of [
  [MAX, "INCR", null, OVERFLOW],
  [MIN, "DECR", null, OVERFLOW],
  [MAX, "INCRBY", "1", OVERFLOW],
  ["-2", "INCRBY", MIN, OVERFLOW],
  ["2", "DECRBY", "-9223372036854775807", OVERFLOW],
  ["5", "DECRBY", MIN, new ReplyError("ERR decrement would overflow")],
  ["5", "INCRBY", "9223372036854775808", NOT_AN_INTEGER],
  ["5", "INCRBY", "", NOT_AN_INTEGER],
  ["5", "DECRBY", "1.5", NOT_AN_INTEGER],
  ["5", "DECRBY", "+1", NOT_AN_INTEGER],
  ["", "INCR", null, NOT_AN_INTEGER],
  ["x", "DECR", null, NOT_AN_INTEGER],
  [" 1", "INCR", null, NOT_AN_INTEGER],
  ["1 ", "INCR", null, NOT_AN_INTEGER],
  ["01", "INCR", null, NOT_AN_INTEGER],
  ["-0", "INCR", null, NOT_AN_INTEGER],
  ["1.0", "INCRBY", "1", NOT_AN_INTEGER],
  ["9223372036854775808", "DECR", null, NOT_AN_INTEGER],
  ["1".repeat(5000), "DECR", null, NOT_AN_INTEGER],
] as const) {
  test(`refuses ${JSON.stringify(before.slice(0, 30))} ${command} ${by ?? ""}`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", before);
    expect(client.send(command, "k", ...(by === null ? [] : [by]))).toEqual(error);
    expect(client.send("GET", "k")).toBe(before);
  });
}

test("keeps kind and deadline; a new counter is JSON without one", async () => {
  const { store, clock, client } = await respHarness();
  const deadlineMs = clock.nowMs() + 10;
  const one = client();
  for (const kind of ["text", "json", "bytes"] as const) {
    await store.set({ namespace: "default", key: kind, kind, value: "7", deadlineMs });
    one.send("INCR", kind);
    expect(store.get("default", kind)).toMatchObject({ kind, deadlineMs });
  }
  one.send("INCR", "new");
  expect(store.get("default", "new")).toMatchObject({ kind: "json", deadlineMs: 0 });
  clock.advance(10);
  expect(one.send("INCR", "text")).toBe(1);
});

for (const [command, count] of [
  ["incr", 1],
  ["decr", 1],
  ["incrby", 2],
  ["decrby", 2],
] as const) {
  test(`${command} takes exactly ${count} arguments`, async () => {
    const client = (await respHarness()).client();
    const error = new ReplyError(`ERR wrong number of arguments for '${command}' command`);
    const args = ["k", "1", "2"];
    expect(client.send(command, ...args.slice(0, count - 1))).toEqual(error);
    expect(client.send(command, ...args.slice(0, count + 1))).toEqual(error);
  });
}
