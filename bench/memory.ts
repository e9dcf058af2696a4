/**
 * Memory for each entry at a million of them, against Redis with the same data.
 *
 * Used bytes are what the store counts against its limit; arena bytes are the pages behind them; the
 * growth of the resident set is what the operating system sees, everything included that the process
 * took on the way. Redis is asked the same: `used_memory` and `used_memory_rss`, before and after.
 */
import { spawn, spawnSync } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { collectGarbage } from "./support/data.ts";
import { connectTo, fillOver, infoNumber } from "./support/resp-client.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { fill, openForBench } from "./support/stores.ts";

/** Measured once with Redis 7.0.15, for machines that have none. */
const REDIS_BYTES_CITED = 168;
const BYTES_AIM = 118;
const WARM_UP_KEYS = 20_000;
const CONNECT_MS_MAX = 5000;

const pykv: Side = async ({ keys }) => {
  const warm = await openForBench({ dataDir: null });
  await fill(warm, WARM_UP_KEYS);
  await warm.close();
  const kv = await openForBench({ dataDir: null });
  collectGarbage();
  const rssBefore = process.memoryUsage.rss();
  const before = kv.stats().memory;
  await fill(kv, keys);
  collectGarbage();
  const rss = process.memoryUsage.rss() - rssBefore;
  const { usedBytes, arenaBytes, indexBytes } = kv.stats().memory;
  return {
    usedBytes: (usedBytes - before.usedBytes) / keys,
    arenaBytes: (arenaBytes - before.arenaBytes) / keys,
    indexBytes: indexBytes / keys,
    rssBytes: rss / keys,
  };
};

const redis: Side = async ({ keys, directory }) => {
  const path = join(directory, `redis-${process.pid}.sock`);
  const flags = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"];
  const server = spawn("redis-server", flags, { stdio: "ignore", cwd: directory });
  const ended = new Promise((settle) => server.once("close", settle));
  try {
    const socket = await connectTo({ path }, CONNECT_MS_MAX);
    const before = await memoryOf(socket);
    await fillOver(socket, keys);
    const after = await memoryOf(socket);
    socket.destroy();
    return {
      usedBytes: (after.used - before.used) / keys,
      rssBytes: (after.rss - before.rss) / keys,
    };
  } finally {
    server.kill();
    await ended;
  }
};

async function memoryOf(socket: Socket): Promise<{ used: number; rss: number }> {
  const used = await infoNumber(socket, "memory", "used_memory");
  return { used, rss: await infoNumber(socket, "memory", "used_memory_rss") };
}

function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"]).status === 0;
}

async function run(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 20_000);
  const directory = session.directory();
  const sides = hasRedis() ? ["pykv", "redis"] : ["pykv"];
  const results = await session.alternate(sides, session.rounds(3), (side) =>
    session.side(side, { keys, directory }),
  );
  if (sides.length === 1) session.skip("redis-server is not on the PATH: its figure is cited");
  const own = results.get("pykv");
  const peers = results.get("redis");
  const used = peerOf(peers, "usedBytes");
  session.row("used, for each entry", "B", column(own, "usedBytes"), {
    peer: used ?? { name: "Redis (cited)", rounds: [REDIS_BYTES_CITED] },
    aim: { of: "value", atMost: BYTES_AIM },
  });
  session.row("  of that the index", "B", column(own, "indexBytes"));
  session.row("pages of the arena, for each entry", "B", column(own, "arenaBytes"));
  const rss = peerOf(peers, "rssBytes");
  session.row("growth of the resident set", "B", column(own, "rssBytes"), { peer: rss });
}

function peerOf(rounds: readonly Figures[] | undefined, figure: string) {
  return rounds === undefined ? null : { name: "Redis", rounds: column(rounds, figure) };
}

export const memory: Benchmark = {
  name: "memory",
  title: "memory for each entry, 1M keys of 16 bytes, values of 64",
  sides: { pykv, redis },
  run,
};
