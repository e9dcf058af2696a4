/** Reading one key and listing many, under each of their paths. */
import { a, set, invalid, NOT_FOUND, type Case } from "./case.ts";

const VALUES = [
  '"text"',
  '""',
  '"\\u0000\\n😀"',
  "null",
  "false",
  "0",
  "-0",
  "1.0",
  "1E2",
  "1e400",
  "12345678901234567890123456789",
  "[]",
  "{}",
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1},"constructor":null}',
  '"[1]"',
  '{"deep":[[[{"b":[null,"}"]}]]]}',
];

export const reading = ["/kv/", "/get/"].flatMap((path): Case[] => [
  ...VALUES.map((value): Case => {
    const shown = value.startsWith('"') ? JSON.stringify(JSON.parse(value)) : value;
    return {
      title: `the same JSON comes back: ${value}`,
      given: [{ line: "POST /kv/", body: `{"key":"a","value":${value}}` }],
      line: `GET ${path}a`,
      status: 200,
      reply: `{"key":"a","value":${shown},"namespace":"default","version":1,"ttl":null}`,
      replyHeaders: { etag: '"1"', "content-type": "application/json; charset=utf-8" },
    };
  }),
  ...["a/b", "ü€😀", "incr", "__proto__", "..", "%", "%2F", "a?b#c;d=e&f", " ", "\0", "kv"].map(
    (key): Case => ({
      title: `a key of ${JSON.stringify(key)}`,
      given: [set(key, "v")],
      line: `GET ${path}${encodeURIComponent(key).replace("..", "%2E%2E")}`,
      status: key === ".." ? 404 : 200, // The client below resolves dots, as browsers do.
      ...(key === ".." ? {} : { reply: { key, value: "v" } }),
    }),
  ),
  { title: "missing", line: `GET ${path}none`, ...NOT_FOUND },
  { title: "other namespace", given: a, line: `GET ${path}a?ns=other`, ...NOT_FOUND },
  {
    title: "empty namespace",
    line: `GET ${path}a?ns=`,
    ...invalid("INVALID_NAMESPACE", "query/ns"),
  },
  {
    title: "unknown parameter",
    line: `GET ${path}a?x=1`,
    ...invalid("INVALID_REQUEST", "query/x"),
  },
  {
    title: "a parameter twice",
    line: `GET ${path}a?ns=a&ns=a`,
    ...invalid("INVALID_NAMESPACE", "query/ns"),
  },
  {
    title: "malformed percent-encoding",
    line: `GET ${path}%ff`,
    ...invalid("INVALID_REQUEST", "path"),
  },
  {
    title: "fresh",
    given: a,
    line: `GET ${path}a`,
    headers: { "if-none-match": '"1"' },
    status: 304,
  },
  {
    title: "fresh by a weak tag in a list",
    given: a,
    line: `GET ${path}a`,
    headers: { "if-none-match": '"9", W/"1"' },
    ...{ status: 304, replyHeaders: { etag: '"1"' } },
  },
  {
    title: "stale",
    given: a,
    line: `GET ${path}a`,
    headers: { "if-none-match": '"9"' },
    status: 200,
  },
  {
    title: "bare bytes",
    given: [set("a", "gIE=", { encoding: "base64" })],
    line: `GET ${path}a`,
    headers: { accept: "application/octet-stream" },
    ...{ status: 200, replyHeaders: { "content-type": "application/octet-stream" } },
  },
  {
    title: "bare text",
    given: [set("a", { x: 1 })],
    line: `GET ${path}a`,
    headers: { accept: "text/plain" },
    ...{ status: 200, reply: '{"x":1}' },
    replyHeaders: { "content-type": "text/plain; charset=utf-8", vary: "accept" },
  },
  {
    title: "bytes as base64",
    given: [set("a", "gIE=", { encoding: "base64" })],
    line: `GET ${path}a`,
    ...{ status: 200, reply: { value: "gIE=", encoding: "base64" } },
  },
  {
    title: "bytes that are UTF-8 as a string",
    given: [set("a", "aGk=", { encoding: "base64" })],
    line: `GET ${path}a`,
    ...{ status: 200, reply: { value: "hi" } },
  },
  {
    title: "seconds left",
    given: [set("a", 1, { ttl: 1.5 })],
    line: `GET ${path}a`,
    status: 200,
    reply: { ttl: 1.5 },
  },
  {
    title: "HEAD finds",
    given: a,
    line: `HEAD ${path}a`,
    status: 200,
    reply: "",
    replyHeaders: { etag: '"1"' },
  },
  { title: "HEAD misses", line: `HEAD ${path}a`, status: 404, reply: "" },
]);

export const listing = ["/kv/", "/kv", "/keys"].flatMap((path): Case[] => [
  {
    title: "empty",
    line: `GET ${path}`,
    status: 200,
    reply: '{"namespace":"default","keys":[],"count":0,"cursor":null}',
  },
  {
    title: "by prefix",
    given: [set("u:1", 1), set("v", 1)],
    line: `GET ${path}?prefix=u%3A`,
    status: 200,
    reply: { keys: ["u:1"], count: 1, cursor: null },
  },
  {
    title: "a page",
    given: [set("u:1", 1), set("v", 1)],
    line: `GET ${path}?limit=1`,
    status: 200,
    reply: { count: 1 },
  },
  {
    title: "with values",
    given: [set("a", { x: 1 })],
    line: `GET ${path}?values=true`,
    status: 200,
    reply: { items: [{ key: "a", value: { x: 1 }, version: 1, ttl: null }] },
  },
  ...["0", "10001", "x", "1.5", ""].map((limit): Case => ({
    title: `limit=${limit}`,
    line: `GET ${path}?limit=${limit}`,
    ...invalid("INVALID_REQUEST", "query/limit"),
  })),
  { title: "limit=10000", line: `GET ${path}?limit=10000`, status: 200 },
  { title: "bad cursor", line: `GET ${path}?cursor=!`, status: 400, code: "INVALID_CURSOR" },
  {
    title: "empty cursor",
    line: `GET ${path}?cursor=`,
    ...invalid("INVALID_CURSOR", "query/cursor"),
  },
]);
