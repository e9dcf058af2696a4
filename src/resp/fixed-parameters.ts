/**
 * Redis's parameters that tools read and that have one value here: what our options make of them, or
 * what Redis's default says about a server that works as this one does.
 */
import { resolve } from "node:path";
import { DATABASES } from "./databases.ts";
import type { Door } from "./door.ts";
import { hasLog } from "./live-options.ts";

type Read = (door: Door) => string;

const yesOrNo = (value: boolean): string => (value ? "yes" : "no");

/** Words that never change. */
const CONSTANTS = {
  "active-defrag-cycle-max": "25",
  "active-defrag-cycle-min": "1",
  "active-expire-effort": "1",
  aclfile: "",
  activedefrag: "yes",
  activerehashing: "yes",
  "aof-load-truncated": "yes",
  "aof-rewrite-incremental-fsync": "yes",
  "aof-use-rdb-preamble": "no",
  appenddirname: "",
  appendfilename: "",
  "auto-aof-rewrite-percentage": "100",
  "busy-reply-threshold": "5000",
  daemonize: "no",
  dbfilename: "",
  "dynamic-hz": "no",
  "hash-max-listpack-entries": "512",
  "hash-max-listpack-value": "64",
  "hll-sparse-max-bytes": "3000",
  hz: "10",
  "io-threads": "1",
  "io-threads-do-reads": "no",
  "latency-tracking": "yes",
  "latency-tracking-info-percentiles": "50 99 99.9",
  "lazyfree-lazy-eviction": "no",
  "lazyfree-lazy-expire": "no",
  "lazyfree-lazy-server-del": "no",
  "lazyfree-lazy-user-del": "no",
  "lazyfree-lazy-user-flush": "yes",
  "lfu-decay-time": "1",
  "lfu-log-factor": "10",
  "list-compress-depth": "0",
  "list-max-listpack-size": "-2",
  logfile: "",
  "lua-time-limit": "5000",
  masterauth: "",
  masteruser: "",
  "maxmemory-clients": "0",
  "maxmemory-eviction-tenacity": "10",
  "maxmemory-samples": "5",
  "min-replicas-max-lag": "10",
  "min-replicas-to-write": "0",
  "no-appendfsync-on-rewrite": "no",
  "oom-score-adj": "no",
  pidfile: "",
  "protected-mode": "no",
  rdbchecksum: "yes",
  rdbcompression: "no",
  "repl-backlog-size": "1048576",
  "repl-timeout": "60",
  "replica-priority": "100",
  "replica-read-only": "yes",
  "replica-serve-stale-data": "yes",
  replicaof: "",
  "sanitize-dump-payload": "yes",
  "set-max-intset-entries": "512",
  "shutdown-timeout": "10",
  slaveof: "",
  "stop-writes-on-bgsave-error": "no",
  "stream-node-max-bytes": "4096",
  "stream-node-max-entries": "100",
  "syslog-enabled": "no",
  "tcp-keepalive": "1",
  "tls-port": "0",
  "zset-max-listpack-entries": "128",
  "zset-max-listpack-value": "64",
} as const;

/** May be set to what they are. */
export const FIXED: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...Object.entries(CONSTANTS).map(([name, value]): [string, Read] => [name, () => value]),
  ["appendonly", (door) => yesOrNo(hasLog(door))],
  ["bind", ({ host }) => host.options.respHost],
  ["client-output-buffer-limit", outputLimits],
  ["dir", ({ host }) => resolve(host.options.dataDir ?? ".")],
  ["port", ({ port }) => String(port)],
  ["proto-max-bulk-len", ({ valueBytesMax }) => String(valueBytesMax)],
]);

/** May not be set at all, as in Redis. */
export const IMMUTABLE: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["always-show-logo", () => "no"],
  ["cluster-enabled", () => "no"],
  ["databases", () => String(DATABASES)],
  ["enable-debug-command", ({ settings }) => yesOrNo(settings.isDebugAllowed)],
  ["enable-module-command", () => "no"],
  ["enable-protected-configs", () => "no"],
  ["supervised", () => "no"],
  ["tcp-backlog", () => "1024"],
  ["unixsocket", () => ""],
  ["unixsocketperm", () => "0"],
]);

function outputLimits({ settings }: Door): string {
  const hard = settings.outputBytesMax;
  return `normal ${hard} 0 0 slave ${hard} 0 0 pubsub ${hard} 0 0`;
}
