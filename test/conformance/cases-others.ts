/** Namespaces, statistics, care, and what is no route. */
import { expect } from "vitest";
import { a, set, invalid, type Case } from "./case.ts";

const PORT = expect.objectContaining({
  name: "port",
  value: "8000",
  source: "default",
  environment: "PYKV_PORT",
  secret: false,
}) as object;
const MASKED = expect.objectContaining({ name: "password", value: "none", secret: true }) as object;
const NONE = { histogram: [] };

export const others: Case[] = [
  {
    title: "namespaces",
    given: [set("a", 1, { namespace: "x" })],
    line: "GET /namespaces",
    status: 200,
    reply: '{"namespaces":["x"],"count":1}',
  },
  {
    title: "size",
    given: a,
    line: "GET /namespaces/default/keys",
    status: 200,
    reply: '{"namespace":"default","total_keys":1}',
  },
  {
    title: "size of nothing",
    line: "GET /namespaces/none/keys",
    status: 200,
    reply: { total_keys: 0 },
  },
  {
    title: "size of a bad name",
    line: "GET /namespaces/a%20b/keys",
    ...invalid("INVALID_NAMESPACE", "path/ns"),
  },
  {
    title: "clear",
    given: a,
    line: "DELETE /namespaces/default",
    status: 200,
    reply: '{"status":"cleared","namespace":"default","keys_deleted":1}',
  },
  {
    title: "clear nothing",
    line: "DELETE /namespaces/none",
    status: 200,
    reply: { keys_deleted: 0 },
  },
  {
    title: "the configuration",
    line: "GET /config",
    status: 200,
    reply: { options: expect.arrayContaining([PORT, MASKED]) as unknown },
  },
  {
    title: "the configuration takes no parameters",
    line: "GET /config?x=1",
    ...invalid("INVALID_REQUEST", "query/x"),
  },
  {
    title: "storage",
    line: "GET /storage",
    status: 200,
    reply: { data_dir: null, segments: expect.any(Array) as unknown },
  },
  {
    title: "performance",
    given: a,
    line: "GET /performance",
    status: 200,
    reply: { total_operations: 1, per_operation: { set: { total_operations: 1 } }, redis: null },
  },
  {
    title: "performance with histograms",
    given: a,
    line: "GET /performance?histogram=true",
    status: 200,
    reply: { last_minute: { per_operation: { set: { histogram: [{ count: 1 }] }, get: NONE } } },
  },
  {
    title: "performance with half a histogram",
    line: "GET /performance?histogram=half",
    ...invalid("INVALID_REQUEST", "query/histogram"),
  },
  {
    title: "stats",
    given: a,
    line: "GET /stats",
    status: 200,
    reply: { total_keys: 1, last_compaction: null },
  },
  {
    title: "stats of a namespace",
    given: a,
    line: "GET /stats?ns=default",
    status: 200,
    reply: { namespace: "default", namespace_stats: { total_keys: 1 } },
  },
  {
    title: "stats of a namespace __proto__",
    given: [set("a", 1, { namespace: "__proto__" })],
    line: "GET /stats?ns=__proto__",
    status: 200,
    reply: { namespace_stats: { total_keys: 1 } },
  },
  {
    title: "performance",
    given: a,
    line: "GET /performance",
    status: 200,
    reply: { total_operations: 1, error_rate: 0, per_operation: { set: { total_operations: 1 } } },
  },
  {
    title: "health",
    line: "GET /health",
    status: 200,
    reply: { status: "healthy", store_size: 0 },
  },
  { title: "ready", line: "GET /ready", status: 200, reply: { status: "ready" } },
  {
    title: "metrics",
    line: "GET /metrics",
    status: 200,
    replyHeaders: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  },
  {
    title: "metrics with a parameter",
    line: "GET /metrics?x=1",
    ...invalid("INVALID_REQUEST", "query/x"),
  },
  { title: "openapi", line: "GET /openapi.json", status: 200, reply: { openapi: "3.1.0" } },
  {
    title: "docs",
    line: "GET /docs",
    status: 200,
    replyHeaders: { "x-frame-options": "SAMEORIGIN" },
  },
  { title: "unknown route", line: "GET /nope", status: 404, code: "ROUTE_NOT_FOUND" },
  {
    title: "unknown file of the docs",
    line: "GET /docs/static/nope.js",
    status: 404,
    code: "ROUTE_NOT_FOUND",
  },
  {
    title: "unknown deeper route",
    line: "POST /kv/a/b",
    body: {},
    status: 404,
    code: "ROUTE_NOT_FOUND",
  },
  {
    title: "wrong method",
    line: "PUT /batch",
    body: {},
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    replyHeaders: { allow: "POST" },
  },
  { title: "OPTIONS without CORS", line: "OPTIONS /kv/", status: 405 },
  {
    title: "foreign host",
    line: "GET /health",
    headers: { host: "evil.example" },
    status: 403,
    code: "FORBIDDEN_HOST",
  },
  {
    title: "foreign origin",
    line: "GET /health",
    headers: { origin: "http://evil.example" },
    status: 403,
    code: "FORBIDDEN_ORIGIN",
  },
];
