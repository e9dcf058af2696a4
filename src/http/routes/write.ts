/**
 * Changing one key: POST, PUT, PATCH, DELETE and increment, under all their paths.
 *
 * Each handler checks, asks the store, and turns the outcome into a status. A condition that does not
 * hold is 404 where the request is about a key that must exist and does not, and 412 otherwise.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { PyKVError } from "../../base/errors.ts";
import { memberSpans } from "../../base/json-scan.ts";
import type { Operation } from "../../store/performance.ts";
import type { WriteOutcome } from "../../store/types.ts";
import { etagOf, parsePreconditions, writeWhen } from "../conditions.ts";
import type { App, HttpContext } from "../context.ts";
import { ETAG, operation, replies, type OperationDescription } from "../describe.ts";
import { checkKey, deadlineOf, integerOf, namespaceOf, ttlOf } from "../fields.ts";
import { MethodNotAllowedError } from "../problem.ts";
import { recordDone, sendJson } from "../reply.ts";
import { DeleteReply, IncrReply, WriteReply } from "../reply-schemas.ts";
import {
  IncrBody,
  KeyParams,
  NsQuery,
  PatchBody,
  PutBody,
  PutQuery,
  SetBody,
  WriteHeaders,
} from "../schemas.ts";
import { valueIn, type StoredValue } from "../values.ts";
import { notFound } from "./read.ts";

interface Target {
  readonly key: string;
  readonly namespace: string;
}

/** Where a route goes and what it is called. */
interface Place {
  readonly path: string;
  readonly id: string;
  readonly aliasOf?: string;
}

const CONDITIONS =
  "If-Match and If-None-Match make it conditional on the version; 412 when they do not hold.";

const LOCATION = { Location: "Where the key is read; absent when no URL can carry it" } as const;

/** Clients refuse replies whose headers have more than 16 KiB, and requests have that bound here. */
const LOCATION_KEY_LENGTH_MAX = 8192;

/** Tells the methods of a path that has other routes; empty when it has none. */
export type MethodsOf = (path: string) => readonly string[];

export function writeRoutes(app: App, context: HttpContext, methodsOf: MethodsOf): void {
  setRoute(app, context, { path: "/kv/", id: "setKey" }, false);
  setRoute(app, context, { path: "/kv", id: "setKeyNoSlash", aliasOf: "POST /kv/" }, false);
  setRoute(app, context, { path: "/set", id: "setKeyAlias", aliasOf: "POST /kv/" }, true);
  setRoute(app, context, { path: "/put", id: "putKeyAlias", aliasOf: "POST /kv/" }, true);
  putRoute(app, context);
  patchRoute(app, context);
  incrRoute(app, context);
  const aliasOf = "DELETE /kv/{key}";
  deleteRoute(app, context, { path: "/kv/:key", id: "deleteKey" });
  deleteRoute(app, context, { path: "/delete/:key", id: "deleteKeyAlias", aliasOf });
  deleteRoute(app, context, { path: "/:key", id: "deleteKeyAtRoot", aliasOf }, methodsOf);
}

function describe(place: Place, summary: string, description: string): object {
  const { id, aliasOf } = place;
  const fields: OperationDescription = { id, summary, tag: "keys", description };
  return operation(aliasOf === undefined ? fields : { ...fields, aliasOf });
}

/** @param alwaysOk answers 200 for a new key as well, which older clients expect. */
function setRoute(app: App, context: HttpContext, place: Place, alwaysOk: boolean): void {
  const created = { description: "Added", schema: WriteReply, headers: { ...ETAG, ...LOCATION } };
  const replaced = { description: alwaysOk ? "Added or replaced" : "Replaced", schema: WriteReply };
  const ok = { ...replaced, headers: ETAG };
  const schema = {
    ...describe(place, "Add or replace a key", CONDITIONS),
    querystring: NsQuery,
    headers: WriteHeaders,
    body: SetBody,
    response: replies(alwaysOk ? { 200: ok } : { 200: ok, 201: created }, [412, 413, 415, 507]),
  };
  app.post(place.path, { schema, config: { operation: "set" } }, async (request, reply) => {
    const { body } = request;
    const key = checkKey(body.key, "body/key");
    const target = { key, namespace: namespaceOf(request.query.ns, body.namespace) };
    const value = readValue(context, request, body);
    const nowMs = context.clock.nowMs();
    const deadlineMs = deadlineOf(body.ttl, nowMs);
    const outcome = await writeWhen(
      context.store,
      target,
      parsePreconditions(request.headers),
      (c) => context.store.set({ ...target, ...value, deadlineMs, ...c }),
    );
    return answerWrite(context, request, reply, "set", target, outcome, nowMs, alwaysOk);
  });
}

