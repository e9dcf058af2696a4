/**
 * redis-cli and redis-benchmark against a real PyKV process.
 */
import { expect } from "vitest";
import { encodeRequest } from "../support/resp-harness.ts";
import { run, spawnProgram } from "../support/redis-tools.ts";
import { testNeeding } from "../support/test-tools.ts";
import type { Ended } from "../support/redis-tools.ts";
import { startDoor, until } from "./redis-server.ts";
import type { RedisDoor } from "./redis-server.ts";

const test = testNeeding("redis-cli");

type Cli = (...args: readonly string[]) => Promise<Ended>;

function cliOf({ port }: RedisDoor): Cli {
  return (...args) => run("redis-cli", ["-p", String(port), ...args]);
}

async function outputOf(ended: Promise<Ended>): Promise<string> {
  const { output, code } = await ended;
  expect(code, output).toBe(0);
  return output.trimEnd();
}

/** Fills a door with `count` keys: key:0 and so on, with their number as the value. */
async function fill(door: RedisDoor, count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, i) => encodeRequest(["SET", `key:${i}`, i]));
  const input = Buffer.concat(requests);
  const { output } = await run("redis-cli", ["-p", String(door.port), "--pipe"], { input });
  expect(output).toContain(`errors: 0, replies: ${count}`);
}

for (const flags of [["-2"], ["-3"]]) {
  test(`redis-cli ${flags.join(" ")} sets, gets and counts`, async () => {
    const cli = cliOf(await startDoor());
    expect(await outputOf(cli(...flags, "SET", "k", "v w"))).toBe("OK");
    expect(await outputOf(cli(...flags, "GET", "k"))).toBe("v w");
    expect(await outputOf(cli(...flags, "GET", "missing"))).toBe("");
    expect(await outputOf(cli(...flags, "INCR", "n"))).toBe("1");
    expect(await outputOf(cli(...flags, "MGET", "k", "n"))).toBe("v w\n1");
    expect((await cli(...flags, "INCR", "k")).output).toBe(
      "ERR value is not an integer or out of range\n\n",
    );
    expect(await outputOf(cli(...flags, "-r", "3", "INCR", "n"))).toBe("2\n3\n4");
  });
}

test("redis-cli takes the last argument from its input, bytes and all", async () => {
  const door = await startDoor();
  const cli = cliOf(door);
  const input = Buffer.from([0, 255, 13, 10, 7]);
  const { output } = await run("redis-cli", ["-p", String(door.port), "-x", "SET", "k"], { input });
  expect(output).toBe("OK\n");
  expect(await outputOf(cli("STRLEN", "k"))).toBe("5");
  expect(await outputOf(cli("--no-raw", "GET", "k"))).toBe('"\\x00\\xff\\r\\n\\a"');
});

test("redis-cli runs lines from its input, in a transaction and another database", async () => {
  const door = await startDoor();
  const input = "SELECT 3\nMULTI\nSET k 1\nINCR k\nEXEC\nGET k\nSELECT 0\nGET k\n";
  const { output } = await run("redis-cli", ["-p", String(door.port)], { input });
  expect(output).toBe("OK\nOK\nQUEUED\nQUEUED\nOK\n2\n2\nOK\n\n");
});

test("redis-cli authenticates, and is refused without", async () => {
  const cli = cliOf(await startDoor("--password", "pass word"));
  expect((await cli("PING")).output).toContain("NOAUTH Authentication required.");
  expect(await outputOf(cli("--no-auth-warning", "-a", "pass word", "PING"))).toBe("PONG");
  expect((await cli("-a", "wrong", "PING")).output).toContain("WRONGPASS");
});

test("redis-cli --pipe loads thousands of keys, and --scan finds each of them once", async () => {
  const door = await startDoor();
  const cli = cliOf(door);
  await fill(door, 5000);
  expect(await outputOf(cli("DBSIZE"))).toBe("5000");
  const keys = (await outputOf(cli("--scan"))).split("\n");
  expect([keys.length, new Set(keys).size]).toEqual([5000, 5000]);
  const some = (await outputOf(cli("--scan", "--pattern", "key:12?"))).split("\n");
  expect(some.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `key:12${i}`));
});

