/**
 * The Redis door: everything that its connections share.
 *
 * One decoder buffer, one output, one draft serve all connections, since commands run one after the
 * other and to their end. listener.ts opens the socket in front of it; tests put connections of their
 * own there.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Histogram } from "../base/histogram.ts";
import type { Logger } from "../base/logger.ts";
import { MiB } from "../base/units.ts";
import { KIND } from "../memory/entry.ts";
import type { Draft, Engine } from "../store/engine.ts";
import type { Options } from "../store/options/declaration.ts";
import type { Store } from "../store/store.ts";
import { Acks } from "./acks.ts";
import { Changes } from "./changes.ts";
import type { Client } from "./client.ts";
import { COMMANDS } from "./commands/index.ts";
import { Connection } from "./connection.ts";
import type { DecoderLimits } from "./decoder.ts";
import { DOOR_MODE } from "./door-mode.ts";
import { Dispatcher } from "./dispatcher.ts";
import { noHost } from "./host.ts";
import type { Host } from "./host.ts";
import { kindOf } from "./kinds.ts";
import type { CommandKind } from "./kinds.ts";
import { LatencyMonitor } from "./latency.ts";
import { liveValues } from "./live-options.ts";
import type { LiveName } from "./live-options.ts";
import { Monitors } from "./monitors.ts";
import { Notifier, formatKeyspaceEvents, parseKeyspaceEvents } from "./notifier.ts";
import { Output } from "./output.ts";
import { Pause } from "./pause.ts";
import { PubSub } from "./pubsub.ts";
import { Registry } from "./registry.ts";
import type { Entry } from "./registry.ts";
import { Saves } from "./saves.ts";
import type { Settings } from "./settings.ts";
import { Slowlog } from "./slowlog.ts";
import { Tracking } from "./tracking.ts";
import { Traffic } from "./traffic.ts";
import type { Totals } from "./traffic.ts";
import { Turn } from "./turn.ts";
import { Watches } from "./watches.ts";
import type { Wire, WireEvents } from "./wire.ts";

/** As in Redis; more would not be sent by any client. */
const ARGUMENTS_MAX = 1024 * 1024;
/** What other connections have written in the same turn lies before a reply. */
const REPLY_SLACK_BYTES = 8 * MiB;
const TICK_MS = 1000;
const NO_BYTES = Buffer.alloc(0);

export interface DoorParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly valueBytesMax: number;
  readonly version: string;
  /** Absent: there is no server around the door. */
  readonly host?: Host;
}

export interface DoorFigures {
  readonly connections: number;
  readonly connectionsTotal: number;
  readonly connectionsRefused: number;
  readonly slowReaders: number;
  /** Requests refused before they ran. */
  readonly rejected: number;
  /** Those that have been called. */
  readonly commands: readonly {
    readonly name: string;
    readonly calls: number;
    readonly failed: number;
    readonly seconds: number;
    readonly kind: CommandKind;
    readonly latency: Histogram;
  }[];
}

export class Door {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly version: string;
  readonly valueBytesMax: number;
  /** Of this run of the server: 40 hexadecimal digits. */
  readonly runId = randomBytes(20).toString("hex");
  readonly startedMs: number;
  readonly host: Host;
  /** The options that may change, as they were at the start or at the last CONFIG REWRITE. */
  savedOptions: ReadonlyMap<LiveName, unknown>;
  /** The least severe message that is logged. */
  logLevel: Options["logLevel"];
  /** Where it listens; 0 for nowhere. */
  port = 0;

  /** What the connection being served writes its replies to. */
  readonly out = new Output();
  /** Where pushes to other connections are put together. */
  readonly pushes = new Output();
  /** Sends what the connections have written to `out`. */
  readonly turn: Turn;
  readonly draft: Draft;
  readonly limits: DecoderLimits;
  readonly acks: Acks;
  readonly changes: Changes;
  readonly watches: Watches;
  readonly pause: Pause;
  readonly dispatcher: Dispatcher;
  readonly pubsub = new PubSub(this);
  readonly tracking: Tracking;
  readonly monitors = new Monitors((isWatched) => {
    if (isWatched) this.mode |= DOOR_MODE.monitored;
    else this.mode &= ~DOOR_MODE.monitored;
  });
  readonly slowlog = new Slowlog();
  readonly latency = new LatencyMonitor();
  readonly traffic = new Traffic();
  readonly saves: Saves;

