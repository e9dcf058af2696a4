/**
 * The server: the only place where the parts are wired together.
 *
 * Starting: log, store (lock, recovery, log), doors; the listeners open last, so that nobody is
 * served from half a store. The Redis door opens first; the REST door's modules are loaded after
 * that, since loading them takes longer than all the rest of starting an empty store. Stopping is the reverse: no new connections, what is in flight is
 * finished, everything is made durable, the directory is let go.
 */
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import type { Logger as PinoLogger } from "pino";
import pretty, { prettyFactory } from "pino-pretty";
import { systemClock } from "./base/clock.ts";
import { toError } from "./base/errors.ts";
import type { Logger } from "./base/logger.ts";
import { systemTimers } from "./base/timers.ts";
import { MiB } from "./base/units.ts";
import { PACKAGE_DIR, VERSION } from "./base/version.ts";
import { readTextFile, replaceTextFile } from "./disk/text-file.ts";
import type { App, ConsoleFiles } from "./http/context.ts";
import { isLoopback } from "./http/guard.ts";
import { clientLine } from "./resp/client-lines.ts";
import { Door } from "./resp/door.ts";
import type { ConfigFile, Host } from "./resp/host.ts";
import { listen } from "./resp/listener.ts";
import type { Listener } from "./resp/listener.ts";
import { liveOption, liveValues } from "./resp/live-options.ts";
import type { Settings } from "./resp/settings.ts";
import { openStore } from "./store/open.ts";
import type { Options } from "./store/options/declaration.ts";
import { ANY_PORT } from "./store/options/kinds.ts";
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
  /** Of the Redis door, such as 127.0.0.1:6380; null when it is off. */
  readonly respAddress: string | null;
  readonly store: Store;
  readonly logLevel: Options["logLevel"];
  setLogLevel(level: Options["logLevel"]): void;
  connections(): Promise<Connections>;
  /** Resolves when a client has asked the server to stop (SHUTDOWN). */
  readonly stopRequested: Promise<void>;
  /** Finishes what is in flight, makes everything durable, and resolves. */
  stop(): Promise<void>;
}

export interface Connections {
  /** How many there are at the REST door. */
  readonly rest: number;
  /** Of the Redis door, each as CLIENT LIST shows it. */
  readonly redis: readonly string[];
}

export interface ServerHooks {
  /** Takes lines of the log, in place of standard output; formatted as for a terminal. */
  readonly onLogText?: (text: string) => void;
}

/**
 * Starts a server. Rejects with the errors of `openStore`, or with what `listen` fails with
 * (EADDRINUSE, ...); everything opened on the way is closed again then.
 */
export async function startServer(
  loaded: LoadedOptions,
  { onLogText }: ServerHooks = {},
): Promise<RunningServer> {
  const { options } = loaded;
  const log = createLogger(options.logLevel, onLogText);
  const logger = asLogger(log);
  warnOpen(logger, options);
  let early: Door | null = null;
  const onCommit = (durationMs: number): void => early?.committed(durationMs);
  const store = await openStore(options.dataDir, options, { clock: systemClock, logger, onCommit });
  const state = { ready: false, stopping: false };
  const stopRequest = deferred();
  const door = (early = createRedisDoor(store, options, logger, {
    options,
    configFile: configFileOf(options),
    setLogLevel: (level) => void (log.level = level),
    shutDown: stopRequest.resolve,
  }));
  let redis: Listener | null = null;
  let app: App;
  try {
    redis = await listenForRedis(door, options);
    const files = options.ui ? await findConsole(logger) : null;
    app = await createRestDoor(store, door, loaded, logger, state, files);
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await redis?.close();
    await store.close();
    throw error;
  }
  state.ready = true;
  const address = addressOf(app);
  const respAddress = redis?.address ?? null;
  printBanner(logger, address, respAddress, options, store);
  return {
    address,
    respAddress,
    store,
    get logLevel() {
      return liveOption("logLevel").read(door);
    },
    setLogLevel: (level) => void liveOption("logLevel").apply(door, level),
    connections: () => connectionsOf(app, door),
    stopRequested: stopRequest.promise,
    stop: async () => {
      state.stopping = true;
      logger.info({}, "stopping");
      try {
        await Promise.all([closeDoor(app), redis?.close()]);
      } finally {
        await store.close();
      }
      logger.info({}, "stopped: everything is on disk");
    },
  };
}

function createRedisDoor(store: Store, options: Options, logger: Logger, host: Host): Door {
  return new Door({
    store,
    settings: settingsOf(options),
    clock: systemClock,
    logger,
    valueBytesMax: options.valueBytesMax,
    version: VERSION,
    host,
  });
}

