/**
 * The options of the Redis door: part of the one declaration (declaration.ts), in a file of their own
 * for its length.
 */
import { GiB, KiB, MiB } from "../../base/units.ts";
import { boolean, bytes, duration, integer, portOrOff, string, stringOrNone } from "./kinds.ts";
import type { OptionSpec } from "./kinds.ts";

const GROUP = "Redis protocol";
const DAY_MS = 24 * 60 * 60 * 1000;

export const REDIS_OPTIONS = {
  respPort: portOrOff({
    flag: "resp-port",
    group: GROUP,
    default: 6380,
    doc: "The TCP port to listen on for Redis clients.",
  }),
  respHost: string({
    flag: "resp-host",
    group: GROUP,
    default: "127.0.0.1",
    placeholder: "address",
    expects: "an address or a host name",
    doc:
      "The address to listen on for Redis clients. Without `--password`, anything but a loopback " +
      "address lets other machines read and change everything; the server warns about it.",
  }),
  password: stringOrNone({
    flag: "password",
    group: GROUP,
    default: null,
    secret: true,
    placeholder: "text|none",
    pattern: /^[^\p{Cc}]{1,512}$/u,
    expects: "1 to 512 characters, none of them a control character, or none",
    doc:
      "What Redis clients must say (AUTH, HELLO) before anything else. A flag can be seen in the " +
      "list of processes; the environment or a file is better. REST has no authentication: bind " +
      "it to loopback, or put a proxy in front of it.",
  }),
  respIdleTimeoutMs: duration({
    flag: "resp-idle-timeout",
    group: GROUP,
    default: 0,
    plainUnit: "s",
    min: 1000,
    max: 365 * DAY_MS,
    zero: "never",
    doc:
      "A Redis client that sends nothing for so long is disconnected, unless it is subscribed to " +
      "a channel or monitoring.",
  }),
  outputBytesMax: bytes({
    flag: "max-output-buffer",
    group: GROUP,
    default: 256 * MiB,
    min: 64 * KiB,
    max: GiB,
    doc:
      "Bytes that may wait for one Redis client to read them. Beyond it a client that is waiting " +
      "for replies is not served until it reads, and one that messages are sent to is disconnected.",
  }),
  queryBytesMax: bytes({
    flag: "max-query-buffer",
    group: GROUP,
    default: 256 * MiB,
    min: MiB,
    max: GiB,
    doc:
      "Bytes of one request of a Redis client that has not arrived whole, or of the commands " +
      "queued in a transaction; a client beyond it is disconnected, or its transaction refused.",
  }),
  keyspaceEvents: stringOrNone({
    flag: "notify-keyspace-events",
    group: GROUP,
    default: null,
    placeholder: "letters|none",
    pattern: /^[KEg$lshzxetdmnA]+$/,
    expects: "letters out of KEg$lshzxetdmnA, or none",
    doc:
      "Which changes of keys are published to subscribers, in the letters that Redis uses: `KEA` " +
      "for nearly all, `Ex` for expired keys.",
  }),
  trackingKeysMax: integer({
    flag: "tracking-max-keys",
    group: GROUP,
    default: 1_000_000,
    min: 1,
    max: 100_000_000,
    doc:
      "Keys remembered for clients that cache what they read (CLIENT TRACKING); beyond it some " +
      "are invalidated early.",
  }),
  slowlogUs: integer({
    flag: "slowlog-slower-than",
    group: GROUP,
    default: 10_000,
    min: -1,
    max: Number.MAX_SAFE_INTEGER,
    doc:
      "Commands of Redis clients that take longer, in microseconds, are kept in the slow log. " +
      "0 keeps every command, -1 none.",
  }),
  slowlogEntriesMax: integer({
    flag: "slowlog-max-len",
    group: GROUP,
    default: 128,
    min: 1,
    max: 100_000,
    zero: "keep none",
    doc: "Entries of the slow log; the oldest go first.",
  }),
  latencyMonitorMs: integer({
    flag: "latency-monitor-threshold",
    group: GROUP,
    default: 0,
    min: 1,
    max: DAY_MS,
    zero: "off",
    doc: "Events that hold the server up for longer, in milliseconds, are kept for LATENCY.",
  }),
  isDebugAllowed: boolean({
    flag: "enable-debug",
    group: GROUP,
    default: false,
    doc: "Allows the command DEBUG, with which a client can hold up everybody.",
  }),
} as const satisfies Record<string, OptionSpec<unknown>>;
