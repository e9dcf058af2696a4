/**
 * The two servers, each a process of its own, with the same limits and the same promise about the
 * disk, and what the operating system knows of them.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuSecondsOf } from "../support/processes.ts";
import { askLine, connectTo, infoNumber } from "../support/resp-client.ts";
import type { Session } from "../support/session.ts";

/** What a server does with what is written: keeps it in memory only, or one of two policies. */
export const PERSISTENCES = ["none", "everysec", "always"] as const;
export type Persistence = (typeof PERSISTENCES)[number];

export const SIDES = ["pykv", "redis"] as const;
export type ServerName = (typeof SIDES)[number];

/** What `pykv` runs, of the same build as the benchmarks. */
const PYKV = resolve(import.meta.dirname, "../../src/cli/main.js");
/** Of both servers; nothing here comes near it. */
const MEMORY_MAX = "3gb";
/** For a server to listen, and to load what it has. */
const START_MS_MAX = 120_000;
const POLL_MS = 5;
const STATM_PAGE_BYTES = 4096;

export interface DataServer {
  readonly pid: number;
  readonly port: number;
  readonly socket: Socket;
  /** From the start of its process to its first answer to PING, in seconds. */
  readonly startSeconds: number;
  stop(): Promise<void>;
}

export interface ServerPlan {
  readonly persistence: Persistence;
  /** Its own, or empty for none. */
  readonly directory: string;
  /** Redis: what to load, its append-only file or its RDB file. */
  readonly source?: "log" | "snapshot";
}

export function startServer(
  session: Session,
  name: ServerName,
  plan: ServerPlan,
): Promise<DataServer> {
  return name === "pykv" ? startPykv(session, plan) : startRedis(plan);
}

/** A process as users start it, with no IPC channel and nothing loaded but what it needs. */
async function startPykv(session: Session, plan: ServerPlan): Promise<DataServer> {
  const port = await freePort();
  const flags = [...session.profileFlags(), PYKV, ...pykvFlags(plan, port)];
  return start("pykv", process.execPath, flags, plan, port);
}

// prettier-ignore
function pykvFlags({ persistence, directory }: ServerPlan, port: number): string[] {
  return [
    "serve", "--port", "0", "--resp-port", String(port),
    "--data-dir", persistence === "none" ? "none" : join(directory, "data"),
    "--fsync", persistence === "always" ? "always" : "everysec",
    "--max-memory", MEMORY_MAX, "--eviction", "lru",
    "--compaction-interval", "0", "--max-log-size", "0", "--log-level", "info",
  ];
}

async function startRedis(plan: ServerPlan): Promise<DataServer> {
  const port = await freePort();
  return start("redis", "redis-server", redisFlags(plan, port), plan, port);
}

function start(
  name: ServerName,
  program: string,
  flags: readonly string[],
  { directory }: ServerPlan,
  port: number,
): Promise<DataServer> {
  const startMs = performance.now();
  const cwd = directory === "" ? tmpdir() : directory;
  const child = spawn(program, flags, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<void>((settle) => child.once("close", () => settle()));
  child.once("error", () => undefined);
  const tooSoon = ended.then(() => {
    throw new Error(`${name} ended before it served`);
  });
  const server = { port, pid: child.pid ?? 0, stop: () => stop(child, ended) };
  return Promise.race([connected(server, startMs), tooSoon]);
}

// prettier-ignore
function redisFlags({ persistence, directory, source }: ServerPlan, port: number): string[] {
  const isLogged = persistence !== "none" && source !== "snapshot";
  return [
    "--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--save", "",
    "--maxmemory", MEMORY_MAX, "--maxmemory-policy", "allkeys-lru",
    "--appendonly", isLogged ? "yes" : "no",
    "--appendfsync", persistence === "always" ? "always" : "everysec",
    "--aof-use-rdb-preamble", "no", "--no-appendfsync-on-rewrite", "no",
    "--auto-aof-rewrite-percentage", "0",
  ];
}

/** Ends it by its own signal and by no other way: what it has written must be on disk then. */
function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  return ended;
}

/** Waits until it serves. By its process id: somebody else may have got hold of the port meanwhile. */
async function connected(
  server: Pick<DataServer, "pid" | "port" | "stop">,
  startMs: number,
): Promise<DataServer> {
  try {
    const socket = await connectTo({ host: "127.0.0.1", port: server.port }, START_MS_MAX);
    while ((await askLine(socket, "PING")) !== "+PONG") {
      if (performance.now() - startMs > START_MS_MAX) throw new Error("the server does not serve");
      await sleep(POLL_MS);
    }
    const startSeconds = (performance.now() - startMs) / 1000;
    if ((await infoNumber(socket, "server", "process_id")) !== server.pid) {
      socket.destroy();
      throw new Error(`another server listens on port ${server.port}`);
    }
    const stopAll = async (): Promise<void> => {
      socket.destroy();
      await server.stop();
    };
    return { ...server, socket, startSeconds, stop: stopAll };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A port that nobody listens on at this moment: PyKV takes 0 for "no Redis door". */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

/** Bytes of the process that are in memory; NaN where the system does not tell. */
export function residentBytesOf({ pid }: DataServer): number {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
    return Number(pages) * STATM_PAGE_BYTES;
  } catch {
    return Number.NaN;
  }
}

/** What it has used of the processors so far, all its threads together. */
export function cpuMsOf({ pid }: DataServer): number {
  return cpuSecondsOf(pid) * 1000;
}

/** Whether one of the programs is missing here; the report says so then. */
export function skipWithout(session: Session, programs: readonly string[]): boolean {
  const missing = programs.find((each) => spawnSync(each, ["--version"]).status !== 0);
  if (missing === undefined) return false;
  session.skip(`${missing} is not on the PATH: there is nothing to compare with`);
  return true;
}
