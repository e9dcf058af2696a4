import { describe, expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const HUGE = "9223372036854775807";
const TINY = "-9223372036854775808";

describe.each(["GETRANGE", "SUBSTR"])("%s", (command) => {
  for (const [start, end, expected] of [
    ["0", "3", "This"],
    ["-3", "-1", "ing"],
    ["0", "-1", "This is a string"],
    ["10", "100", "string"],
    ["5", "3", ""],
    ["-1", "-5", ""],
    ["16", "20", ""],
    ["15", "15", "g"],
    ["0", "0", "T"],
    ["-100", "0", "T"],
    ["-100", "-100", "T"],
    ["-100", "-99", "T"],
    ["-99", "-100", ""],
    ["3", "-100", ""],
    ["0", HUGE, "This is a string"],
    [TINY, "1", "Th"],
    [TINY, HUGE, "This is a string"],
    [HUGE, HUGE, ""],
  ] as const) {
    test(`from ${start} to ${end} is ${JSON.stringify(expected)}`, async () => {
      const client = (await respHarness()).client();
      client.send("SET", "k", "This is a string");
      expect(client.send(command, "k", start, end)).toBe(expected);
    });
  }

  test("answers an empty string for an empty value and for a key that is not there", async () => {
    const { clock, client } = await respHarness();
    const one = client();
    one.send("SET", "empty", "");
    one.send("SET", "old", "v", "PX", 10);
    clock.advance(10);
    for (const key of ["empty", "none", "old"]) {
      for (const resp of [2, 3]) {
        one.connection.client.resp = resp;
        expect(one.send(command, key, "0", "-1")).toBe("");
      }
    }
  });

  test("refuses places that are no integers, before it looks for the key", async () => {
    const client = (await respHarness()).client();
    const error = new ReplyError("ERR value is not an integer or out of range");
    for (const [start, end] of [
      ["x", "1"],
      ["1", ""],
      ["0", "9223372036854775808"],
      ["1.0", "2"],
    ] as const) {
      expect(client.send(command, "none", start, end)).toEqual(error);
    }
  });

  test("takes a key and two places", async () => {
    const client = (await respHarness()).client();
    const text = `ERR wrong number of arguments for '${command.toLowerCase()}' command`;
    expect(client.send(command, "k", "1")).toEqual(new ReplyError(text));
    expect(client.send(command, "k", "1", "2", "3")).toEqual(new ReplyError(text));
  });
});
