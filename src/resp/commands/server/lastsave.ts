/** LASTSAVE: when the last snapshot was durable. */
import type { Command } from "../../command.ts";
import type { Door } from "../../door.ts";

export const lastsave: Command = {
  name: "lastsave",
  arity: 1,
  flags: ["loading", "stale", "fast"],
  group: "server",
  categories: ["@admin", "@dangerous"],
  since: "1.0.0",
  summary: "Returns the Unix timestamp of the last successful save to disk.",
  complexity: "O(1)",
  run: ({ out, door }) => out.integer(lastSaveSeconds(door)),
};

/** Since 1970; the start counts as a save, as in Redis. */
export function lastSaveSeconds(door: Door): number {
  return Math.floor((door.store.stats().compaction.lastAtMs ?? door.startedMs) / 1000);
}
