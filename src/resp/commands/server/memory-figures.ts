/** The memory of table and clients in bytes, for INFO and MEMORY. */
import type { Door } from "../../door.ts";

export interface MemoryFigures {
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly arenaBytes: number;
  readonly indexBytes: number;
  readonly rssBytes: number;
  readonly clientBytes: number;
  /** Of the log. */
  readonly unsyncedBytes: number;
}

/** Cost: a look at each client. */
export function memoryFigures(door: Door): MemoryFigures {
  const { table, journal } = door.engine;
  const { usedBytes } = table;
  const { traffic } = door;
  traffic.peakBytes = Math.max(traffic.peakBytes, usedBytes);
  let clientBytes = 0;
  for (const { link } of door.clients.values()) clientBytes += link.outputBytes + link.queryBytes;
  return {
    usedBytes,
    peakBytes: traffic.peakBytes,
    arenaBytes: table.arenaBytes,
    indexBytes: table.indexBytes,
    rssBytes: process.memoryUsage.rss(),
    clientBytes,
    unsyncedBytes: journal.stats().unsyncedBytes,
  };
}
