import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const WATCHED = { latencyMonitorMs: 10 };

test("keeps nothing while it is off", async () => {
  const { door, client } = await respHarness();
  door.committed(1000);
  expect(client().send("LATENCY", "LATEST")).toEqual([]);
  expect(client().send("LATENCY", "DOCTOR")).toMatch(/^Latency monitoring is off/);
});

test("LATEST tells the last and the longest of each kind of event", async () => {
  const { door, client, clock } = await respHarness(WATCHED);
  const seconds = Math.floor(clock.nowMs() / 1000);
  const entry = door.dispatcher.registry.named("keys")!;
  const quick = door.dispatcher.registry.named("get")!;
  door.account(entry, 1, 30);
  clock.advance(1000);
  door.account(entry, 1, 20);
  door.account(quick, 2, 50);
  door.account(quick, 2, 19);
  expect(client().send("LATENCY", "LATEST")).toEqual([
    ["command", seconds + 1, 20, 30],
    ["fast-command", seconds + 1, 25, 25],
  ]);
});

test("HISTORY has the longest of each second", async () => {
  const { door, client, clock } = await respHarness(WATCHED);
  const seconds = Math.floor(clock.nowMs() / 1000);
  for (const durationMs of [20, 40, 30]) door.committed(durationMs);
  clock.advance(1000);
  door.committed(10);
  door.committed(9);
  const one = client();
  expect(one.send("LATENCY", "HISTORY", "aof-write")).toEqual([
    [seconds, 40],
    [seconds + 1, 10],
  ]);
  expect(one.send("LATENCY", "HISTORY", "nothing")).toEqual([]);
  expect(one.send("LATENCY", "DOCTOR")).toMatch(
    /^aof-write: 2 spikes \(average 25 ms, worst 40 ms/,
  );
});

test("HISTORY is bounded", async () => {
  const { door, client, clock } = await respHarness(WATCHED);
  for (let i = 0; i < 200; i++) {
    door.committed(20);
    clock.advance(1000);
  }
  expect(client().send("LATENCY", "HISTORY", "aof-write")).toHaveLength(160);
});

test("RESET forgets what is named, or everything, and says how many kinds", async () => {
  const { door, client } = await respHarness(WATCHED);
  const one = client();
  door.committed(20);
  door.account(door.dispatcher.registry.named("keys")!, 1, 30);
  expect(one.send("LATENCY", "RESET", "command", "nothing")).toBe(1);
  expect(one.send("LATENCY", "RESET")).toBe(1);
  expect(one.send("LATENCY", "RESET")).toBe(0);
});

test("HISTOGRAM counts calls cumulatively, in Redis's buckets", async () => {
  const { door, client } = await respHarness();
  const entry = door.dispatcher.registry.named("get")!;
  for (const durationUs of [0.5, 0.5, 3, 20, 5000]) door.account(entry, 1, durationUs / 1000);
  expect(client().send("LATENCY", "HISTOGRAM", "get", "nosuch", "set")).toEqual([
    "get",
    ["calls", 5, "histogram_usec", [1, 2, 4, 3, 33, 4, 8454, 5]],
  ]);
});

test("HISTOGRAM takes a container for its subcommands, and answers maps in RESP3", async () => {
  const client = (await respHarness()).client();
  client.send("HELLO", 3);
  client.send("CONFIG", "GET", "port");
  const reply = client.send("LATENCY", "HISTOGRAM", "config") as Map<string, Map<string, unknown>>;
  expect([...reply.keys()]).toEqual(["config|get"]);
  expect(reply.get("config|get")!.get("calls")).toBe(1);
  expect(client.send("LATENCY", "HISTOGRAM")).toBeInstanceOf(Map);
});

const WRONG: [string[], string][] = [
  [["HISTORY"], "ERR wrong number of arguments for 'latency|history' command"],
  [["GRAPH", "x"], "ERR unknown subcommand 'GRAPH'. Try LATENCY HELP."],
  [["LATEST", "x"], "ERR wrong number of arguments for 'latency|latest' command"],
];
for (const [args, error] of WRONG) {
  test(`LATENCY ${args.join(" ")} is refused`, async () => {
    expect((await respHarness()).client().send("LATENCY", ...args)).toEqual(new ReplyError(error));
  });
}
