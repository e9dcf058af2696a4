/**
 * Every option of a server, declared once.
 *
 * Flags, PYKV_* environment variables, keys of the configuration file, `pykv serve --help`,
 * docs/configuration.md, validation and the typed result all derive from this table. The name on
 * the left is what the code uses, with its unit last; `flag` is what a user writes.
 */
import { GiB, KiB, MiB } from "../../base/units.ts";
import { REDIS_OPTIONS } from "./declaration-redis.ts";
import {
  boolean,
  bytes,
  choice,
  duration,
  integer,
  list,
  logLimit,
  string,
  stringOrNone,
  type Machine,
  type OptionSpec,
} from "./kinds.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** One shard is one SharedArrayBuffer, and 4 GiB is the largest that can be seen through a view. */
const MEMORY_BYTES_LIMIT = 4 * GiB;
/** Hosts that stand for all addresses of the machine. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
/** Half of the machine leaves room for the log's buffers, the runtime and the page cache. */
const MEMORY_FRACTION = 0.5;

const GROUP = {
  data: "Data and durability",
  memory: "Memory",
  compaction: "Compaction",
  network: "Network",
  limits: "Limits",
  logging: "Configuration and logging",
} as const;

export const OPTIONS = {
  dataDir: stringOrNone({
    flag: "data-dir",
    group: GROUP.data,
    default: "./data",
    placeholder: "dir|none",
    expects: "a directory, or none",
    doc:
      "Where the log and the snapshots are kept; created when missing. " +
      "`none` keeps everything in memory only, and nothing survives a restart.",
  }),
  fsync: choice({
    flag: "fsync",
    group: GROUP.data,
    choices: ["always", "everysec", "no"],
    default: "always",
    doc:
      "When a write is acknowledged. `always`: once it is on disk (fdatasync). `everysec`: once " +
      "it is handed to the operating system, which syncs it within a second: a killed process " +
      "loses nothing, a power cut at most about a second. `no`: the same, and the operating " +
      "system decides when to sync.",
  }),
  segmentBytesMax: bytes({
    flag: "segment-size",
    group: GROUP.data,
    default: 64 * MiB,
    min: MiB,
    max: GiB,
    doc: "The log rolls to a new file at this size.",
  }),
  unsyncedBytesMax: bytes({
    flag: "max-unsynced",
    group: GROUP.data,
    default: 64 * MiB,
    min: 64 * KiB,
    max: GiB,
    doc: "Bytes of log that may wait for the disk; beyond it writers wait, and memory stays bounded.",
  }),

  memoryBytesMax: bytes({
    flag: "max-memory",
    group: GROUP.memory,
    default: defaultMemoryBytes,
    defaultRule: "half of the machine's memory, at most 4gb",
    min: MiB,
    max: MEMORY_BYTES_LIMIT,
    doc:
      "Memory for keys and values of the whole store, index included. One table has 4gb of " +
      "addresses and keeps a fifth of them free for moving things, so more than about 3.1gb is not " +
      "used; the start banner tells the limit in force.",
  }),
  capacityKeys: integer({
    flag: "capacity",
    group: GROUP.memory,
    default: 0,
    min: 1,
    max: 2 ** 31,
    zero: "no limit",
    doc: "Keys that one namespace may hold.",
  }),
  eviction: choice({
    flag: "eviction",
    group: GROUP.memory,
    choices: ["lru", "none"],
    default: "lru",
    doc:
      "What gives way when a limit is reached. `lru`: the least recently used key goes. " +
      "`none`: the write is refused (507) and nothing changes.",
  }),
  cleanupIntervalMs: duration({
    flag: "cleanup-interval",
    group: GROUP.memory,
    default: 10,
    plainUnit: "ms",
    min: 1,
    max: MINUTE_MS,
    doc:
      "How often the sweep for expired keys wakes. An expired key is never returned, swept or " +
      "not; this is about giving its memory back, and about how soon those hear of it who " +
      "subscribe to `expired` events or cache the key: a tick of 16 ms and this interval later " +
      "at most, while the server keeps up.",
  }),

  compactionIntervalMs: duration({
    flag: "compaction-interval",
    group: GROUP.compaction,
    default: 5 * MINUTE_MS,
    plainUnit: "s",
    min: SECOND_MS,
    max: 7 * DAY_MS,
    zero: "never by time",
    doc: "How often a snapshot is taken and the log before it removed, when there were writes.",
  }),
  logLimit: logLimit({
    flag: "max-log-size",
    group: GROUP.compaction,
    default: { bytesMax: 256 * MiB, recordsMax: 0 },
    doc:
      "A log longer than this since the last snapshot starts a compaction. A size (`256mb`), which " +
      "counts only once the log is longer than the data is large, or a number of records " +
      "(`1000000r` or `1000000 records`); `0` is never by size.",
  }),

  host: string({
    flag: "host",
    group: GROUP.network,
    default: "127.0.0.1",
    placeholder: "address",
    expects: "an address or a host name",
    doc:
      "The address to listen on for REST. Anything but a loopback address lets other machines read " +
      "and change everything, since REST has no authentication (`--password` is the Redis door's " +
      "alone); the server warns about it.",
  }),
  port: integer({
    flag: "port",
    group: GROUP.network,
    default: 8000,
    min: 1,
    max: 65535,
    zero: "any free port",
    doc: "The TCP port to listen on for REST.",
  }),
  allowedHosts: list({
    flag: "allowed-hosts",
    group: GROUP.network,
    placeholder: "host,...",
    pattern: /^(\*|[^\s/@]+)$/,
    expects: "host names without scheme or path, such as kv.example.org, or *",
    doc:
      "Values of the Host header to accept besides the loopback names, against DNS rebinding. " +
      "`*` accepts every one.",
  }),
  corsOrigins: list({
    flag: "cors-origins",
    group: GROUP.network,
    placeholder: "origin,...",
    pattern: /^(\*|[a-z][a-z0-9+.-]*:\/\/[^\s/@]+)$/i,
    expects: "origins without a path, such as https://app.example.org, or *",
    doc:
      "Origins of web pages that may call the API from a browser; none by default. `*` lets every " +
      "page that its users visit read and change everything.",
  }),

  ui: boolean({
    flag: "ui",
    group: GROUP.network,
    default: true,
    doc: "Serves the web console at `/`; `--no-ui` turns it off.",
  }),

  valueBytesMax: bytes({
    flag: "max-value-size",
    group: GROUP.limits,
    default: 16 * MiB,
    min: KiB,
    max: 256 * MiB,
    doc: "The largest value that is accepted; a larger one is refused (413).",
  }),
  connectionsMax: integer({
    flag: "max-connections",
    group: GROUP.limits,
    default: 10_000,
    min: 1,
    max: 1_000_000,
    doc: "Connections open at once, of each door; more are closed as they arrive.",
  }),
  headersTimeoutMs: duration({
    flag: "headers-timeout",
    group: GROUP.limits,
    default: 10 * SECOND_MS,
    plainUnit: "ms",
    min: 100,
    max: 10 * MINUTE_MS,
    doc: "How long a client may take to send its request's headers; at most --request-timeout.",
  }),
  requestTimeoutMs: duration({
    flag: "request-timeout",
    group: GROUP.limits,
    default: MINUTE_MS,
    plainUnit: "ms",
    min: 100,
    max: 60 * MINUTE_MS,
    doc: "How long a client may take to send a whole request.",
  }),
  idleTimeoutMs: duration({
    flag: "idle-timeout",
    group: GROUP.limits,
    default: 75 * SECOND_MS,
    plainUnit: "ms",
    min: 100,
    max: 60 * MINUTE_MS,
    doc: "How long a connection may stay open between two requests.",
  }),

  ...REDIS_OPTIONS,

  configFile: stringOrNone({
    flag: "config",
    group: GROUP.logging,
    default: null,
    placeholder: "file",
    expects: "a JSON or YAML file",
    doc: "Options from a JSON or YAML file, by the names of the flags.",
  }),
  logLevel: choice({
    flag: "log-level",
    group: GROUP.logging,
    choices: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    default: "info",
    doc: "The least severe message to log, to standard output.",
  }),
} as const satisfies Record<string, OptionSpec<unknown>>;

