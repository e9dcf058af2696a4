/** The sections of INFO that tell of the server, its clients and its traffic. */
import { arch, release, type } from "node:os";
import type { Door } from "../../door.ts";
import { REDIS_VERSION } from "../../compat.ts";
import { memoryFields } from "./info-memory.ts";
import { persistenceFields } from "./info-persistence.ts";
import { commandFields, errorFields, keyspaceFields, latencyFields } from "./info-tables.ts";

export type Field = readonly [name: string, value: string | number];

export interface Section {
  readonly title: string;
  /** Read only when the section is shown. */
  readonly fields: () => readonly Field[];
}

const DAY_SECONDS = 24 * 60 * 60;
const US_PER_MS = 1000;

/** In the order in which Redis shows them. */
export function infoSections(door: Door): readonly Section[] {
  return [
    { title: "Server", fields: () => serverFields(door) },
    { title: "Clients", fields: () => clientFields(door) },
    { title: "Memory", fields: () => memoryFields(door) },
    { title: "Persistence", fields: () => persistenceFields(door) },
    { title: "Stats", fields: () => statsFields(door) },
    { title: "Replication", fields: () => replicationFields(door) },
    { title: "CPU", fields: cpuFields },
    { title: "Modules", fields: () => [] },
    { title: "Commandstats", fields: () => commandFields(door) },
    { title: "Errorstats", fields: () => errorFields(door) },
    { title: "Latencystats", fields: () => latencyFields(door) },
    { title: "Cluster", fields: () => [["cluster_enabled", 0]] },
    { title: "Keyspace", fields: () => keyspaceFields(door) },
  ];
}

function serverFields(door: Door): Field[] {
  const nowMs = door.clock.nowMs();
  const uptimeSeconds = Math.max(0, Math.floor((nowMs - door.startedMs) / 1000));
  return [
    ["redis_version", REDIS_VERSION],
    ["pykv_version", door.version],
    ["redis_git_sha1", "00000000"],
    ["redis_git_dirty", 0],
    ["redis_build_id", "0"],
    ["redis_mode", "standalone"],
    ["os", `${type()} ${release()} ${arch()}`],
    ["arch_bits", 64],
    ["multiplexing_api", "libuv"],
    ["node_version", process.versions.node],
    ["process_id", process.pid],
    ["process_supervised", "no"],
    ["run_id", door.runId],
    ["tcp_port", door.port],
    ["server_time_usec", Math.floor(nowMs * US_PER_MS)],
    ["uptime_in_seconds", uptimeSeconds],
    ["uptime_in_days", Math.floor(uptimeSeconds / DAY_SECONDS)],
    ["hz", 10],
    ["configured_hz", 10],
    ["lru_clock", Math.floor(nowMs / 1000) % 2 ** 24],
    ["executable", process.execPath],
    ["config_file", door.host.configFile?.path ?? ""],
    ["io_threads_active", 0],
  ];
}

function clientFields(door: Door): Field[] {
  let inputMax = 0;
  let outputMax = 0;
  let pubsubClients = 0;
  for (const { link, isSubscribed } of door.clients.values()) {
    inputMax = Math.max(inputMax, link.queryBytes);
    outputMax = Math.max(outputMax, link.outputBytes);
    if (isSubscribed) pubsubClients++;
  }
  return [
    ["connected_clients", door.clients.size],
    ["cluster_connections", 0],
    ["maxclients", door.settings.connectionsMax],
    ["client_recent_max_input_buffer", inputMax],
    ["client_recent_max_output_buffer", outputMax],
    ["blocked_clients", 0],
    ["tracking_clients", door.tracking.sizes.clients],
    ["pubsub_clients", pubsubClients],
    ["clients_in_timeout_table", 0],
    ["total_blocking_keys", 0],
    ["total_blocking_keys_on_nokey", 0],
  ];
}

function statsFields(door: Door): Field[] {
  const { counters, traffic, pubsub, tracking } = door;
  const totals = door.totals();
  const rates = traffic.rates();
  const store = traffic.ofStore(door.store);
  const { clients, keys, prefixes } = tracking.sizes;
  const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(2);
  return [
    ["total_connections_received", counters.connectionsTotal],
    ["total_commands_processed", totals.commands],
    ["instantaneous_ops_per_sec", rates.commandsPerSecond],
    ["total_net_input_bytes", totals.inputBytes],
    ["total_net_output_bytes", totals.outputBytes],
    ["total_net_repl_input_bytes", 0],
    ["total_net_repl_output_bytes", 0],
    ["instantaneous_input_kbps", kilobytes(rates.inputBytesPerSecond)],
    ["instantaneous_output_kbps", kilobytes(rates.outputBytesPerSecond)],
    ["instantaneous_input_repl_kbps", "0.00"],
    ["instantaneous_output_repl_kbps", "0.00"],
    ["rejected_connections", counters.connectionsRefused],
    ["sync_full", 0],
    ["sync_partial_ok", 0],
    ["sync_partial_err", 0],
    ["expired_keys", store.expired],
    ["expired_stale_perc", "0.00"],
    ["expired_time_cap_reached_count", 0],
    ["evicted_keys", store.evictions],
    ["evicted_clients", 0],
    ["total_eviction_exceeded_time", 0],
    ["current_eviction_exceeded_time", 0],
    ["keyspace_hits", store.hits],
    ["keyspace_misses", store.misses],
    ["pubsub_channels", pubsub.channelCount],
    ["pubsub_patterns", pubsub.patternCount],
    ["pubsubshard_channels", pubsub.shardChannelCount],
    ["latest_fork_usec", 0],
    ["total_forks", 0],
    ["migrate_cached_sockets", 0],
    ["slave_expires_tracked_keys", 0],
    ["tracking_total_keys", keys],
    ["tracking_total_items", clients === 0 ? 0 : keys],
    ["tracking_total_prefixes", prefixes],
    ["unexpected_error_replies", 0],
    ["total_error_replies", traffic.errorsTotal],
    ["rejected_calls", counters.rejected],
    ["client_output_buffer_limit_disconnections", counters.outputLimitDisconnections],
  ];
}

function replicationFields(door: Door): Field[] {
  return [
    ["role", "master"],
    ["connected_slaves", 0],
    ["master_failover_state", "no-failover"],
    ["master_replid", door.runId],
    ["master_replid2", "0".repeat(40)],
    ["master_repl_offset", 0],
    ["second_repl_offset", -1],
    ["repl_backlog_active", 0],
    ["repl_backlog_size", 0],
    ["repl_backlog_first_byte_offset", 0],
    ["repl_backlog_histlen", 0],
  ];
}

function cpuFields(): Field[] {
  const { system, user } = process.cpuUsage();
  const seconds = (us: number): string => (us / 1_000_000).toFixed(6);
  return [
    ["used_cpu_sys", seconds(system)],
    ["used_cpu_user", seconds(user)],
    ["used_cpu_sys_children", "0.000000"],
    ["used_cpu_user_children", "0.000000"],
  ];
}
