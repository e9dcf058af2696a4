import { expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const NOW_MS = 1_700_000_000_000;
const OLD_MS = NOW_MS + 1_000_000;
const SYNTAX = new ReplyError("ERR syntax error");
const NOT_AN_INTEGER = new ReplyError("ERR value is not an integer or out of range");
const INVALID_EXPIRE = new ReplyError("ERR invalid expire time in 'getex' command");

for (const [options, deadlineMs, event] of [
  [[], OLD_MS, []],
  [["EX", 10], NOW_MS + 10_000, ["expire k"]],
  [["px", 10], NOW_MS + 10, ["expire k"]],
  [["EXAT", 1_700_000_010], NOW_MS + 10_000, ["expire k"]],
  [["PXAT", NOW_MS + 10], NOW_MS + 10, ["expire k"]],
  [["PERSIST"], 0, ["persist k"]],
] as const) {
  test(`GETEX k ${options.join(" ")} leaves the deadline ${deadlineMs}`, async () => {
    const { door, store, client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v", "PXAT", OLD_MS);
    const events = recordEvents(door);
    expect(one.send("GETEX", "k", ...options)).toBe("v");
    expect(store.get("default", "k")).toMatchObject({ deadlineMs });
    expect(events).toEqual(event);
  });
}

test("PERSIST changes nothing where there is no deadline", async () => {
  const { door, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  const events = recordEvents(door);
  expect(one.send("GETEX", "k", "PERSIST")).toBe("v");
  expect(events).toEqual([]);
});

for (const option of [
  ["EXAT", 1],
  ["PXAT", NOW_MS],
] as const) {
  test(`${option.join(" ")}, which has passed, deletes the key`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v");
    const events = recordEvents(door);
    expect(one.send("GETEX", "k", ...option)).toBe("v");
    expect(one.send("GET", "k")).toBeNull();
    expect(events).toEqual(["del k"]);
  });
}

for (const [options, error] of [
  [["BOGUS"], SYNTAX],
  [["KEEPTTL"], SYNTAX],
  [["NX"], SYNTAX],
  [["GET"], SYNTAX],
  [["EX"], SYNTAX],
  [["EX", "1", "PERSIST"], SYNTAX],
  [["PERSIST", "PXAT", "1"], SYNTAX],
  [["EX", "1", "PX", "1"], SYNTAX],
  [["EX", "x"], NOT_AN_INTEGER],
  [["EX", "0"], INVALID_EXPIRE],
  [["PX", "-1"], INVALID_EXPIRE],
  [["EX", "9223372036854775807"], INVALID_EXPIRE],
] as const) {
  test(`refuses ${options.join(" ")}`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "v");
    expect(client.send("GETEX", "k", ...options)).toEqual(error);
  });
}

test("answers nil for a key that is not there, whatever the options", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  expect(one.send("GETEX", "k", "EX", "x")).toBeNull();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(10);
  expect(one.send("GETEX", "k", "EX", "10")).toBeNull();
});

test("takes at least a key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'getex' command");
  expect(client.send("GETEX")).toEqual(error);
});
