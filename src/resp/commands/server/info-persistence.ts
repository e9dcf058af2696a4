/** The section of INFO on snapshots, which go by the name of RDB here, and the log, by that of AOF. */
import type { Door } from "../../door.ts";
import type { Field } from "./info-sections.ts";
import { lastSaveSeconds } from "./lastsave.ts";

export function persistenceFields(door: Door): Field[] {
  const { log, compaction, recovery } = door.store.stats();
  const { saves } = door;
  const lastSeconds =
    compaction.lastDurationMs === null ? -1 : Math.round(compaction.lastDurationMs / 1000);
  const status = compaction.lastError === null ? "ok" : "err";
  const fields: Field[] = [
    ["loading", 0],
    ["async_loading", 0],
    ["current_cow_peak", 0],
    ["current_cow_size", 0],
    ["current_cow_size_age", 0],
    ["current_fork_perc", "0.00"],
    ["current_save_keys_processed", 0],
    ["current_save_keys_total", 0],
    ["rdb_changes_since_last_save", log.records],
    ["rdb_bgsave_in_progress", Number(saves.running === "save")],
    ["rdb_last_save_time", lastSaveSeconds(door)],
    ["rdb_last_bgsave_status", status],
    ["rdb_last_bgsave_time_sec", lastSeconds],
    ["rdb_current_bgsave_time_sec", -1],
    ["rdb_saves", saves.totals.save],
    ["rdb_last_cow_size", 0],
    ["rdb_last_load_keys_expired", 0],
    ["rdb_last_load_keys_loaded", recovery?.snapshotEntries ?? 0],
    ["aof_enabled", Number(log.fsync !== null)],
    ["aof_rewrite_in_progress", Number(saves.running === "rewrite")],
    ["aof_rewrite_scheduled", Number(saves.scheduled === "rewrite")],
    ["aof_last_rewrite_time_sec", lastSeconds],
    ["aof_current_rewrite_time_sec", -1],
    ["aof_last_bgrewrite_status", status],
    ["aof_rewrites", saves.totals.rewrite],
    ["aof_rewrites_consecutive_failures", 0],
    ["aof_last_write_status", door.engine.journal.failed === null ? "ok" : "err"],
    ["aof_last_cow_size", 0],
    ["module_fork_in_progress", 0],
    ["module_fork_last_cow_size", 0],
  ];
  if (log.fsync === null) return fields;
  return [
    ...fields,
    ["aof_current_size", log.bytes],
    ["aof_base_size", compaction.snapshotBytes],
    ["aof_pending_rewrite", 0],
    ["aof_buffer_length", log.unsyncedBytes],
    ["aof_pending_bio_fsync", 0],
    ["aof_delayed_fsync", 0],
  ];
}
