import { describe, expect, test } from "vitest";
import { recordEvents } from "../../../../test/support/resp-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

describe.each([
  ["SETEX", 1000],
  ["PSETEX", 1],
] as const)("%s", (command, unitMs) => {
  const invalid = `ERR invalid expire time in '${command.toLowerCase()}' command`;
  const notAnInteger = "ERR value is not an integer or out of range";

  test("sets value and deadline, and tells of both", async () => {
    const { door, store, clock, client } = await respHarness();
    const events = recordEvents(door);
    expect(client().send(command, "k", 10, Buffer.from([0, 255]))).toBe("OK");
    const deadlineMs = clock.nowMs() + 10 * unitMs;
    const value = Buffer.from([0, 255]);
    expect(store.get("default", "k")).toMatchObject({ value, deadlineMs });
    expect(events).toEqual(["set k", "expire k"]);
  });

  for (const [number, error] of [
    ["0", invalid],
    ["-1", invalid],
    ["9223372036854775807", invalid],
    ["9223372036854775808", notAnInteger],
    ["1.5", notAnInteger],
    ["", notAnInteger],
  ] as const) {
    test(`refuses ${JSON.stringify(number)}, changing nothing`, async () => {
      const client = (await respHarness()).client();
      client.send("SET", "k", "old");
      expect(client.send(command, "k", number, "v")).toEqual(new ReplyError(error));
      expect(client.send("GET", "k")).toBe("old");
    });
  }

  test("takes a key, a number and a value", async () => {
    const client = (await respHarness()).client();
    const error = `ERR wrong number of arguments for '${command.toLowerCase()}' command`;
    expect(client.send(command, "k", 1)).toEqual(new ReplyError(error));
    expect(client.send(command, "k", 1, "v", "w")).toEqual(new ReplyError(error));
  });
});
