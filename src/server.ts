/**
 * The server: the only place where the parts are wired together.
 *
 * Starting: log, store (lock, recovery, log), doors; the listeners open last, so that nobody is
 * served from half a store. Stopping is the reverse: no new connections, what is in flight is
 * finished, everything is made durable, the directory is let go.
 */
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import type { Logger as PinoLogger } from "pino";
import pretty from "pino-pretty";
import { systemClock } from "./base/clock.ts";
import type { Logger } from "./base/logger.ts";
import { MiB } from "./base/units.ts";
import { VERSION } from "./base/version.ts";
import type { App } from "./http/context.ts";
import { isLoopback } from "./http/guard.ts";
import { createHttpServer } from "./http/server.ts";
import { openStore } from "./store/open.ts";
import type { Options } from "./store/options/declaration.ts";
import type { LoadedOptions } from "./store/options/load.ts";
import { Performance } from "./store/performance.ts";
import type { Store } from "./store/store.ts";

/** Requests that are still under way after this long are cut off. */
const GRACE_MS = 10_000;
/** How often, while stopping, connections are closed that have had their last reply. */
const IDLE_CHECK_MS = 50;

export interface RunningServer {
  /** Of the REST door, such as http://127.0.0.1:8000. */
  readonly address: string;
  readonly store: Store;
  /** Finishes what is in flight, makes everything durable, and resolves. */
  stop(): Promise<void>;
}

/**
 * Starts a server. Rejects with the errors of `openStore`, or with what `listen` fails with
 * (EADDRINUSE, ...); everything opened on the way is closed again then.
 */
export async function startServer(loaded: LoadedOptions): Promise<RunningServer> {
  const { options } = loaded;
  const log = createLogger(options.logLevel);
  const logger = asLogger(log);
  if (!isLoopback(options.host)) warnOpen(logger, options.host);
  const store = await openStore(options.dataDir, options, { clock: systemClock, logger });
  const state = { ready: false, stopping: false };
  const app = createDoor(store, options, logger, state);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await store.close();
    throw error;
  }
  state.ready = true;
  const address = addressOf(app);
  printBanner(logger, address, options, store);
  return {
    address,
    store,
    stop: async () => {
      state.stopping = true;
      logger.info({}, "stopping");
      try {
        await closeDoor(app);
      } finally {
        await store.close();
      }
      logger.info({}, "stopped: everything is on disk");
    },
  };
}

function createDoor(
  store: Store,
  options: Options,
  logger: Logger,
  state: { readonly ready: boolean; readonly stopping: boolean },
): App {
  return createHttpServer({
    store,
    performance: new Performance(systemClock),
    options: {
      host: options.host,
      maxValueSizeBytes: options.valueBytesMax,
      maxConnections: options.connectionsMax,
      allowedHosts: options.allowedHosts,
      corsOrigins: options.corsOrigins,
      headersTimeoutMs: options.headersTimeoutMs,
      requestTimeoutMs: options.requestTimeoutMs,
      idleTimeoutMs: options.idleTimeoutMs,
    },
    logger,
    clock: systemClock,
    version: VERSION,
    isReady: () => state.ready,
    isShuttingDown: () => state.stopping,
  });
}

async function closeDoor(app: App): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
  // Closing closes those that are idle then; one that is busy would be kept alive after its reply.
  const idleCheck = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
    clearInterval(idleCheck);
  }
}

function createLogger(level: string): PinoLogger {
  const settings = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stdout.isTTY) return pino(settings, pino.destination({ dest: 1, sync: true }));
  return pino(settings, pretty({ colorize: process.env.NO_COLOR === undefined, sync: true }));
}

function asLogger(log: PinoLogger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

function addressOf(app: App): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function printBanner(logger: Logger, address: string, options: Options, store: Store): void {
  const { keys, memory } = store.stats();
  const maxMemory = `${Math.floor(memory.maxBytes / MiB)}mb`;
  const data = options.dataDir ?? "none: in memory only, nothing survives a restart";
  const fsync = options.dataDir === null ? "off" : options.fsync;
  const docs = `${address}/docs`;
  const fields = { version: VERSION, address, docs, data, fsync, keys, maxMemory };
  logger.info(fields, `PyKV ${VERSION} at ${address}`);
}

function warnOpen(logger: Logger, host: string): void {
  const risk =
    "no authentication is configured: everyone who can reach this address can read, change and " +
    "delete everything. Bind 127.0.0.1, or put a proxy with authentication in front.";
  logger.warn({ host }, risk);
}