function putRoute(app: App, context: HttpContext): void {
  const place = { path: "/kv/:key", id: "replaceKey" };
  const schema = {
    ...describe(place, "Replace the value of a key", `The ttl stays unless given. ${CONDITIONS}`),
    params: KeyParams,
    querystring: PutQuery,
    headers: WriteHeaders,
    body: PutBody,
    response: replies(
      {
        200: { description: "Replaced", schema: WriteReply, headers: ETAG },
        201: { description: "Added", schema: WriteReply, headers: { ...ETAG, ...LOCATION } },
      },
      [404, 412, 413, 415, 507],
    ),
  };
  app.put(place.path, { schema, config: { operation: "update" } }, async (request, reply) => {
    const { body, query } = request;
    const key = checkKey(request.params.key, "path/key");
    const target = { key, namespace: namespaceOf(query.ns, body.namespace) };
    const value = readValue(context, request, body);
    const nowMs = context.clock.nowMs();
    const upsert = query.upsert === true;
    const write = {
      ...{ ...target, ...value, deadlineMs: deadlineOf(body.ttl, nowMs) },
      ...{ keepDeadline: body.ttl === undefined },
    };
    const outcome = await writeWhen(
      context.store,
      target,
      parsePreconditions(request.headers),
      (c) => context.store.set({ ...write, ...c, ifPresent: upsert ? c.ifPresent : true }),
    );
    if (!outcome.done && !outcome.exists && !upsert) throw notFound(target);
    return answerWrite(context, request, reply, "update", target, outcome, nowMs);
  });
}

function patchRoute(app: App, context: HttpContext): void {
  const place = { path: "/kv/:key", id: "changeTtl" };
  const schema = {
    ...describe(place, "Change or clear the ttl of a key", `The value stays. ${CONDITIONS}`),
    params: KeyParams,
    querystring: NsQuery,
    headers: WriteHeaders,
    body: PatchBody,
    response: replies({ 200: { description: "Changed", schema: WriteReply, headers: ETAG } }, [
      ...[404, 412, 415],
    ]),
  };
  app.patch(place.path, { schema, config: { operation: "expire" } }, async (request, reply) => {
    const { body } = request;
    const key = checkKey(request.params.key, "path/key");
    const target = { key, namespace: namespaceOf(request.query.ns, body.namespace) };
    const nowMs = context.clock.nowMs();
    const deadlineMs = deadlineOf(body.ttl, nowMs);
    const outcome = await writeWhen(
      context.store,
      target,
      parsePreconditions(request.headers),
      (c) => context.store.expire({ ...target, deadlineMs, ...c }),
    );
    if (!outcome.done && !outcome.exists) throw notFound(target);
    return answerWrite(context, request, reply, "expire", target, outcome, nowMs);
  });
}

function deleteRoute(app: App, context: HttpContext, place: Place, methodsOf?: MethodsOf): void {
  const schema = {
    ...describe(place, "Delete a key", CONDITIONS),
    params: KeyParams,
    querystring: NsQuery,
    headers: WriteHeaders,
    response: replies({ 200: { description: "Deleted", schema: DeleteReply } }, [
      ...[404, 412],
      ...(methodsOf === undefined ? [] : [405]),
    ]),
  };
  app.delete(place.path, { schema, config: { operation: "delete" } }, async (request, reply) => {
    const key = checkKey(request.params.key, "path/key");
    // DELETE /stats means the route, not a key of that name: better refused than deleted by mistake.
    const taken = methodsOf?.(`/${key.replaceAll("/", "%2F")}`) ?? [];
    if (taken.length > 0) throw new MethodNotAllowedError("DELETE", taken);
    const target: Target = { key, namespace: namespaceOf(request.query.ns, undefined) };
    const outcome = await writeWhen(
      context.store,
      target,
      parsePreconditions(request.headers),
      (c) => context.store.delete({ ...target, ...c }),
    );
    if (!outcome.done) throw outcome.exists ? conditionFailed(target) : notFound(target);
    recordDone(context, "delete", request, 200);
    sendJson(reply, 200, `{"status":"deleted",${targetMembers(target)}}`);
    return reply;
  });
}