  readonly clients = new Map<number, Client>();
  readonly #connections = new Map<number, Connection>();
  #lastClientId = 0;
  /** The client that was served last; `isServing` of its link tells whether it still is. */
  served: Client | null = null;
  /** Bits of DOOR_MODE. */
  mode = 0;
  readonly counters = {
    connectionsTotal: 0,
    connectionsRefused: 0,
    commands: 0,
    rejected: 0,
    outputLimitDisconnections: 0,
  };

  #turnMs = 0;
  #isTurnMsFresh = false;
  #ticker: NodeJS.Timeout | null = null;

  constructor(parts: DoorParts) {
    this.store = parts.store;
    this.engine = parts.store.engine;
    this.clock = parts.clock;
    this.logger = parts.logger;
    this.settings = parts.settings;
    this.version = parts.version;
    this.valueBytesMax = parts.valueBytesMax;
    this.startedMs = parts.clock.nowMs();
    this.host = parts.host ?? noHost();
    this.logLevel = this.host.options.logLevel;
    this.saves = new Saves(parts.store);
    this.out.onError = (text) => this.traffic.failed(text);
    // A reply may hold any value, and beside that what may wait for a client.
    this.out.bytesMax = () => this.settings.outputBytesMax + this.valueBytesMax + REPLY_SLACK_BYTES;
    this.draft = newDraft();
    this.limits = {
      bulkBytesMax: parts.valueBytesMax,
      argsMax: ARGUMENTS_MAX,
      queryBytesMax: parts.settings.queryBytesMax,
    };
    this.turn = new Turn(this.out, this.engine.journal);
    this.acks = new Acks(this.engine.journal);
    this.changes = new Changes(this.engine, () => this.serving !== null);
    this.watches = new Watches(this.changes, this.engine.table.namespaces);
    this.pause = new Pause(parts.clock, (isPaused) => this.#pauseChanged(isPaused));
    this.tracking = new Tracking(this);
    if (!this.configureNotifications(this.settings.keyspaceEvents)) {
      this.logger.warn({ events: this.settings.keyspaceEvents }, "keyspace events mean nothing");
    }
    this.dispatcher = new Dispatcher(this, new Registry(COMMANDS));
    this.savedOptions = liveValues(this);
  }

  /** A new connection; null when there are as many as there may be. */
  enter(open: (events: WireEvents) => Wire): Connection | null {
    if (this.clients.size >= this.settings.connectionsMax) {
      this.counters.connectionsRefused++;
      return null;
    }
    this.counters.connectionsTotal++;
    const id = ++this.#lastClientId;
    const connection = new Connection(id, this, open);
    this.clients.set(id, connection.client);
    this.#connections.set(id, connection);
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return connection;
  }

  /** The connection is closed. */
  left(client: Client): void {
    this.clients.delete(client.id);
    this.#connections.delete(client.id);
    this.pubsub.left(client);
    client.transaction?.discard();
    this.tracking.left(client);
    this.monitors.remove(client);
    this.traffic.closedInputBytes += client.inputBytesTotal;
    this.traffic.closedOutputBytes += client.outputBytesTotal;
    if (this.clients.size > 0 || this.#ticker === null) return;
    clearInterval(this.#ticker);
    this.#ticker = null;
  }

  /** Whose command is being run; null while nobody's is. */
  get serving(): Client | null {
    return this.served?.link.isServing === true ? this.served : null;
  }

  /**
   * Sends keyspace notifications as `flags` say from now on, the value of `notify-keyspace-events`;
   * false when it is none, and nothing changes.
   */
  configureNotifications(flags: string): boolean {
    const events = parseKeyspaceEvents(flags);
    if (events === null) return false;
    this.settings.keyspaceEvents = formatKeyspaceEvents(events);
    this.changes.setNotifier(events === 0 ? null : new Notifier(this, events));
    return true;
  }

  /** Closes every connection once its replies are sent. */
  closeAll(): void {
    for (const connection of this.#connections.values()) connection.end();
  }

  /** Monotonic, read once for all the events of a turn of the event loop. */
  turnMs(): number {
    if (!this.#isTurnMsFresh) {
      this.#turnMs = this.clock.monotonicMs();
      this.#isTurnMsFresh = true;
      setImmediate(() => (this.#isTurnMsFresh = false));
    }
    return this.#turnMs;
  }

  /** Counts commands that ran: `calls` of them took `durationMs` in all. */
  account(entry: Entry, calls: number, durationMs: number): void {
    entry.calls += calls;
    entry.usTotal += durationMs * 1000;
    entry.latency.record(durationMs / calls, calls);
    this.counters.commands += calls;
    const { latencyMonitorMs } = this.settings;
    if (latencyMonitorMs > 0 && durationMs >= latencyMonitorMs * calls) {
      const event = entry.isFast ? "fast-command" : "command";
      this.latency.add(event, durationMs / calls, this.clock.nowMs());
    }
  }

  /** The log has committed a group: for LATENCY. */
  committed(durationMs: number): void {
    const { latencyMonitorMs } = this.settings;
    if (latencyMonitorMs === 0 || durationMs < latencyMonitorMs) return;
    const isSynced = this.engine.journal.stats().fsync === "always";
    const event = isSynced ? "aof-fsync-always" : "aof-write";
    this.latency.add(event, durationMs, this.clock.nowMs());
  }

  /** For whoever collects metrics of the server. */
  figures(): DoorFigures {
    const { connectionsTotal, connectionsRefused, rejected } = this.counters;
    const entries = [...this.dispatcher.registry.all()].filter(({ calls }) => calls > 0);
    return {
      connections: this.clients.size,
      connectionsTotal,
      connectionsRefused,
      slowReaders: this.counters.outputLimitDisconnections,
      rejected,
      commands: entries.map((entry) => {
        const { fullName: name, calls, failed, usTotal, latency } = entry;
        const seconds = usTotal / 1_000_000;
        return { name, calls, failed, seconds, kind: kindOf(entry), latency };
      }),
    };
  }

  /** CONFIG RESETSTAT. What is the store's, and REST's too, goes on; see traffic.ts. */
  resetStatistics(): void {
    this.dispatcher.finish();
    this.dispatcher.registry.resetCounters();
    for (const client of this.clients.values()) {
      client.inputBytesTotal = 0;
      client.outputBytesTotal = 0;
    }
    for (const name of Object.keys(this.counters) as (keyof typeof this.counters)[]) {
      this.counters[name] = 0;
    }
    this.traffic.reset(this.store);
  }

  /** Since the last CONFIG RESETSTAT. */
  totals(): Totals {
    let { closedInputBytes: inputBytes, closedOutputBytes: outputBytes } = this.traffic;
    for (const client of this.clients.values()) {
      inputBytes += client.inputBytesTotal;
      outputBytes += client.outputBytesTotal;
    }
    return { commands: this.counters.commands, inputBytes, outputBytes };
  }

  /** Whether CLIENT PAUSE holds this command back. */
  isPausedFor(client: Client, entry: Entry): boolean {
    return (this.mode & DOOR_MODE.paused) !== 0 && this.pause.holds(client, entry);
  }

  #pauseChanged(isPaused: boolean): void {
    if (isPaused) {
      this.mode |= DOOR_MODE.paused;
      return;
    }
    this.mode &= ~DOOR_MODE.paused;
    for (const connection of this.#connections.values()) connection.unpause();
  }

  #tick(): void {
    const nowMs = this.clock.monotonicMs();
    this.traffic.sample(nowMs, this.totals());
    this.traffic.peakBytes = Math.max(this.traffic.peakBytes, this.engine.table.usedBytes);
    for (const connection of this.#connections.values()) connection.tick(nowMs);
  }
}

function newDraft(): Draft {
  return {
    namespace: "",
    key: NO_BYTES,
    keyAt: 0,
    keyLength: 0,
    value: NO_BYTES,
    valueAt: 0,
    valueLength: 0,
    kind: KIND.bytes,
    ascii: false,
    deadlineMs: 0,
    keepDeadline: false,
    condition: null,
  };
}