export type Declaration = Readonly<Record<string, OptionSpec<unknown>>>;

export type ValuesOf<D extends Declaration> = {
  readonly [K in keyof D]: D[K] extends OptionSpec<infer T> ? T : never;
};

export type OptionName = keyof typeof OPTIONS;

/** Every option with its value, frozen. */
export type Options = ValuesOf<typeof OPTIONS>;

/** What holds between options, each alone being in range; a sentence for each that does not. */
export function conflictsBetween(options: Options): string[] {
  const { headersTimeoutMs, requestTimeoutMs, port, respPort } = options;
  const problems: string[] = [];
  if (headersTimeoutMs > requestTimeoutMs) {
    problems.push(
      `headers-timeout (${OPTIONS.headersTimeoutMs.format(headersTimeoutMs)}) must not be above ` +
        `request-timeout (${OPTIONS.requestTimeoutMs.format(requestTimeoutMs)})`,
    );
  }
  if (port !== 0 && port === respPort && overlap(options.host, options.respHost)) {
    problems.push(
      `port and resp-port are both ${port} on the same address; REST and the Redis protocol each ` +
        `need a port of their own`,
    );
  }
  return problems;
}

/** Whether two addresses to listen on can't share a port. */
function overlap(one: string, other: string): boolean {
  return one === other || EVERY_ADDRESS.has(one) || EVERY_ADDRESS.has(other);
}

export function environmentName(spec: { readonly flag: string }): string {
  return `PYKV_${spec.flag.toUpperCase().replaceAll("-", "_")}`;
}

function defaultMemoryBytes(machine: Machine): number {
  const share = Math.floor(machine.memoryBytes * MEMORY_FRACTION);
  return Math.max(MiB, Math.min(share, MEMORY_BYTES_LIMIT));
}
