/** `pykv log` over a data directory that a real server is writing to. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { RedisConnection } from "../../src/cli/redis/connection.ts";
import { LiveIo } from "../support/cli-io.ts";
import { startPykv } from "../support/run-pykv.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";

interface Line {
  readonly seq: number;
  readonly operation: string;
  readonly key?: string;
  readonly value?: unknown;
  readonly timestamp: string;
}

const dir = mkdtempSync(join(tmpdir(), "pykv-log-"));
let server: ServerProcess;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", dir, "--segment-size", "1mb"]);
  const [host, port] = server.respAddress.split(":") as [string, string];
  const address = { host, port: Number(port), isTls: false, user: null, password: null };
  redis = await RedisConnection.open({ ...address, database: 0 }, 5000);
  await redis.command(["SET", "a", "1"]);
  await redis.command(["SET", "session", "x", "PX", "3600000"]);
  await redis.command(["PERSIST", "session"]);
  await redis.command(["DEL", "a"]);
  await redis.command(["SET", Buffer.from([0xff]), Buffer.from([0xfe, 0x00])]);
  await redis.command(["FLUSHDB"]);
  const body = '{"key":"j","value":{"n": 9223372036854775807},"namespace":"shop"}';
  const headers = { "content-type": "application/json" };
  await fetch(`http://${server.address}/kv/`, { method: "POST", headers, body });
});

afterAll(async () => {
  redis.close();
  await server.end("SIGKILL");
  rmSync(dir, { recursive: true });
});

async function log(...args: readonly string[]) {
  const io = new LiveIo();
  const code = await runCli(["log", dir, ...args], io);
  expect(io.complained).not.toMatch(/^\s+at /m);
  return { code, lines: io.printed.split("\n").filter(Boolean), stderr: io.complained };
}

test("every record is a line of JSON that says what, where and when", async () => {
  const { code, lines, stderr } = await log("--until", "7");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const bare = lines.map((line) => line.replace(/,"timestamp":"[^"]+"/, ""));
  expect(bare.map((line) => line.replace(/"deadline":"[^"]+"/, '"deadline":"..."'))).toEqual([
    '{"seq":1,"operation":"SET","namespace":"default","key":"a","value":"1","deadline":null}',
    '{"seq":2,"operation":"SET","namespace":"default","key":"session","value":"x","deadline":"..."}',
    '{"seq":3,"operation":"EXPIRE","namespace":"default","key":"session","deadline":null}',
    '{"seq":4,"operation":"DELETE","namespace":"default","key":"a","reason":"user"}',
    '{"seq":5,"operation":"SET","namespace":"default","key":"/w==","key_encoding":"base64",' +
      '"value":"/gA=","encoding":"base64","deadline":null}',
    '{"seq":6,"operation":"CLEAR","namespace":"default"}',
    '{"seq":7,"operation":"SET","namespace":"shop","key":"j",' +
      '"value":{"n": 9223372036854775807},"deadline":null}',
  ]);
  for (const line of lines) {
    const { timestamp } = JSON.parse(line) as Line;
    expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(600_000);
  }
});

const FILTERS: [string[], number[]][] = [
  [
    ["--key", "a"],
    [1, 4],
  ],
  [
    ["--prefix", "s"],
    [2, 3],
  ],
  [["--ns", "shop"], [7]],
  [
    ["--operation", "delete,clear"],
    [4, 6],
  ],
  [
    ["--since", "3", "--limit", "2"],
    [3, 4],
  ],
  [["--since", "1h", "--operation", "EXPIRE"], [3]],
  [["--until", "1h"], []],
  [
    ["--since", "2020-01-01", "--until", "2"],
    [1, 2],
  ],
];
for (const [args, seqs] of FILTERS) {
  test(`log ${args.join(" ")} prints ${seqs.join(", ") || "nothing"}`, async () => {
    const { lines } = await log(...args);
    expect(lines.map((line) => (JSON.parse(line) as Line).seq)).toEqual(seqs);
  });
}

test("bad usage and a directory without a log are told", async () => {
  for (const [args, code, message] of [
    [["--key", "a", "--prefix", "b"], 2, /exclude each other/],
    [["--operation", "INSERT"], 2, /"INSERT" is none; there are SET, DELETE/],
    [["--since", "yesterday"], 2, /It must be a time/],
    [["--limit", "0"], 2, /whole number from 1/],
  ] as const) {
    const { code: actual, stderr } = await log(...args);
    expect(actual).toBe(code);
    expect(stderr).toMatch(message);
  }
  for (const [where, message] of [
    [join(dir, "nowhere"), /ENOENT/],
    [tmpdir(), /holds no log/],
  ] as const) {
    const io = new LiveIo();
    expect(await runCli(["log", where], io)).toBe(1);
    expect(io.complained).toMatch(message);
  }
});

test("--follow shows every record once while the log rolls and is compacted", async () => {
  const { child, ended } = startPykv([
    "log",
    dir,
    "--follow",
    "--since",
    "now",
    "--interval",
    "20ms",
  ]);
  const lines: Line[] = [];
  let rest = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((line) => JSON.parse(line) as Line));
  });
  await until(async () => {
    await redis.command(["SET", "probe", "1"]);
    return lines.length > 0;
  });
  const value = "v".repeat(2000);
  for (let round = 0; round < 30; round++) {
    const keys = Array.from({ length: 60 }, (_, i) => `round:${round}:${i}`);
    await redis.pipeline(keys.map((key) => ["SET", key, value]));
    if (round % 10 !== 5) continue;
    // A compaction may be quicker than whoever follows; what it removes must have been shown.
    await until(() => lines.at(-1)?.key === keys.at(-1));
    // One that is still running may refuse it.
    await redis.pipeline([["BGSAVE"]]);
  }
  await redis.command(["SET", "last", "1"]);
  await until(() => lines.at(-1)?.key === "last");
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
  const seqs = lines.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
  expect(lines.filter(({ key }) => key?.startsWith("round:")).length).toBe(1800);
  // It did roll, and what was compacted is gone.
  expect(
    readdirSync(dir).some((name) => name.startsWith("log-") && !name.includes("-0000000000000001")),
  ).toBe(true);
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
