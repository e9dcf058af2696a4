/**
 * A server for tests: over a store of the test's choice, with a clock that stands still until moved.
 */
import type { Clock } from "../../src/base/clock.ts";
import type { Timer, Timers } from "../../src/base/timers.ts";
import type { Logger } from "../../src/base/logger.ts";
import type { App, HttpContext, HttpOptions } from "../../src/http/context.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { completeOptions } from "../../src/store/options/load.ts";
import { Performance } from "../../src/store/performance.ts";
import type { StoreApi } from "../../src/store/types.ts";

const TEST_OPTIONS: HttpOptions = {
  host: "127.0.0.1",
  maxValueSizeBytes: 1000,
  maxConnections: 100,
  allowedHosts: [],
  corsOrigins: [],
  headersTimeoutMs: 60_000,
  requestTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
};

export class TestClock implements Clock {
  #nowMs = 1_700_000_000_000;
  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
  }
}

/** Timers that go off when they are told to, whatever the clock says. */
export class TestTimers implements Timers {
  readonly #pending = new Set<() => void>();

  after(_delayMs: number, run: () => void): Timer {
    this.#pending.add(run);
    return { cancel: () => void this.#pending.delete(run) };
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  /** Runs those that are armed now; what they arm is for the next call. */
  fire(): void {
    const due = [...this.#pending];
    this.#pending.clear();
    for (const run of due) run();
  }
}

/** Keeps what is logged as errors. */
export class TestLogger implements Logger {
  readonly debug = (): void => undefined;
  readonly info = (): void => undefined;
  readonly warn = (): void => undefined;
  readonly errors: { fields: object; message: string }[] = [];
  error(fields: object, message: string): void {
    this.errors.push({ fields, message });
  }
}

export interface TestServer<Store extends StoreApi> {
  readonly app: App;
  readonly store: Store;
  readonly clock: TestClock;
  readonly logger: TestLogger;
  readonly performance: Performance;
  readonly timers: TestTimers;
  /** Changed by tests, read by the server. */
  readonly state: { ready: boolean; shuttingDown: boolean };
}

export async function makeServer<Store extends StoreApi>(
  makeStore: (clock: Clock) => Store | Promise<Store>,
  options: Partial<HttpOptions> = {},
  /** In place of what the context would have. */
  overrides: Partial<HttpContext> = {},
): Promise<TestServer<Store>> {
  const clock = new TestClock();
  const logger = new TestLogger();
  const timers = new TestTimers();
  const performance = new Performance(clock);
  const state = { ready: true, shuttingDown: false };
  const store = await makeStore(clock);
  const context: HttpContext = {
    ...{ store, clock, timers, logger, performance, version: "0.0.0-test" },
    options: { ...TEST_OPTIONS, ...options },
    loaded: completeOptions({ dataDir: null }, { memoryBytes: 2 ** 31 }),
    liveOptions: () => new Map(),
    isReady: () => state.ready,
    isShuttingDown: () => state.shuttingDown,
    ...overrides,
  };
  const app = createHttpServer(context);
  await app.ready();
  return { app, store, clock, timers, logger, performance, state };
}
