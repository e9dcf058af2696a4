/**
 * Metrics of the Redis door, which this door knows nothing of but these figures: whoever wires the
 * server hands them in.
 */
import { Counter, Gauge, type Registry } from "prom-client";
import type { Histogram } from "../base/histogram.ts";

export interface RedisCommandFigures {
  /** In lower case, of a subcommand such as `client|id`. */
  readonly name: string;
  readonly calls: number;
  readonly failed: number;
  readonly seconds: number;
  readonly kind: "get" | "set" | "delete" | "incr" | "expire" | "list" | "other";
  readonly latency: Histogram;
}

export interface RedisFigures {
  readonly connections: number;
  readonly connectionsTotal: number;
  readonly connectionsRefused: number;
  /** Disconnected because they did not read what was sent to them. */
  readonly slowReaders: number;
  /** Requests refused before they ran: unknown, malformed, not allowed. */
  readonly rejected: number;
  /** Those that have been called. */
  readonly commands: readonly RedisCommandFigures[];
}

type Reading = readonly [name: string, help: string, read: (figures: RedisFigures) => number];
type CommandReading = readonly [
  name: string,
  help: string,
  read: (command: RedisCommandFigures) => number,
];

const COUNTERS: readonly Reading[] = [
  ["pykv_redis_connections_total", "Redis clients accepted", (f) => f.connectionsTotal],
  [
    "pykv_redis_connections_refused_total",
    "Redis clients refused, being too many",
    (f) => f.connectionsRefused,
  ],
  [
    "pykv_redis_slow_readers_total",
    "Redis clients disconnected for not reading what was sent to them",
    (f) => f.slowReaders,
  ],
  ["pykv_redis_rejected_total", "Redis commands refused before they ran", (f) => f.rejected],
];

const COMMAND_COUNTERS: readonly CommandReading[] = [
  ["pykv_redis_commands_total", "Redis commands that ran", (c) => c.calls],
  ["pykv_redis_command_errors_total", "Redis commands that replied an error", (c) => c.failed],
  ["pykv_redis_command_seconds_total", "Time spent in Redis commands", (c) => c.seconds],
];

/** @param read asked once a scrape */
export function addRedisDoor(registry: Registry, read: () => RedisFigures): void {
  const registers = [registry];
  let figures = read();
  new Gauge({
    name: "pykv_redis_connections",
    help: "Redis clients connected",
    registers,
    collect() {
      // Metrics are collected in the order of their making: this one reads for all of them.
      figures = read();
      this.set(figures.connections);
    },
  });
  for (const [name, help, valueOf] of COUNTERS) {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(valueOf(figures));
      },
    });
  }
  for (const [name, help, valueOf] of COMMAND_COUNTERS) {
    new Counter({
      ...{ name, help, registers, labelNames: ["command"] },
      collect() {
        this.reset();
        for (const each of figures.commands) this.inc({ command: each.name }, valueOf(each));
      },
    });
  }
}
