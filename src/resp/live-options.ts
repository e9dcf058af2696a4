/**
 * Options that may change while clients are served: where each is kept, and what follows from a new
 * value. The values are those of the declaration, in its units; how CONFIG writes them is the business
 * of parameters.ts.
 */
import type { OptionName, Options } from "../store/options/declaration.ts";
import { MODE } from "./client.ts";
import type { Door } from "./door.ts";
import type { Settings } from "./settings.ts";

export interface LiveOption<T> {
  readonly read: (door: Door) => T;
  /** Puts a value in force that is in the option's range and that `check` has let pass. */
  readonly apply: (door: Door, value: T) => void | Promise<void>;
  /** What speaks against a value on this server, or null. */
  readonly check?: (door: Door, value: T) => string | null;
}

const LIVE = {
  password: {
    read: ({ settings }) => settings.password,
    apply: setPassword,
    check: (_, value) => (value === "none" ? "that word stands for no password" : null),
  },
  connectionsMax: setting("connectionsMax"),
  respIdleTimeoutMs: setting("idleTimeoutMs"),
  outputBytesMax: setting("outputBytesMax"),
  queryBytesMax: {
    read: ({ settings }) => settings.queryBytesMax,
    apply: (door, value) => {
      door.settings.queryBytesMax = value;
      door.limits.queryBytesMax = value;
    },
  },
  keyspaceEvents: {
    read: ({ settings }) => (settings.keyspaceEvents === "" ? null : settings.keyspaceEvents),
    apply: (door, value) => void door.configureNotifications(value ?? ""),
  },
  trackingKeysMax: setting("trackingKeysMax"),
  slowlogUs: setting("slowlogUs"),
  slowlogEntriesMax: {
    read: ({ settings }) => settings.slowlogEntriesMax,
    apply: ({ settings, slowlog }, value) => {
      settings.slowlogEntriesMax = value;
      slowlog.trim(value);
    },
  },
  latencyMonitorMs: setting("latencyMonitorMs"),
  memoryBytesMax: {
    read: ({ store }) => store.memoryBytesMax,
    apply: ({ store }, value) => void (store.memoryBytesMax = value),
    check: ({ engine }, value) => {
      const { maxBytesMax } = engine.table;
      if (value <= maxBytesMax) return null;
      return `memory is laid out at the start (--max-memory): at most ${maxBytesMax} until a restart`;
    },
  },
  eviction: {
    read: ({ engine }) => (engine.table.mayEvict ? "lru" : "none"),
    apply: ({ engine }, value) => void (engine.table.mayEvict = value === "lru"),
    check: ({ engine }, value) =>
      value === "none" || engine.table.canEvict
        ? null
        : "keys are in no order of use, since the server was started with --eviction none",
  },
  fsync: {
    read: fsyncOf,
    apply: ({ store }, value) => store.setFsync(value),
    check: (door, value) =>
      hasLog(door) || value === fsyncOf(door)
        ? null
        : "there is no log, since the server was started with --data-dir none",
  },
  compactionIntervalMs: {
    read: ({ store }) => store.compactionSchedule.intervalMs,
    apply: ({ store }, intervalMs) => {
      store.compactionSchedule = { ...store.compactionSchedule, intervalMs };
    },
  },
  logLimit: {
    read: ({ store }) => store.compactionSchedule.logLimit,
    apply: ({ store }, logLimit) => {
      store.compactionSchedule = { ...store.compactionSchedule, logLimit };
    },
  },
  logLevel: {
    read: (door) => door.logLevel,
    apply: (door, value) => {
      door.logLevel = value;
      door.host.setLogLevel(value);
    },
  },
} as const satisfies { readonly [K in OptionName]?: LiveOption<Options[K]> };

export type LiveName = keyof typeof LIVE;

/** The same by name, with the types that belong together. */
export function liveOption<K extends LiveName>(name: K): LiveOption<Options[K]> {
  return LIVE[name] as LiveOption<unknown> as LiveOption<Options[K]>;
}

/** What is in force now. */
export function liveValues(door: Door): ReadonlyMap<LiveName, unknown> {
  const names = Object.keys(LIVE) as LiveName[];
  return new Map(names.map((name) => [name, liveOption(name).read(door)]));
}

export function isLive(name: OptionName): name is LiveName {
  return Object.hasOwn(LIVE, name);
}

export function hasLog(door: Door): boolean {
  return door.engine.journal.stats().fsync !== null;
}

function fsyncOf(door: Door): Options["fsync"] {
  return door.engine.journal.stats().fsync ?? door.host.options.fsync;
}

function setting<K extends keyof Settings>(field: K): LiveOption<Settings[K]> {
  return {
    read: ({ settings }) => settings[field],
    apply: ({ settings }, value) => void (settings[field] = value),
  };
}

/** Those who are in stay in; without a password those who are not come in too. */
function setPassword(door: Door, password: string | null): void {
  door.settings.password = password;
  if (password !== null) return;
  for (const client of door.clients.values()) {
    if ((client.mode & MODE.stranger) === 0) continue;
    client.mode &= ~MODE.stranger;
    client.link.trust();
  }
}