function configFileOf({ configFile: path }: Options): ConfigFile | null {
  if (path === null) return null;
  return {
    path,
    read: () => readTextFile(path),
    replace: (text) => replaceTextFile(path, text),
  };
}

function settingsOf(options: Options): Settings {
  return {
    password: options.password,
    connectionsMax: options.connectionsMax,
    idleTimeoutMs: options.respIdleTimeoutMs,
    outputBytesMax: options.outputBytesMax,
    queryBytesMax: options.queryBytesMax,
    keyspaceEvents: options.keyspaceEvents ?? "",
    trackingKeysMax: options.trackingKeysMax,
    slowlogUs: options.slowlogUs,
    slowlogEntriesMax: options.slowlogEntriesMax,
    latencyMonitorMs: options.latencyMonitorMs,
    isDebugAllowed: options.isDebugAllowed,
  };
}

async function listenForRedis(door: Door, options: Options): Promise<Listener | null> {
  const { respHost, respPort } = options;
  if (respPort === 0) return null;
  try {
    const listener = await listen(door, respHost, respPort === ANY_PORT ? 0 : respPort);
    door.port = listener.port;
    return listener;
  } catch (error) {
    // Both doors fail in the same words: who explains it must know which one it was.
    throw Object.assign(toError(error), { door: "redis" });
  }
}

async function createRestDoor(
  store: Store,
  redis: Door,
  loaded: LoadedOptions,
  logger: Logger,
  state: { readonly ready: boolean; readonly stopping: boolean },
  files: ConsoleFiles | null,
): Promise<App> {
  const { createHttpServer } = await import("./http/server.ts");
  const { options } = loaded;
  return createHttpServer({
    store,
    loaded,
    liveOptions: () => liveValues(redis),
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
    timers: systemTimers,
    version: VERSION,
    isReady: () => state.ready,
    isShuttingDown: () => state.stopping,
    ...(options.respPort === 0 ? {} : { redis: () => redis.figures() }),
    ...(files === null ? {} : { console: files }),
  });
}

/** The web console as it was built; null, with a warning, where it was not. */
async function findConsole(logger: Logger): Promise<ConsoleFiles | null> {
  const dir = join(PACKAGE_DIR, "dist-ui");
  try {
    const page = await readTextFile(join(dir, "index.html"));
    return { page, assetsDir: join(dir, "assets") };
  } catch {
    logger.warn({ dir }, "the web console is not built and is not served; npm run build makes it");
    return null;
  }
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

async function connectionsOf(app: App, door: Door): Promise<Connections> {
  const rest = await new Promise<number>((settle, reject) => {
    app.server.getConnections((error, count) => (error === null ? settle(count) : reject(error)));
  });
  return { rest, redis: [...door.clients.values()].map(clientLine) };
}

function createLogger(level: string, onLogText?: (text: string) => void): PinoLogger {
  const settings = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const colorize = process.env.NO_COLOR === undefined;
  if (onLogText !== undefined) {
    const format = prettyFactory({ colorize });
    return pino(settings, { write: (line: string) => onLogText(format(line)) });
  }
  if (!process.stdout.isTTY) return pino(settings, pino.destination({ dest: 1, sync: true }));
  return pino(settings, pretty({ colorize, sync: true }));
}

function asLogger(log: PinoLogger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function addressOf(app: App): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function printBanner(
  logger: Logger,
  address: string,
  redis: string | null,
  options: Options,
  store: Store,
): void {
  const { keys, memory } = store.stats();
  const maxMemory = `${Math.floor(memory.maxBytes / MiB)}mb`;
  const data = options.dataDir ?? "none: in memory only, nothing survives a restart";
  const fsync = options.dataDir === null ? "off" : options.fsync;
  const docs = `${address}/docs`;
  const shown = redis ?? "off";
  const fields = { version: VERSION, address, docs, redis: shown, data, fsync, keys, maxMemory };
  const also = redis === null ? "" : `, for Redis clients at ${redis}`;
  logger.info(fields, `PyKV ${VERSION} at ${address}${also}`);
}

/** Says what everyone who reaches an address may do that is not loopback. */
function warnOpen(logger: Logger, options: Options): void {
  const { host, respHost, respPort, password } = options;
  const all = "everyone who can reach this address can read, change and delete everything.";
  if (!isLoopback(host)) {
    const cause =
      password === null ? "no authentication is configured" : "REST asks for no password";
    const advice = "Bind 127.0.0.1, or put a proxy with authentication in front.";
    logger.warn({ host }, `${cause}: ${all} ${advice}`);
  }
  if (respPort !== 0 && password === null && !isLoopback(respHost)) {
    const cause = "Redis clients need no password";
    const advice = "Set one (PYKV_PASSWORD), or bind 127.0.0.1 (--resp-host).";
    logger.warn({ respHost }, `${cause}: ${all} ${advice}`);
  }
}
