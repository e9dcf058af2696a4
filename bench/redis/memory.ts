/**
 * Memory for each entry, over the Redis protocol: what each server counts against its limit, asked
 * by INFO, and what its process grew by, asked of the operating system.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "../support/benchmark.ts";
import { fillOver, infoNumber } from "../support/resp-client.ts";
import { column } from "../support/session.ts";
import type { Session } from "../support/session.ts";
import { SIDES, residentBytesOf, startServer } from "./servers.ts";
import type { DataServer, ServerName } from "./servers.ts";

const USED_AIM = 0.7;
/** Overwritten once before the count begins, so that buffers and compiled code are there. */
const WARM_UP_KEYS = 20_000;
/** A process that has grown by less than this share in that time is done with starting. */
const SETTLED_GROWTH = 1.01;
const SETTLED_MS = 1000;

export async function compareMemory(session: Session): Promise<void> {
  const keys = session.size(1_000_000, 20_000);
  const results = await session.alternate(SIDES, session.rounds(3), async (name) => {
    const plan = { persistence: "none", directory: session.directory() } as const;
    const server = await startServer(session, name as ServerName, plan);
    try {
      return await grow(server, keys);
    } finally {
      await server.stop();
    }
  });
  const peerOf = (figure: string) => ({
    peer: { name: "Redis", rounds: column(results.get("redis"), figure) },
  });
  const own = results.get("pykv");
  const aim = { of: "ratio", atMost: USED_AIM } as const;
  session.row("used, for each entry", "B", column(own, "usedBytes"), {
    ...peerOf("usedBytes"),
    aim,
  });
  if (column(own, "rssBytes").some(Number.isNaN)) return;
  session.row("growth of the resident set", "B", column(own, "rssBytes"), peerOf("rssBytes"));
}

async function grow(server: DataServer, keys: number): Promise<Figures> {
  const { socket } = server;
  const warm = Math.min(WARM_UP_KEYS, keys / 10);
  await fillOver(socket, warm);
  await fillOver(socket, warm);
  const rss = await settledRss(server);
  const used = await infoNumber(socket, "memory", "used_memory");
  await fillOver(socket, keys);
  const added = keys - warm;
  return {
    usedBytes: ((await infoNumber(socket, "memory", "used_memory")) - used) / added,
    rssBytes: (residentBytesOf(server) - rss) / added,
  };
}

/**
 * The resident set once it has stopped growing by itself: PyKV loads its REST door after the Redis
 * door serves, which is megabytes of code and nothing of the entries.
 */
async function settledRss(server: DataServer): Promise<number> {
  for (let rss = residentBytesOf(server); ;) {
    await sleep(SETTLED_MS);
    const before = rss;
    rss = residentBytesOf(server);
    if (!(rss > before * SETTLED_GROWTH)) return rss;
  }
}
