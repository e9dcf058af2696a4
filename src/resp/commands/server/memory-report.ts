/** MEMORY STATS and MEMORY DOCTOR: the figures, and what stands out in them. */
import type { Client } from "../../client.ts";
import type { Door } from "../../door.ts";
import { memoryFigures } from "./memory-figures.ts";

const SMALL_BYTES = 5 * 1024 * 1024;
const PEAK_FACTOR = 1.5;
const WASTE_FACTOR = 1.4;
const CLIENT_BYTES_MAX = 200 * 1024;

export function writeMemoryStats({ out, door }: Client): void {
  const figures = memoryFigures(door);
  const { keys } = door.store.stats();
  const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
  const integers: [string, number][] = [
    ["peak.allocated", figures.peakBytes],
    ["total.allocated", figures.usedBytes],
    ["startup.allocated", 0],
    ["replication.backlog", 0],
    ["clients.slaves", 0],
    ["clients.normal", figures.clientBytes],
    ["cluster.links", 0],
    ["aof.buffer", figures.unsyncedBytes],
    ["lua.caches", 0],
    ["functions.caches", 0],
    ["overhead.total", figures.indexBytes],
    ["keys.count", keys],
    ["keys.bytes-per-key", keys > 0 ? Math.floor(figures.usedBytes / keys) : 0],
    ["dataset.bytes", figures.usedBytes - figures.indexBytes],
    ["allocator.allocated", figures.usedBytes],
    ["allocator.active", figures.arenaBytes],
    ["allocator.resident", figures.rssBytes],
    ["allocator-fragmentation.bytes", figures.arenaBytes - figures.usedBytes],
    ["rss-overhead.bytes", figures.rssBytes - figures.arenaBytes],
    ["fragmentation.bytes", figures.rssBytes - figures.usedBytes],
  ];
  const doubles: [string, number][] = [
    ["dataset.percentage", 100 * share(figures.usedBytes - figures.indexBytes, figures.usedBytes)],
    ["peak.percentage", 100 * share(figures.usedBytes, figures.peakBytes)],
    ["allocator-fragmentation.ratio", share(figures.arenaBytes, figures.usedBytes)],
    ["rss-overhead.ratio", share(figures.rssBytes, figures.arenaBytes)],
    ["fragmentation", share(figures.rssBytes, figures.usedBytes)],
  ];
  out.map(integers.length + doubles.length);
  for (const [name, value] of integers) {
    out.bulkLatin1(name);
    out.integer(value);
  }
  for (const [name, value] of doubles) {
    out.bulkLatin1(name);
    out.double(value);
  }
}

export function memoryReport(door: Door): string {
  const { usedBytes, peakBytes, arenaBytes, clientBytes } = memoryFigures(door);
  if (usedBytes < SMALL_BYTES) {
    return "This instance holds very little; there is nothing to say about its memory.\n";
  }
  const problems: string[] = [];
  if (peakBytes > usedBytes * PEAK_FACTOR) {
    problems.push(`Peak: ${peakBytes} bytes were used once, ${usedBytes} are now.`);
  }
  if (arenaBytes > usedBytes * WASTE_FACTOR) {
    problems.push(`Fragmentation: ${arenaBytes - usedBytes} bytes lie free between entries.`);
  }
  if (clientBytes > CLIENT_BYTES_MAX * Math.max(1, door.clients.size)) {
    problems.push(`Clients: their buffers hold ${clientBytes} bytes; some read too slowly.`);
  }
  return `${problems.length === 0 ? "No problems with the memory." : problems.join("\n")}\n`;
}
