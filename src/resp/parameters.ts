/**
 * What CONFIG GET and SET know: the options under the names that Redis has for them, the options under
 * their own names, and values of Redis's that tools look at and that can't be other than they are.
 *
 * `port` and `bind` are those of the Redis door, as a Redis client expects; REST's are `rest-port` and
 * `rest-host`.
 */
import { GiB, MiB } from "../base/units.ts";
import { OPTIONS } from "../store/options/declaration.ts";
import type { Declaration, OptionName, Options } from "../store/options/declaration.ts";
import type { Door } from "./door.ts";
import { FIXED, IMMUTABLE } from "./fixed-parameters.ts";
import { hasLog, isLive, liveOption } from "./live-options.ts";
import type { LiveName } from "./live-options.ts";
import * as kinds from "./parameter-kinds.ts";
import { Problem } from "./parameter-kinds.ts";
import type { Kind } from "./parameter-kinds.ts";

/** Puts a value in force; a promise when it takes time. */
export type Plan = () => void | Promise<void>;

export interface Parameter {
  readonly name: string;
  readonly read: (door: Door) => string;
  /** How to put a value in force, or what is wrong with it; nothing has changed yet. */
  readonly plan: (door: Door, text: string) => Plan | Problem;
}

const CANT_CHANGE = new Problem("can't set immutable config");
const NOTHING_TO_SAVE = new Problem("there is no log (--data-dir none)");
const YEAR_SECONDS = 365 * 24 * 60 * 60;
/** Flags whose names mean something else to a Redis client. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ["port", "rest-port"],
  ["host", "rest-host"],
]);
const POLICIES = kinds.words([
  ["lru", "allkeys-lru"],
  ["none", "noeviction"],
]);
const FSYNC_POLICIES = kinds.words([
  ["everysec", "everysec"],
  ["always", "always"],
  ["no", "no"],
]);

const REDIS_NAMES: readonly Parameter[] = [
  live("maxmemory", "memoryBytesMax", kinds.memory(MiB, Number.MAX_SAFE_INTEGER)),
  live("maxmemory-policy", "eviction", POLICIES),
  live("appendfsync", "fsync", FSYNC_POLICIES),
  savePoints(),
  live("auto-aof-rewrite-min-size", "logLimit", kinds.logBytes),
  live("timeout", "respIdleTimeoutMs", kinds.number(0, YEAR_SECONDS, 1000)),
  live("maxclients", "connectionsMax", kinds.number(1, 1_000_000)),
  live("client-query-buffer-limit", "queryBytesMax", kinds.memory(MiB, GiB)),
  live("notify-keyspace-events", "keyspaceEvents", kinds.keyspaceEvents),
  live("tracking-table-max-keys", "trackingKeysMax", kinds.number(1, 100_000_000)),
  live("slowlog-log-slower-than", "slowlogUs", kinds.number(-1, Number.MAX_SAFE_INTEGER)),
  live("slowlog-max-len", "slowlogEntriesMax", kinds.number(0, 100_000)),
  live("latency-monitor-threshold", "latencyMonitorMs", kinds.number(0, 86_400_000)),
  live("requirepass", "password", kinds.textOrNothing),
  live("loglevel", "logLevel", kinds.logLevel),
];

/** By name, in lower case. */
export const PARAMETERS: ReadonlyMap<string, Parameter> = new Map(
  [...ownNames(), ...fixedNames(), ...REDIS_NAMES].map((each) => [each.name, each]),
);

function live<K extends LiveName>(name: string, option: K, kind: Kind<Options[K]>): Parameter {
  const { read, apply, check } = liveOption(option);
  const spec = OPTIONS[option];
  return {
    name,
    read: (door) => kind.format(read(door)),
    plan: (door, text) => {
      const value = isAllMemory(option, text) ? allMemory<K>(door) : kind.parse(text);
      if (value instanceof Problem) return value;
      if (!spec.accepts(value)) return new Problem(`argument must be ${spec.expects}`);
      const objection = check?.(door, value) ?? null;
      return objection === null ? () => apply(door, value) : new Problem(objection);
    },
  };
}

/** Without a log there is nothing to save, and only that can be set. */
function savePoints(): Parameter {
  const { name, read, plan } = live("save", "compactionIntervalMs", kinds.savePoints);
  return {
    name,
    read: (door) => (hasLog(door) ? read(door) : ""),
    plan: (door, text) => {
      if (hasLog(door)) return plan(door, text);
      return text.trim() === "" ? () => undefined : NOTHING_TO_SAVE;
    },
  };
}

/** `maxmemory 0` lifts the limit, as far as it can be. */
function isAllMemory(option: LiveName, text: string): boolean {
  return option === "memoryBytesMax" && /^0+[a-z]*$/i.test(text);
}

function allMemory<K extends LiveName>(door: Door): Options[K] {
  return door.engine.table.maxBytesMax as Options[K];
}

/** Every option under the name of its flag. */
function ownNames(): Parameter[] {
  return (Object.keys(OPTIONS) as OptionName[]).map((option) => {
    const spec: Declaration[string] = OPTIONS[option];
    const name = OWN_NAMES.get(spec.flag) ?? spec.flag;
    if (isLive(option)) return ownLive(name, option);
    return immutable(name, ({ host }) => spec.format(host.options[option]));
  });
}

function ownLive<K extends LiveName>(name: string, option: K): Parameter {
  return live(name, option, ownKind(OPTIONS[option]) as Kind<Options[K]>);
}

function ownKind(spec: Declaration[string]): Kind<unknown> {
  return {
    parse: (text) => {
      const value = spec.parse(text);
      return spec.accepts(value) ? value : new Problem(`argument must be ${spec.expects}`);
    },
    format: (value) => spec.format(value),
  };
}

function fixedNames(): Parameter[] {
  return [
    ...[...FIXED].map(([name, read]) => fixed(name, read)),
    ...[...IMMUTABLE].map(([name, read]) => immutable(name, read)),
  ];
}

function immutable(name: string, read: (door: Door) => string): Parameter {
  return { name, read, plan: () => CANT_CHANGE };
}

/** It may be set to what it is: tools do so with what they take for granted. */
function fixed(name: string, read: (door: Door) => string): Parameter {
  const plan = (door: Door, text: string): Plan | Problem =>
    text.toLowerCase() === read(door).toLowerCase() ? () => undefined : CANT_CHANGE;
  return { name, read, plan };
}