function incrRoute(app: App, context: HttpContext): void {
  const place = { path: "/kv/:key/incr", id: "incrementKey" };
  const text = `A key that does not exist counts as 0; the ttl applies when it is added. ${CONDITIONS}`;
  const schema = {
    ...describe(place, "Add to an integer atomically", text),
    params: KeyParams,
    querystring: NsQuery,
    headers: WriteHeaders,
    body: IncrBody,
    response: replies({ 200: { description: "Added", schema: IncrReply, headers: ETAG } }, [
      ...[409, 412, 413, 415, 507],
    ]),
  };
  // A body is optional here: adding 1 needs no words.
  const preValidation = (request: FastifyRequest, _: FastifyReply, done: () => void): void => {
    request.body ??= {};
    done();
  };
  const options = { schema, preValidation, config: { operation: "incr" as const } };
  app.post(place.path, options, async (request, reply) => {
    const { body } = request;
    const key = checkKey(request.params.key, "path/key");
    const target = { key, namespace: namespaceOf(request.query.ns, body.namespace) };
    const by = body.by === undefined ? 1n : integerOf(body.by, rawMember(request, "by"), "body/by");
    const deadlineMs = deadlineOf(body.ttl, context.clock.nowMs());
    const outcome = await writeWhen(
      context.store,
      target,
      parsePreconditions(request.headers),
      (c) => context.store.increment({ ...target, by, deadlineMs, ...c }),
    );
    if (!outcome.done) throw conditionFailed(target);
    const { value, version } = outcome;
    recordDone(context, "incr", request, 200);
    void reply.header("etag", etagOf(version));
    sendJson(reply, 200, `{"key":${JSON.stringify(key)},"value":${value},"version":${version}}`);
    return reply;
  });
}

interface ValueBody {
  readonly value: unknown;
  readonly encoding?: "base64";
}

function readValue(context: HttpContext, request: FastifyRequest, body: ValueBody): StoredValue {
  const given = {
    parsed: body.value,
    rawText: () => rawMember(request, "value"),
    encoding: body.encoding,
    at: "body",
  };
  return valueIn(given, context.options.maxValueSizeBytes);
}

function rawMember(request: FastifyRequest, name: string): string {
  const span = memberSpans(request.bodyText).get(name);
  return span === undefined ? "" : request.bodyText.slice(span.start, span.end);
}

type Written = Extract<WriteOutcome, { done: true }>;
type Unmet = Extract<WriteOutcome, { done: false }>;

function answerWrite(
  context: HttpContext,
  request: FastifyRequest,
  reply: FastifyReply,
  counted: Operation,
  target: Target,
  outcome: Written | Unmet,
  nowMs: number,
  alwaysOk = false,
): FastifyReply {
  if (!outcome.done) throw conditionFailed(target);
  const { created, version, deadlineMs } = outcome;
  const status = created && !alwaysOk ? 201 : 200;
  const location = status === 201 ? locationOf(target) : null;
  if (location !== null) void reply.header("location", location);
  void reply.header("etag", etagOf(version));
  recordDone(context, counted, request, status);
  const members = `"version":${version},"ttl":${ttlOf(deadlineMs, nowMs)}`;
  const word = created ? "created" : "updated";
  sendJson(reply, status, `{"status":"${word}",${targetMembers(target)},${members}}`);
  return reply;
}

function targetMembers({ key, namespace }: Target): string {
  return `"key":${JSON.stringify(key)},"namespace":"${namespace}"`;
}

/** Null for a key that is too long for a URL, and for those that a URL takes for places. */
function locationOf({ key, namespace }: Target): string | null {
  const query = namespace === "default" ? "" : `?ns=${encodeURIComponent(namespace)}`;
  const encoded = encodeURIComponent(key);
  const isPlace = key === "." || key === "..";
  return isPlace || encoded.length > LOCATION_KEY_LENGTH_MAX ? null : `/kv/${encoded}${query}`;
}

function conditionFailed({ key }: Target): PyKVError {
  const shown = key.length > 200 ? `${key.slice(0, 200)}...` : key;
  return new PyKVError(
    "CONDITION_FAILED",
    `The condition on ${JSON.stringify(shown)} does not hold`,
  );
}
