import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("USAGE grows with key, value and deadline, and is nil for what is not there", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", "v");
  const small = client.send("MEMORY", "USAGE", "k") as number;
  expect(small).toBeGreaterThan(24);
  client.send("SET", "k", "v", "EX", 100);
  expect(client.send("MEMORY", "USAGE", "k")).toBeGreaterThan(small);
  client.send("SET", "k", "v".repeat(10_000));
  expect(client.send("MEMORY", "USAGE", "k", "SAMPLES", 0)).toBeGreaterThan(10_000);
  expect(client.send("MEMORY", "USAGE", "nothing")).toBeNull();
});

test("USAGE is no use of the key", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  one.send("MEMORY", "USAGE", "k");
  expect(store.stats()).toMatchObject({ hits: 0, misses: 0 });
});

const WRONG: [string[], string][] = [
  [["USAGE", "k", "SAMPLES", "-1"], "ERR syntax error"],
  [["USAGE", "k", "SAMPLES", "x"], "ERR value is not an integer or out of range"],
  [["USAGE", "k", "SAMPLES"], "ERR syntax error"],
  [["USAGE", "k", "FOO", "1"], "ERR syntax error"],
  [["USAGE"], "ERR wrong number of arguments for 'memory|usage' command"],
  [["FOO"], "ERR unknown subcommand 'FOO'. Try MEMORY HELP."],
];
for (const [args, error] of WRONG) {
  test(`MEMORY ${args.join(" ")} is refused`, async () => {
    expect((await respHarness()).client().send("MEMORY", ...args)).toEqual(new ReplyError(error));
  });
}

test("STATS is a map of numbers", async () => {
  const client = (await respHarness()).client();
  client.send("HELLO", 3);
  client.send("SET", "k", "v");
  const stats = client.send("MEMORY", "STATS") as Map<string, number>;
  expect(stats.get("keys.count")).toBe(1);
  expect(stats.get("total.allocated")).toBeGreaterThan(0);
  expect(stats.get("dataset.percentage")).toBeGreaterThan(0);
});

test("DOCTOR has something to say about fragmentation, and nothing about little data", async () => {
  const client = (await respHarness()).client();
  expect(client.send("MEMORY", "DOCTOR")).toMatch(/very little/);
  client.send("SET", "k", "v".repeat(10 * 2 ** 20));
  expect(client.send("MEMORY", "DOCTOR")).toMatch(/^No problems|Fragmentation/);
});

test("PURGE, MALLOC-STATS and HELP answer", async () => {
  const client = (await respHarness()).client();
  expect(client.send("MEMORY", "PURGE")).toBe("OK");
  expect(client.send("MEMORY", "MALLOC-STATS")).toMatch(/not supported/);
  expect(client.send("MEMORY", "HELP")).toContain("USAGE <key> [SAMPLES <count>]");
});
