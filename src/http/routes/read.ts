/**
 * Reading one key: GET and HEAD.
 *
 * The hot way of the whole server. Nothing here makes a promise unless the value is not yet
 * acknowledged, the reply is spliced together as text, and a value's JSON is never parsed.
 */
import { isUtf8 } from "node:buffer";
import type { FastifyReply, FastifyRequest } from "fastify";
import { PyKVError } from "../../base/errors.ts";
import type { Entry } from "../../store/types.ts";
import { negotiate } from "../accept.ts";
import { etagOf, isFresh } from "../conditions.ts";
import type { App, HttpContext } from "../context.ts";
import { ETAG, operation, replies } from "../describe.ts";
import { DEFAULT_NAMESPACE } from "../../store/names.ts";
import { checkKey, ttlOf } from "../fields.ts";
import { afterBarrier, recordDone, send, sendJson } from "../reply.ts";
import { EntryReply } from "../reply-schemas.ts";
import { KeyParams, NsQuery, ReadHeaders } from "../schemas.ts";
import { valueMembers } from "../values.ts";

const GET_RESPONSE = replies(
  {
    200: {
      description: "The entry; or its bare value, when Accept prefers bytes or text",
      schema: EntryReply,
      bareTypes: ["application/octet-stream", "text/plain"],
      headers: ETAG,
    },
    304: { description: "The version is one of those in If-None-Match", headers: ETAG },
  },
  [404],
);

const HEAD_RESPONSE = {
  200: { description: "The key exists", headers: { ETag: { type: "string" } }, type: "null" },
  304: { description: "The version is one of those in If-None-Match", type: "null" },
  404: { description: "The key does not exist", type: "null" },
} as unknown;

interface Target {
  readonly key: string;
  readonly namespace: string;
}

export function readRoutes(app: App, context: HttpContext): void {
  getRoute(app, context, "/kv/:key");
  getRoute(app, context, "/get/:key", "GET /kv/{key}");
  headRoute(app, context, "/kv/:key");
  headRoute(app, context, "/get/:key", "HEAD /kv/{key}");
}

function getRoute(app: App, context: HttpContext, path: string, aliasOf?: string): void {
  const schema = {
    ...operation({
      id: aliasOf === undefined ? "getKey" : "getKeyAlias",
      summary: "Read a key",
      tag: "keys",
      description:
        "If-None-Match with the version that the client has is answered 304. " +
        "Accept: application/octet-stream or text/plain gives the bare value.",
      ...(aliasOf === undefined ? {} : { aliasOf }),
    }),
    params: KeyParams,
    querystring: NsQuery,
    headers: ReadHeaders,
    response: GET_RESPONSE,
  };
  const options = { schema, config: { operation: "get" as const }, exposeHeadRoute: false };
  app.get(path, options, (request, reply) => {
    const key = checkKey(request.params.key, "path/key");
    const namespace = request.query.ns ?? DEFAULT_NAMESPACE;
    const entry = context.store.get(namespace, key);
    afterBarrier(context.store, reply, () =>
      answerGet(context, request, reply, { key, namespace }, entry),
    );
  });
}

function answerGet(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  target: Target,
  entry: Entry | null,
): void {
  if (entry === null) throw notFound(target);
  const { headers } = request;
  void reply.header("etag", etagOf(entry.version)).header("vary", "accept");
  if (isFresh(headers["if-none-match"], entry.version)) {
    recordDone(context, "get", request, 304);
    void reply.code(304).send();
    return;
  }
  sendEntry(context, reply, negotiate(headers.accept), target, entry);
  recordDone(context, "get", request, 200);
}

function sendEntry(
  context: HttpContext,
  reply: FastifyReply,
  form: "json" | "bytes" | "text",
  { key, namespace }: Target,
  entry: Entry,
): void {
  if (form === "json") {
    const ttl = ttlOf(entry.deadlineMs, context.clock.nowMs());
    const rest = `"namespace":"${namespace}","version":${entry.version},"ttl":${ttl}}`;
    sendJson(reply, 200, `{"key":${JSON.stringify(key)},${valueMembers(entry)},${rest}`);
    return;
  }
  const asText = form === "text" && isUtf8(entry.value);
  const type = asText ? "text/plain; charset=utf-8" : "application/octet-stream";
  send(reply, 200, type, entry.value);
}

function headRoute(app: App, context: HttpContext, path: string, aliasOf?: string): void {
  const schema = {
    ...operation({
      id: aliasOf === undefined ? "headKey" : "headKeyAlias",
      summary: "See whether a key exists",
      tag: "keys",
      description: "Counts neither as a hit nor as a use of the key.",
      ...(aliasOf === undefined ? {} : { aliasOf }),
    }),
    params: KeyParams,
    querystring: NsQuery,
    response: HEAD_RESPONSE,
  };
  const config = { operation: "get" as const, swagger: { exposeHeadRoute: true } };
  app.head(path, { schema, config }, (request, reply) => {
    const key = checkKey(request.params.key, "path/key");
    const namespace = request.query.ns ?? DEFAULT_NAMESPACE;
    const found = context.store.peek(namespace, key);
    afterBarrier(context.store, reply, () => {
      if (found === null) throw notFound({ key, namespace });
      const fresh = isFresh(request.headers["if-none-match"], found.version);
      void reply.code(fresh ? 304 : 200).header("etag", etagOf(found.version));
      recordDone(context, "get", request, 200);
      void reply.header("vary", "accept").send();
    });
  });
}

export function notFound({ key, namespace }: Target): PyKVError {
  const shown = key.length > 200 ? `${key.slice(0, 200)}...` : key;
  return new PyKVError("KEY_NOT_FOUND", `${JSON.stringify(shown)} in namespace ${namespace}`);
}
