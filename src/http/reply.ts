/**
 * The last step of every request: send, and count.
 *
 * Replies are ready text, so that Fastify neither inspects nor serialises them. The headers that
 * every reply of the API carries are few, since each costs about 1 % of the speed of a read; the
 * pages that a browser renders get the full set of helmet.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PyKVError } from "../base/errors.ts";
import type { Operation } from "../store/performance.ts";
import type { StoreApi } from "../store/types.ts";
import type { HttpContext } from "./context.ts";
import { PROBLEM_TYPE, problemHeaders, problemOf } from "./problem.ts";

export const JSON_TYPE = "application/json; charset=utf-8";

/** Counts a request as done. A client's mistake is no failure of the server's; a 5xx is. */
export function recordDone(
  context: HttpContext,
  operation: Operation,
  request: FastifyRequest,
  status: number,
): void {
  const nowMs = context.clock.monotonicMs();
  context.performance.record(operation, nowMs - request.startedMs, status >= 500, nowMs);
}

/** Sends JSON text. */
export function sendJson(reply: FastifyReply, status: number, text: string): void {
  send(reply, status, JSON_TYPE, text);
}

export function send(
  reply: FastifyReply,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  // prettier-ignore
  const headers: (string | number | string[])[] = [
    "content-type", contentType, "x-content-type-options", "nosniff", "content-length", length,
  ];
  const given = reply.getHeaders();
  for (const name in given) headers.push(name, given[name] ?? "");
  // Past Fastify's own sending: there is nothing left for it to do but to copy the headers twice.
  reply.hijack();
  reply.raw.writeHead(status, headers as string[]);
  reply.raw.end(body);
}

/**
 * Calls `answer` once what the last read has shown is acknowledged, which mostly is at once: then no
 * promise is made. Call it right after the read, before anything else can run.
 */
export function afterBarrier(store: StoreApi, reply: FastifyReply, answer: () => void): void {
  const barrier = store.readBarrier;
  if (barrier === 0) {
    answer();
    return;
  }
  store
    .acknowledged(barrier)
    .then(answer)
    .catch((error: unknown) => void reply.send(error));
}

/** Sends an error and counts the request. */
export function sendProblem(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  error: PyKVError,
): void {
  const problem = problemOf(error);
  recordDone(context, request.routeOptions.config.operation ?? "other", request, problem.status);
  void reply.headers(problemHeaders(error));
  send(reply, problem.status, PROBLEM_TYPE, JSON.stringify(problem));
}
