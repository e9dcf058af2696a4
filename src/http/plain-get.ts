/**
 * The plain case of the hottest request, answered ahead of the framework.
 *
 * A GET of /kv/{key} with nothing special about it (no query but `ns`, no condition, any Accept that
 * JSON satisfies, a plain path, a key that is there, text or JSON in ASCII, acknowledged) is a lookup
 * and a string. Routing, hooks and schemas would cost as much again as everything else about it.
 * Whatever is not the plain case, every error among it, returns false here and takes the full way,
 * which is the one that decides; the two give the same replies, and a test holds them side by side.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { GlanceView } from "../store/types.ts";
import { etagOf } from "./conditions.ts";
import type { HttpContext } from "./context.ts";
import { DEFAULT_NAMESPACE } from "../store/names.ts";
import { ttlOf } from "./fields.ts";
import type { Guard } from "./guard.ts";
import { JSON_TYPE } from "./reply.ts";

const PREFIX = "/kv/";
/** Unreserved characters of a URL and a few that need no decoding: anything else is not plain. */
const PLAIN_URL = /^\/kv\/([\w.~:@!$'()*,;-]{1,1024})(?:\?ns=([\w.:-]{1,64}))?$/;
/** Path segments that mean a place, not a key. */
const DOTS = /^\.{1,2}$/;

export type PlainGet = (request: IncomingMessage, response: ServerResponse) => boolean;

/** @returns a function that answers a request if it is the plain case, and says whether it did. */
export function makePlainGet(context: HttpContext, guard: Guard): PlainGet {
  const { store, clock, performance } = context;
  const view: GlanceView = { kind: "text", text: "", version: 0, deadlineMs: 0 };
  return (request, response) => {
    const { url = "" } = request;
    if (request.method !== "GET" || !url.startsWith(PREFIX) || !isPlain(request)) return false;
    const parts = PLAIN_URL.exec(url);
    if (parts === null || context.isShuttingDown() || guard(request) !== null) return false;
    const startedMs = clock.monotonicMs();
    const [, key = "", namespace = DEFAULT_NAMESPACE] = parts;
    if (DOTS.test(key) || !store.glance(namespace, key, view)) return false;
    const body = render(key, namespace, view, clock.nowMs());
    // prettier-ignore
    response.writeHead(200, [
      "content-type", JSON_TYPE, "x-content-type-options", "nosniff",
      "content-length", String(body.length), "etag", etagOf(view.version), "vary", "accept",
    ]);
    response.end(body, "latin1");
    const nowMs = clock.monotonicMs();
    performance.record("get", nowMs - startedMs, false, nowMs);
    return true;
  };
}

/** Only headers that change nothing about the reply. */
function isPlain({ headers }: IncomingMessage): boolean {
  const { accept } = headers;
  return (
    (accept === undefined || accept === "*/*" || accept === "application/json") &&
    headers["if-none-match"] === undefined &&
    headers.origin === undefined &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    headers.expect === undefined
  );
}

/** The reply is ASCII: so are the key, which the pattern sees to, and the value, by `glance`. */
function render(key: string, namespace: string, view: GlanceView, nowMs: number): string {
  const value = view.kind === "json" ? view.text : JSON.stringify(view.text);
  const ttl = ttlOf(view.deadlineMs, nowMs);
  const { version } = view;
  return (
    `{"key":"${key}","value":${value},"namespace":"${namespace}",` +
    `"version":${version},"ttl":${ttl}}`
  );
}
