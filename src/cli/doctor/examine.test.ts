/** The doctor on this machine, with ports and directories that the test has prepared. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveIo } from "../../../test/support/cli-io.ts";
import { startServerProcess } from "../../../test/support/server-process.ts";
import { open } from "../../index.ts";
import { runCli } from "../program.ts";
import type { Finding } from "./check.ts";

const folder = mkdtempSync(join(tmpdir(), "pykv-doctor-"));
let stranger: Server;
let strangerPort: number;

beforeAll(async () => {
  stranger = createServer((socket) => socket.end("220 mail ready\r\n"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  strangerPort = (stranger.address() as AddressInfo).port;
});

afterAll(() => {
  stranger.close();
  rmSync(folder, { recursive: true });
});

async function doctor(...flags: readonly string[]) {
  const io = new LiveIo();
  const code = await runCli(["doctor", "--json", "--max-memory", "64mb", ...flags], io);
  expect(io.complained).toBe("");
  const { checks } = JSON.parse(io.printed) as { checks: Finding[] };
  return { code, find: (name: string) => checks.find((check) => check.name === name) };
}

const FREE = ["--port", "0", "--resp-port", "any"];

test("a directory that is not there yet is fine, and nothing is left behind", async () => {
  const { code, find } = await doctor("--data-dir", join(folder, "a", "b"), ...FREE);
  expect(code).toBe(0);
  expect(find("data directory")).toMatchObject({ status: "ok" });
  expect(find("disk speed")?.figures).toMatchObject({ p50_ms: expect.any(Number) as number });
  expect(readdirSync(folder)).toEqual([]);
});

test("damaged data, and files that are put aside, are told", async () => {
  const dir = join(folder, "damaged");
  const kv = await open({ dataDir: dir });
  await kv.set("a", "1");
  await kv.set("b", "1");
  await kv.close();
  expect((await doctor("--data-dir", dir, ...FREE)).find("data")).toMatchObject({ status: "ok" });
  writeFileSync(join(dir, "torn-log-1-2.bin"), "x");
  const segment = readdirSync(dir).find((name) => name.startsWith("log-"))!;
  writeFileSync(join(dir, segment), "x".repeat(200));
  const { code, find } = await doctor("--data-dir", dir, ...FREE);
  expect(code).toBe(1);
  expect(find("data")).toMatchObject({ status: "fail" });
  expect(find("torn tails")).toMatchObject({ status: "warn" });
});

test("a file in the place of the directory is told", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "");
  const { code, find } = await doctor("--data-dir", path, ...FREE);
  expect(code).toBe(1);
  expect(find("data directory")).toMatchObject({ status: "fail" });
});

test("a PyKV on the ports is fine, and so is one on the directory; a stranger is not", async () => {
  const dir = join(folder, "busy");
  mkdirSync(dir);
  const server = await startServerProcess(["--data-dir", dir]);
  try {
    const [port, respPort] = [server.address, server.respAddress].map((at) => at.split(":")[1]!);
    const flags = ["--data-dir", dir, "--port", port!, "--resp-port", respPort!];
    const { code, find } = await doctor(...flags);
    expect(code).toBe(0);
    expect(find("REST port")?.detail).toMatch(/a PyKV \d+\.\d+\.\d+ runs there, healthy/);
    expect(find("Redis port")?.detail).toContain("a PyKV runs there");
    expect(find("data directory")?.detail).toMatch(/process \d+ runs on it/);
  } finally {
    await server.end("SIGKILL");
  }
  const other = ["--port", String(strangerPort), "--resp-port", "any", "--data-dir", "none"];
  const rest = await doctor(...other);
  expect(rest.code).toBe(1);
  expect(rest.find("REST port")?.detail).toContain("is in use, and not by a PyKV");
  const redis = await doctor("--port", "0", "--resp-port", String(strangerPort));
  expect(redis.find("Redis port")?.detail).toContain("is in use, and not by a PyKV");
});

test("people get a line for each, and what to do", async () => {
  const io = new LiveIo();
  const flags = ["--data-dir", "none", "--port", String(strangerPort), "--resp-port", "0"];
  expect(await runCli(["doctor", ...flags], io)).toBe(1);
  expect(io.printed).toMatch(/^ok {4}Node/m);
  expect(io.printed).toMatch(/^FAIL {2}REST port .*in use.*\n +-> stop it, or choose another/m);
  expect(io.printed).toMatch(/1 to mend before a server can run/);
  const mistake = new LiveIo();
  expect(await runCli(["doctor", "--prot", "1"], mistake)).toBe(2);
  expect(mistake.complained).toContain("did you mean --port?");
});
