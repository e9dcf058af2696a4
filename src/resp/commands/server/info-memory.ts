/** The section of INFO on memory. */
import { totalmem } from "node:os";
import type { Door } from "../../door.ts";
import type { Field } from "./info-sections.ts";
import { memoryFigures } from "./memory-figures.ts";

const UNITS = ["B", "K", "M", "G", "T"] as const;

export function memoryFields(door: Door): Field[] {
  const { engine, store } = door;
  const figures = memoryFigures(door);
  const { usedBytes, rssBytes, peakBytes, arenaBytes, indexBytes, clientBytes } = figures;
  const dataset = usedBytes - indexBytes;
  return [
    ...withHuman("used_memory", usedBytes),
    ...withHuman("used_memory_rss", rssBytes),
    ...withHuman("used_memory_peak", peakBytes),
    ["used_memory_peak_perc", percent(usedBytes, peakBytes)],
    ["used_memory_overhead", indexBytes],
    ["used_memory_startup", 0],
    ["used_memory_dataset", dataset],
    ["used_memory_dataset_perc", percent(dataset, usedBytes)],
    ["allocator_allocated", usedBytes],
    ["allocator_active", arenaBytes],
    ["allocator_resident", rssBytes],
    ...withHuman("total_system_memory", totalmem()),
    ...withHuman("used_memory_lua", 0),
    ["used_memory_scripts", 0],
    ["number_of_cached_scripts", 0],
    ...withHuman("maxmemory", store.memoryBytesMax),
    ["maxmemory_policy", engine.table.mayEvict ? "allkeys-lru" : "noeviction"],
    ["allocator_frag_ratio", ratio(arenaBytes, usedBytes)],
    ["allocator_frag_bytes", arenaBytes - usedBytes],
    ["allocator_rss_ratio", ratio(rssBytes, arenaBytes)],
    ["allocator_rss_bytes", rssBytes - arenaBytes],
    ["rss_overhead_ratio", "1.00"],
    ["rss_overhead_bytes", 0],
    ["mem_fragmentation_ratio", ratio(rssBytes, usedBytes)],
    ["mem_fragmentation_bytes", rssBytes - usedBytes],
    ["mem_not_counted_for_evict", 0],
    ["mem_replication_backlog", 0],
    ["mem_total_replication_buffers", 0],
    ["mem_clients_slaves", 0],
    ["mem_clients_normal", clientBytes],
    ["mem_cluster_links", 0],
    ["mem_aof_buffer", figures.unsyncedBytes],
    ["mem_allocator", "pykv"],
    ["active_defrag_running", 0],
    ["lazyfree_pending_objects", 0],
    ["lazyfreed_objects", 0],
  ];
}

/** As Redis writes sizes for people: 1.04M. */
function humanBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value}B` : `${value.toFixed(2)}${UNITS[unit]}`;
}

function withHuman(name: string, bytes: number): Field[] {
  return [
    [name, bytes],
    [`${name}_human`, humanBytes(bytes)],
  ];
}

function percent(part: number, whole: number): string {
  return `${(whole > 0 ? (100 * part) / whole : 0).toFixed(2)}%`;
}

function ratio(one: number, other: number): string {
  return (other > 0 ? one / other : 0).toFixed(2);
}
