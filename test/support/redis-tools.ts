/**
 * The programs of Redis, for tests that compare with them or drive them: redis-server, redis-cli,
 * redis-benchmark.
 */
import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** What redis-server prints when it listens. */
const READY = "Ready to accept connections";
const TRIES_MAX = 5;

export interface Ended {
  readonly output: string;
  readonly code: number | null;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has printed so far, stdout and stderr together, a character a byte. */
  readonly output: () => string;
}

/** Starts a program; it does not outlive the test. */
export function spawnProgram(program: string, args: readonly string[]): Running {
  const child = spawn(program, args, { env: { PATH: process.env.PATH }, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  }
  child.stdin.on("error", () => undefined);
  return { child, output: () => output };
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string | Buffer } = {},
): Promise<Ended> {
  const { child, output } = spawnProgram(program, args);
  const ended = endOf(child);
  child.stdin.end(options.input);
  const code = await ended;
  return { output: output(), code };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

export interface RedisServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A redis-server that keeps nothing, on a free port. */
export async function startRedisServer(): Promise<RedisServer> {
  for (let tries = 1; ; tries++) {
    const server = await tryRedisServer(await freePort());
    if (typeof server !== "string") return server;
    // Somebody else may have taken the port in between.
    if (tries === TRIES_MAX) throw new Error(`redis-server does not start: ${server}`);
  }
}

/** The server, or what it printed before it ended. */
async function tryRedisServer(port: number): Promise<RedisServer | string> {
  const folder = mkdtempSync(join(tmpdir(), "pykv-redis-"));
  const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const child = spawn("redis-server", [...where, "--save", "", "--appendonly", "no"]);
  let printed = "";
  const isReady = new Promise<boolean>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes(READY)) resolve(true);
    });
  });
  const ended = endOf(child);
  const isUp = await Promise.race([isReady, ended.then(() => false)]);
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true });
  };
  if (isUp) return { port, stop };
  await stop();
  return printed;
}

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
