/** `pykv top` in a real terminal, and without one, beside a real server. */
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RedisConnection } from "../../src/cli/redis/connection.ts";
import { testNeeding } from "../support/test-tools.ts";
import { runPykv, startPykv } from "../support/run-pykv.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";
import { openTerminal } from "../support/terminal.ts";

const COMMAND = [process.execPath, resolve(import.meta.dirname, "../../bin/pykv.js")];
let server: ServerProcess;
let url: string;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", "none"]);
  url = `http://${server.address}`;
  const [host, port] = server.respAddress.split(":") as [string, string];
  const address = { host, port: Number(port), isTls: false, user: null, password: null };
  redis = await RedisConnection.open({ ...address, database: 2 }, 5000);
  await redis.command(["SET", "a", "1"]);
});

afterAll(async () => {
  redis.close();
  await server.end("SIGKILL");
});

const inTerminal = testNeeding("tmux");
const top = (...flags: string[]) => [
  ...COMMAND,
  "top",
  "--url",
  url,
  "--interval",
  "100ms",
  ...flags,
];

inTerminal("the dashboard lives, takes keys, fits, and leaves the terminal as it was", async () => {
  const terminal = await openTerminal(["sh", "-c", 'echo before; "$@"', "sh", ...top()]);
  await terminal.until(/^PyKV .*healthy/m);
  const timer = setInterval(() => void redis.command(["GET", "a"]), 5);
  try {
    await terminal.until(/^hit ratio +\[.*misses$/m);
    await terminal.until(/^Redis get +[1-9]/m);
  } finally {
    clearInterval(timer);
  }
  await terminal.press("s");
  await terminal.until(/s sort \(keys\)/);
  await terminal.press("p");
  await terminal.until(/^PyKV .* paused/m);
  await terminal.press("?");
  await terminal.until(/Ctrl-C +quit/);
  await terminal.press("?", "p");
  await terminal.resize(50, 10);
  const small = await terminal.until(/^q quit/m);
  expect(small.split("\n").length).toBeLessThanOrEqual(10);
  expect(Math.max(...small.split("\n").map((line) => line.length))).toBeLessThanOrEqual(50);
  await terminal.press("q");
  const after = await terminal.until(/\[ended 0\]/);
  expect(after).toMatch(/^before\n+\[ended 0\]$/);
});

inTerminal("Ctrl-C, a signal and a crash leave the terminal as it was, too", async () => {
  const pressed = await openTerminal(top());
  await pressed.until(/^q quit/m);
  await pressed.press("C-c");
  expect((await pressed.until(/\[ended 0\]/)).trim()).toBe("[ended 0]");
  const preload = "setTimeout(() => { throw new Error('crashed'); }, 1500)";
  const data = `data:text/javascript,${encodeURIComponent(preload)}`;
  const [node = "", ...rest] = top();
  const crashed = await openTerminal([node, "--import", data, ...rest]);
  await crashed.until(/^q quit/m);
  const after = await crashed.until(/\[ended \d+\]/);
  expect(after).toContain("crashed");
  expect(after).not.toContain("q quit");
});

test("a server that goes away is told, and the dashboard ends only when it was not there", async () => {
  const { code, stderr } = await runPykv(["top", "--url", "http://127.0.0.1:1"]);
  expect(code).toBe(3);
  expect(stderr).toContain("cannot be reached");
});

test("without a terminal it is one frame; with --json a stream of samples", async () => {
  const once = await runPykv(["top", "--url", url, "--interval", "100ms"]);
  expect(once.code).toBe(0);
  expect(once.stdout.toString()).toMatch(/^PyKV .*\noperations +.*\n(.*\n)*log +\d/);
  expect(once.stdout.includes(0x1b)).toBe(false);
  const { child, ended } = startPykv(["top", "--url", url, "--interval", "100ms", "--json"]);
  let seen = "";
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.split("\n").length > 3) resolve();
    });
  });
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
  const lines = seen.trim().split("\n");
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty("memory.used_bytes");
});
