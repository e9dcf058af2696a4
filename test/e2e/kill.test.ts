/**
 * The server from the build, killed again and again under concurrent writers: nothing that was
 * acknowledged over HTTP is ever lost, under either policy, since the machine runs on.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRandom, randomBelow } from "../support/random.ts";
import { startServerProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { Writer } from "./writers.ts";

const KILLS = 6;
const WRITERS = 6;
const WRITES_MIN = 30;
const WRITES_MAX = 500;
/** Snapshots all the time: after every 150 records, and every second. */
const COMPACTING = [
  "--max-log-size",
  "150r",
  "--compaction-interval",
  "1s",
  "--segment-size",
  "1mb",
];

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "pykv-kill-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(dataDir: string, fsync: string): Promise<ServerProcess> {
  const flags = ["--data-dir", dataDir, "--fsync", fsync, "--log-level", "info", ...COMPACTING];
  const server = await startServerProcess(flags);
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  return server;
}

function createWriters(seed: number): Writer[] {
  return Array.from({ length: WRITERS }, (_, i) => new Writer(`w${i}`, createRandom(seed + i)));
}

/** Lets all writers write, and ends the server after so many writes; resolves with its exit code. */
async function writeAndEnd(
  server: ServerProcess,
  writers: readonly Writer[],
  writes: number,
  signal: NodeJS.Signals,
): Promise<number | null> {
  let left = writes;
  let reached: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (reached = resolve));
  const onAcknowledged = (): void => {
    left -= 1;
    if (left === 0) reached();
  };
  const writing = writers.map((it) => it.writeUntilEnd(server.address, onAcknowledged));
  const allEnded = Promise.all(writing);
  await Promise.race([enough, allEnded]);
  const exitCode = await server.end(signal);
  await allEnded;
  return exitCode;
}

async function findLosses(server: ServerProcess, writers: readonly Writer[]): Promise<string[]> {
  const losses = await Promise.all(writers.map((it) => it.findLosses(server.address)));
  return losses.flat();
}

const TIMEOUT_MS = 180_000;

test(
  `nothing acknowledged is lost when the server is killed ${KILLS} times`,
  { timeout: TIMEOUT_MS },
  async () => {
    const dataDir = temporaryDirectory();
    const seed = randomBelow(Math.random, 2 ** 30);
    const random = createRandom(seed);
    const writers = createWriters(seed);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const server = await start(dataDir, kill % 2 === 0 ? "always" : "everysec");
      expect(await findLosses(server, writers), `before kill ${kill}, seed ${seed}`).toEqual([]);
      const writes = WRITES_MIN + randomBelow(random, WRITES_MAX - WRITES_MIN);
      expect(await writeAndEnd(server, writers, writes, "SIGKILL")).toBeNull();
      expect(readdirSync(dataDir)).toContain("LOCK");
    }
    const server = await start(dataDir, "always");
    expect(await findLosses(server, writers), `at the end, seed ${seed}`).toEqual([]);
    expect(writers.reduce((sum, it) => sum + it.acknowledged, 0)).toBeGreaterThan(
      KILLS * WRITES_MIN,
    );
    expect(readdirSync(dataDir).filter((it) => it.startsWith("snapshot-")).length).toBeGreaterThan(
      0,
    );
  },
);

for (const fsync of ["always", "everysec"]) {
  test(`${fsync}: SIGTERM under load finishes what is in flight and exits with 0`, async () => {
    const dataDir = temporaryDirectory();
    const writers = createWriters(1);
    const server = await start(dataDir, fsync);
    expect(await writeAndEnd(server, writers, 200, "SIGTERM"), server.output()).toBe(0);
    expect(readdirSync(dataDir)).not.toContain("LOCK");
    const again = await start(dataDir, fsync);
    expect(await findLosses(again, writers)).toEqual([]);
  });
}

test("a second server on the same directory refuses, and names the process that has it", async () => {
  const dataDir = temporaryDirectory();
  const server = await start(dataDir, "always");
  const { pid } = JSON.parse(readFileSync(join(dataDir, "LOCK"), "utf8")) as { pid: number };
  await expect(start(dataDir, "always")).rejects.toThrow(`process ${pid} holds it`);
  const [writer] = createWriters(1);
  expect(await writer!.findLosses(server.address)).toEqual([]);
});
