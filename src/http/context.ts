/**
 * What the routes are given: the engine, the recorder, and what little they know of the server.
 */
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/logger.ts";
import type { Timers } from "../base/timers.ts";
import type { OptionName } from "../store/options/declaration.ts";
import type { LoadedOptions } from "../store/options/load.ts";
import type { Operation, Performance } from "../store/performance.ts";
import type { StoreApi } from "../store/types.ts";
import type { RedisFigures } from "./redis-metrics.ts";

export interface HttpOptions {
  /** The address that the server will be bound to; the Host check allows it. */
  readonly host: string;
  readonly maxValueSizeBytes: number;
  /** Connections beyond this many are closed at once; 0 is no limit. */
  readonly maxConnections: number;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  /** For the headers of a request to arrive. */
  readonly headersTimeoutMs: number;
  /** For a whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** Between a reply and the next request on the same connection. */
  readonly idleTimeoutMs: number;
}

/** The built web console; see console.ts. */
export interface ConsoleFiles {
  /** The text of index.html. */
  readonly page: string;
  readonly assetsDir: string;
}

export interface HttpContext {
  readonly store: StoreApi;
  readonly performance: Performance;
  readonly options: HttpOptions;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of the server, as the documents show it. */
  readonly version: string;
  /** The options that the server was started with. */
  readonly loaded: LoadedOptions;
  /** Those of them that may change while it runs, as they are now. */
  readonly liveOptions: () => ReadonlyMap<OptionName, unknown>;
  /** False until recovery is through. */
  readonly isReady: () => boolean;
  readonly isShuttingDown: () => boolean;
  /** Figures of the Redis door; absent when there is none. */
  readonly redis?: () => RedisFigures;
  /** Absent when it is off, or not built. */
  readonly console?: ConsoleFiles;
}

/** Fastify, inferring the types of requests from TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Under which name the route's requests are counted. */
    operation?: Operation;
  }
  interface FastifyRequest {
    /** Monotonic time of arrival, in milliseconds. */
    startedMs: number;
  }
}