for (const [flag, sentence] of [
  ["--bigkeys", /Biggest string found '"big"' has 5000 bytes/],
  ["--memkeys", /Biggest string found '"big"' has \d+ bytes/],
] as const) {
  test(`redis-cli ${flag} finds the biggest key`, async () => {
    const door = await startDoor();
    const cli = cliOf(door);
    await fill(door, 100);
    await run("redis-cli", ["-p", String(door.port), "-x", "SET", "big"], {
      input: "b".repeat(5000),
    });
    const output = await outputOf(cli(flag));
    expect(output).toMatch(sentence);
    expect(output).toContain("Sampled 101 keys in the keyspace!");
  });
}

test("redis-cli --stat shows keys, memory and clients", async () => {
  const door = await startDoor();
  await fill(door, 42);
  const args = ["-p", String(door.port), "-i", "0.05", "--stat"];
  const { child, output } = spawnProgram("redis-cli", args);
  await until(() => output().split("\n").length > 6);
  child.kill();
  const [, , row = ""] = output().split("\n");
  expect(row).toMatch(/^42 +[\d.]+[BKM] +\d+ +\d+ +\d+ \(\+\d+\) +\d+ *$/);
});

test("redis-cli monitors what others do", async () => {
  const door = await startDoor();
  const { child, output } = spawnProgram("redis-cli", ["-p", String(door.port), "MONITOR"]);
  await until(() => output() === "OK\n");
  await cliOf(door)("SET", 'a "key"', "v");
  await until(() => output().includes("SET"));
  child.kill();
  expect(output()).toMatch(/\n\d+\.\d{6} \[0 127\.0\.0\.1:\d+\] "SET" "a \\"key\\"" "v"\n/);
});

test("redis-cli listens to what others publish", async () => {
  const door = await startDoor();
  const { child, output } = spawnProgram("redis-cli", [
    "-p",
    String(door.port),
    "PSUBSCRIBE",
    "n*",
  ]);
  await until(() => output().includes("psubscribe"));
  expect(await outputOf(cliOf(door)("PUBLISH", "news", "hello"))).toBe("1");
  await until(() => output().includes("hello"));
  child.kill();
  expect(output()).toContain("pmessage\nn*\nnews\nhello\n");
});

test("redis-cli measures latency", async () => {
  const door = await startDoor();
  const { child, output } = spawnProgram("redis-cli", [
    "-p",
    String(door.port),
    "--latency",
    "--raw",
  ]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
  await until(() => child.exitCode !== null || child.signalCode !== null);
  expect(output()).not.toContain("ERR");
});

test("redis-cli understands INFO, and the descriptions of commands", async () => {
  const cli = cliOf(await startDoor());
  expect(await outputOf(cli("INFO", "server"))).toMatch(
    /^# Server\r\nredis_version:\d+\.\d+\.\d+\r\n/,
  );
  expect(await outputOf(cli("-3", "COMMAND", "DOCS", "get"))).toContain("summary");
  expect(await outputOf(cli("COMMAND", "COUNT"))).toMatch(/^\d{2,3}$/);
});

/** Of redis-benchmark's own list, those whose commands there are. */
const TESTS = "ping_inline,ping_mbulk,set,get,incr,mset";

for (const flags of [[], ["-P", "16"], ["-3"], ["-r", "1000", "-d", "200"]]) {
  testNeeding("redis-benchmark")(`redis-benchmark runs ${flags.join(" ")}`, async () => {
    const { port, server } = await startDoor();
    const args = ["-p", String(port), "-n", "2000", "-c", "20", "-t", TESTS, "--csv", ...flags];
    const output = await outputOf(run("redis-benchmark", args));
    expect(output).not.toMatch(/error|WARN/i);
    const names = output
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[0]);
    expect(names).toEqual(
      ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"].map(
        (name) => `"${name}"`,
      ),
    );
    expect(server.output()).not.toContain("error");
  });
}

testNeeding("redis-benchmark")("redis-benchmark runs any command, with random keys", async () => {
  const door = await startDoor();
  const args = [
    "-p",
    String(door.port),
    "-n",
    "1000",
    "-r",
    "100",
    "-q",
    "SETEX",
    "k:__rand_int__",
    "100",
    "v",
  ];
  expect(await outputOf(run("redis-benchmark", args))).toMatch(/requests per second/);
  const keys = Number(await outputOf(cliOf(door)("DBSIZE")));
  expect(keys).toBeGreaterThan(50);
  expect(keys).toBeLessThanOrEqual(100);
});
