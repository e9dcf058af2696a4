import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

for (const [value, encoding] of [
  ["0", "int"],
  ["-1", "int"],
  ["9223372036854775807", "int"],
  ["-9223372036854775808", "int"],
  ["9223372036854775808", "embstr"],
  ["-0", "embstr"],
  ["007", "embstr"],
  ["1.5", "embstr"],
  ["", "embstr"],
  ["x".repeat(44), "embstr"],
  ["x".repeat(45), "raw"],
] as const) {
  test(`the encoding of ${JSON.stringify(value)} is ${encoding}`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", value);
    expect(client.send("OBJECT", "ENCODING", "k")).toBe(encoding);
  });
}

test("has no idle time, no other reference and no access frequency to tell of", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", "v");
  expect(client.send("OBJECT", "idletime", "k")).toBe(0);
  expect(client.send("OBJECT", "REFCOUNT", "k")).toBe(1);
  const words =
    "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that " +
    "when switching between policies at runtime LRU and LFU data will take some time to adjust.";
  expect(client.send("OBJECT", "FREQ", "k")).toEqual(new ReplyError(words));
});

test("is nil for a key that is not there", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v", "PX", 10);
  clock.advance(10);
  for (const name of ["ENCODING", "FREQ", "IDLETIME", "REFCOUNT"]) {
    expect(one.send("OBJECT", name, "k")).toBeNull();
  }
});

test("explains itself", async () => {
  const client = (await respHarness()).client();
  const lines = client.send("OBJECT", "HELP");
  expect(lines).toHaveLength(15);
  expect(lines).toContain("ENCODING <key>");
});

for (const [args, error] of [
  [["foo", "k"], "ERR unknown subcommand 'foo'. Try OBJECT HELP."],
  [[], "ERR wrong number of arguments for 'object' command"],
  [["ENCODING"], "ERR wrong number of arguments for 'object|encoding' command"],
  [["FREQ", "a", "b"], "ERR wrong number of arguments for 'object|freq' command"],
  [["HELP", "k"], "ERR wrong number of arguments for 'object|help' command"],
] as const) {
  test(`OBJECT ${args.join(" ")} is refused`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("OBJECT", ...args)).toEqual(new ReplyError(error));
  });
}
