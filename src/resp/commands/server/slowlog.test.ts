import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const EVERYTHING = { slowlogUs: 0 };

test("keeps commands with time, arguments, address and name, the newest first", async () => {
  const { client, clock } = await respHarness(EVERYTHING);
  clock.setWallMs(1_700_000_000_000);
  const one = client();
  one.send("CLIENT", "SETNAME", "me");
  one.send("SET", "k", "v");
  const entries = one.send("SLOWLOG", "GET", 2) as unknown[][];
  expect(entries).toEqual([
    [1, 1_700_000_000, 0, ["SET", "k", "v"], "127.0.0.1:50000", "me"],
    [0, 1_700_000_000, 0, ["CLIENT", "SETNAME", "me"], "127.0.0.1:50000", "me"],
  ]);
});

test("is bounded in entries, and GET answers ten unless told", async () => {
  const client = (await respHarness({ ...EVERYTHING, slowlogEntriesMax: 12 })).client();
  for (let i = 0; i < 20; i++) client.send("ECHO", i);
  expect(client.send("SLOWLOG", "LEN")).toBe(12);
  expect(client.send("SLOWLOG", "GET")).toHaveLength(10);
  expect(client.send("SLOWLOG", "GET", -1)).toHaveLength(12);
  expect(client.send("SLOWLOG", "GET", 0)).toEqual([]);
  expect(client.send("SLOWLOG", "GET", "9223372036854775807")).toHaveLength(12);
});

test("keeps 31 arguments of more than 32, and 128 bytes of each", async () => {
  const client = (await respHarness(EVERYTHING)).client();
  client.send("DEL", ...Array.from({ length: 32 }, (_, i) => `k${i}`));
  client.send("ECHO", "x".repeat(129));
  const [echo, del] = client.send("SLOWLOG", "GET") as [unknown[], unknown[]];
  expect(echo[3]).toEqual(["ECHO", `${"x".repeat(128)}... (1 more bytes)`]);
  expect(del[3]).toHaveLength(32);
  expect((del[3] as string[]).at(-1)).toBe("... (2 more arguments)");
});

test("hides passwords", async () => {
  const client = (await respHarness(EVERYTHING)).client();
  client.send("AUTH", "secret");
  client.send("CONFIG", "SET", "timeout", "5", "requirepass", "secret");
  expect(JSON.stringify(client.send("SLOWLOG", "GET"))).not.toContain("secret");
});

test("RESET empties it, and ids go on", async () => {
  const client = (await respHarness(EVERYTHING)).client();
  client.send("PING");
  expect(client.send("SLOWLOG", "RESET")).toBe("OK");
  const [entry] = client.send("SLOWLOG", "GET") as unknown[][];
  expect(entry![0]).toBe(1);
});

test("keeps nothing below the threshold, or when it is off", async () => {
  for (const slowlogUs of [-1, 1_000_000]) {
    const client = (await respHarness({ slowlogUs })).client();
    client.send("KEYS", "*");
    expect(client.send("SLOWLOG", "LEN")).toBe(0);
  }
});

const WRONG: [string[], string][] = [
  [["GET", "-2"], "ERR count should be greater than or equal to -1"],
  [["GET", "x"], "ERR count should be greater than or equal to -1"],
  [["FOO"], "ERR unknown subcommand 'FOO'. Try SLOWLOG HELP."],
  [["LEN", "x"], "ERR wrong number of arguments for 'slowlog|len' command"],
  [[], "ERR wrong number of arguments for 'slowlog' command"],
];
for (const [args, error] of WRONG) {
  test(`SLOWLOG ${args.join(" ")} is refused`, async () => {
    expect((await respHarness()).client().send("SLOWLOG", ...args)).toEqual(new ReplyError(error));
  });
}

test("HELP lists the subcommands", async () => {
  const lines = (await respHarness()).client().send("SLOWLOG", "HELP") as string[];
  expect(lines[0]).toBe("SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
  expect(lines.slice(-2)).toEqual(["HELP", "    Prints this help."]);
});
