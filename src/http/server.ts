/**
 * The HTTP door: Fastify with its limits, checks and routes put together.
 *
 * A request passes the guard, the parser and the schemas, and reaches a handler that calls the store.
 * Everything thrown on the way ends in one error handler. Fastify's own logging is off: a line per
 * request costs more than the request, and /performance and /metrics tell the same in numbers.
 */
import fastifyCors from "@fastify/cors";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyRequest, type FastifyHttpOptions } from "fastify";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { ERRORS, PyKVError } from "../base/errors.ts";
import { acceptJsonBodies, bodyBytesMaxFor } from "./body.ts";
import { answerClientError } from "./client-error.ts";
import { consoleRoutes } from "./console.ts";
import type { App, HttpContext, HttpOptions } from "./context.ts";
import { describeApi, docsRoutes } from "./docs.ts";
import { makeGuard, type Guard } from "./guard.ts";
import { KnownPaths } from "./known-paths.ts";
import { makePlainGet, type PlainGet } from "./plain-get.ts";
import { MethodNotAllowedError, PROBLEM_TYPE, problemOf, toPyKVError } from "./problem.ts";
import { parseQuery } from "./query.ts";
import { sendProblem } from "./reply.ts";
import { Problem } from "./reply-schemas.ts";
import { adminRoutes } from "./routes/admin.ts";
import { batchRoutes } from "./routes/batch.ts";
import { configRoute } from "./routes/config.ts";
import { eventRoutes } from "./routes/events.ts";
import { listRoutes } from "./routes/list.ts";
import { namespaceRoutes } from "./routes/namespaces.ts";
import { readRoutes } from "./routes/read.ts";
import { statsRoutes } from "./routes/stats.ts";
import { storageRoute } from "./routes/storage.ts";
import { writeRoutes } from "./routes/write.ts";
import { validatorCompiler } from "./validation.ts";

/** The request line and headers together: a key of 5,000 characters fits, a flood does not. */
const HEADER_BYTES_MAX = 16 * 1024;

/** Longer than any key can be in a URL: its length is for checkKey to judge, not for the router. */
const PARAM_LENGTH_MAX = 256 * 1024;

/** How often node looks for requests that are late; the limits are exact to about this much. */
const TIMEOUT_CHECKS_MS = 5_000;

/**
 * Makes the server; `listen` or `inject` starts it. Further routes may be registered before that.
 *
 * Errors of requests never reject here: they are answered, and logged when they are bugs.
 */
export function createHttpServer(context: HttpContext): App {
  const { options } = context;
  const guard = makeGuard(options);
  const app = fastify(
    serverOptions(context, makePlainGet(context, guard)),
  ).withTypeProvider<TypeBoxTypeProvider>();
  const paths = new KnownPaths();
  app.setValidatorCompiler(validatorCompiler);
  // Replies are text already; what plugins send as objects is plain JSON.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.addHook("onRoute", (route) => paths.add(route));
  app.decorateRequest("startedMs", 0);
  app.addSchema(Problem);
  acceptJsonBodies(app);
  addGuard(app, context, guard);
  addErrorHandlers(app, context, paths);
  if (options.corsOrigins.length > 0) allowOrigins(app, options);
  describeApi(app, context);
  void app.register((scope, _, done) => {
    addRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), context, paths);
    done();
  });
  limitConnections(app.server, options);
  return app;
}

function serverOptions(context: HttpContext, plainGet: PlainGet): FastifyHttpOptions<Server> {
  const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, maxValueSizeBytes } = context.options;
  const shortestMs = Math.min(headersTimeoutMs || Infinity, requestTimeoutMs || Infinity);
  return {
    logger: false,
    bodyLimit: bodyBytesMaxFor(maxValueSizeBytes),
    serverFactory: (handler) => {
      const server = createServer(
        {
          requestTimeout: requestTimeoutMs,
          keepAliveTimeout: idleTimeoutMs,
          headersTimeout: headersTimeoutMs,
          maxHeaderSize: HEADER_BYTES_MAX,
          connectionsCheckingInterval: Math.max(10, Math.min(TIMEOUT_CHECKS_MS, shortestMs / 4)),
        },
        (request, response) => {
          if (!plainGet(request, response)) handler(request, response);
        },
      );
      server.setTimeout(0);
      return server;
    },
    // The guard answers this with problem details.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      const early = request as unknown as FastifyRequest;
      early.startedMs = context.clock.monotonicMs(); // No hook has run: the URL made no route.
      sendProblem(context, early, reply, toPyKVError(error, 0));
    },
    routerOptions: { querystringParser: parseQuery, maxParamLength: PARAM_LENGTH_MAX },
  };
}

function addGuard(app: App, context: HttpContext, guard: Guard): void {
  app.addHook("onRequest", (request, _, done) => {
    request.startedMs = context.clock.monotonicMs();
    if (context.isShuttingDown()) {
      done(new PyKVError("SHUTTING_DOWN", "Ask another server, or this one after its restart"));
      return;
    }
    const refusal = guard(request.raw);
    if (refusal === null) done();
    else done(refusal);
  });
}

function addErrorHandlers(app: App, context: HttpContext, paths: KnownPaths): void {
  const bodyBytesMax = bodyBytesMaxFor(context.options.maxValueSizeBytes);
  app.setErrorHandler((thrown, request, reply) => {
    const error = toPyKVError(thrown, bodyBytesMax);
    if (error.code === "INTERNAL") {
      context.logger.error({ err: thrown, method: request.method, url: request.url }, "a bug");
    }
    sendProblem(context, request, reply, error);
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    const methods = paths.methodsOf(path);
    const isKnown = methods.length > 0 && !methods.includes(request.method);
    const error = isKnown
      ? new MethodNotAllowedError(request.method, methods)
      : new PyKVError("ROUTE_NOT_FOUND", `${request.method} ${path.slice(0, 200)}; see /docs`);
    sendProblem(context, request, reply, error);
  });
}

function allowOrigins(app: App, { corsOrigins }: HttpOptions): void {
  void app.register(fastifyCors, {
    origin: corsOrigins.includes("*") ? "*" : [...corsOrigins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["content-type", "if-match", "if-none-match", "accept", "authorization"],
    exposedHeaders: ["etag", "location", "retry-after"],
    maxAge: 600,
  });
}

function addRoutes(app: App, context: HttpContext, paths: KnownPaths): void {
  readRoutes(app, context);
  listRoutes(app, context);
  writeRoutes(app, context, (path) => paths.methodsOf(path));
  batchRoutes(app, context);
  namespaceRoutes(app, context);
  statsRoutes(app, context);
  adminRoutes(app, context);
  configRoute(app, context);
  storageRoute(app, context);
  eventRoutes(app, context);
  docsRoutes(app);
  if (context.console !== undefined) consoleRoutes(app, context.console);
}

function limitConnections(server: Server, { maxConnections }: HttpOptions): void {
  if (maxConnections > 0) server.maxConnections = maxConnections;
  server.on("checkExpectation", refuseExpectation);
}

/** Node answers `Expect: 100-continue` by itself; nothing else can be promised. */
function refuseExpectation(_: IncomingMessage, response: ServerResponse): void {
  const error = new PyKVError("EXPECTATION_FAILED", "Only 100-continue can be expected");
  const body = JSON.stringify(problemOf(error));
  response.writeHead(ERRORS.EXPECTATION_FAILED.http, {
    "content-type": PROBLEM_TYPE,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
