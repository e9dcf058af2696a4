/** Adding and replacing by POST, under each of its paths. */
import { a, set, written, invalid, type Case } from "./case.ts";

export const adding = ["/kv/", "/kv", "/set", "/put"].flatMap((path): Case[] => {
  const line = `POST ${path}`;
  const isAlias = path === "/set" || path === "/put";
  const body = { key: "a", value: "x" };
  const created = { reply: written("created", 1), replyHeaders: { etag: '"1"' } };
  return [
    { title: "adds", line, body, status: isAlias ? 200 : 201, ...created },
    { title: "replaces", given: a, line, body, status: 200, reply: written("updated", 2) },
    { title: "needs a key", line, body: { value: 1 }, ...invalid("INVALID_KEY", "body/key") },
    { title: "needs a value", line, body: { key: "a" }, ...invalid("INVALID_VALUE", "body/value") },
    {
      title: "no empty key",
      line,
      body: { ...body, key: "" },
      ...invalid("INVALID_KEY", "body/key"),
    },
    {
      title: "no key of 5",
      line,
      body: { ...body, key: 5 },
      ...invalid("INVALID_KEY", "body/key"),
    },
    {
      title: "no key of 65,536 bytes",
      line,
      body: { ...body, key: "k".repeat(65_536) },
      ...invalid("INVALID_KEY", "body/key"),
    },
    {
      title: "no half surrogate in a key",
      line,
      body: '{"key":"\\ud800","value":1}',
      ...invalid("INVALID_KEY", "body/key"),
    },
    {
      title: "no half surrogate in a value",
      line,
      body: '{"key":"a","value":"\\udfff"}',
      ...invalid("INVALID_VALUE", "body/value"),
    },
    ...[0, -1, "5", true, 1e11].map((ttl) => ({
      ...{ title: `no ttl of ${JSON.stringify(ttl)}`, line, body: { ...body, ttl } },
      ...invalid("INVALID_TTL", "body/ttl"),
    })),
    {
      title: "no infinite ttl",
      line,
      body: '{"key":"a","value":1,"ttl":1e400}',
      ...invalid("INVALID_TTL", "body/ttl"),
    },
    {
      title: "no unknown field",
      line,
      body: { ...body, tll: 5 },
      ...invalid("INVALID_REQUEST", "body/tll"),
    },
    {
      title: "no field __proto__",
      line,
      body: '{"key":"a","value":1,"__proto__":{}}',
      ...invalid("INVALID_REQUEST", "body/__proto__"),
    },
    {
      title: "no unknown encoding",
      line,
      body: { ...body, encoding: "hex" },
      ...invalid("INVALID_REQUEST", "body/encoding"),
    },
    {
      title: "no bad namespace",
      line,
      body: { ...body, namespace: "a b" },
      ...invalid("INVALID_NAMESPACE", "body/namespace"),
    },
    {
      title: "no two namespaces",
      line: `${line}?ns=x`,
      body: { ...body, namespace: "y" },
      ...invalid("INVALID_NAMESPACE", "body/namespace"),
    },
    {
      title: "the same namespace twice",
      line: `${line}?ns=x`,
      body: { ...body, namespace: "x" },
      status: isAlias ? 200 : 201,
      reply: { namespace: "x" },
    },
    { title: "no JSON", line, body: "{", status: 400, code: "INVALID_JSON" },
    { title: "no array", line, body: [], ...invalid("INVALID_REQUEST", "body") },
    { title: "no body", line, ...invalid("INVALID_REQUEST", "body") },
    {
      title: "no form",
      line,
      body: "key=a",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      ...{ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" },
    },
    {
      title: "no text/plain, which browsers send unasked",
      line,
      body: '{"key":"a","value":1}',
      headers: { "content-type": "text/plain" },
      ...{ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" },
    },
    {
      title: "a value over the limit",
      line,
      body: { key: "a", value: "x".repeat(1001) },
      ...{ status: 413, code: "VALUE_TOO_LARGE", reply: { limit: 1000 } },
    },
    {
      title: "a body over its limit",
      line,
      body: { key: "a", value: "x".repeat(2_000_000) },
      ...{ status: 413, code: "VALUE_TOO_LARGE", reply: { limit: 1_050_576 } },
    },
    {
      title: "If-None-Match * on a key that exists",
      given: a,
      line,
      body,
      headers: { "if-none-match": "*" },
      ...{ status: 412, code: "CONDITION_FAILED" },
    },
    {
      title: "If-Match on a key that does not exist",
      line,
      body,
      headers: { "if-match": '"1"' },
      ...{ status: 412, code: "CONDITION_FAILED" },
    },
    {
      title: "If-Match of garbage",
      line,
      body,
      headers: { "if-match": "1" },
      ...invalid("INVALID_REQUEST", "header/if-match"),
    },
    { title: "wrong method", line: `PATCH ${path}`, body, status: path === "/kv/" ? 400 : 405 },
  ];
});

export const location: Case[] = [
  {
    title: "Location leads to the key",
    line: "POST /kv/?ns=x:y",
    body: { key: "a/b c", value: 1 },
    status: 201,
    replyHeaders: { location: "/kv/a%2Fb%20c?ns=x%3Ay" },
  },
  ...[".", "..", "k".repeat(8193), "%".repeat(2731)].map((key) => ({
    title: `no Location for a key that no URL can carry: ${key.slice(0, 3)}`,
    ...set(key, 1),
    status: 201,
    replyHeaders: { location: undefined },
  })),
  {
    title: "Location for a key as long as a URL takes it",
    ...set("k".repeat(8192), 1),
    status: 201,
    replyHeaders: { location: `/kv/${"k".repeat(8192)}` },
  },
  {
    title: "no Location for what was there",
    given: a,
    ...set("a", 2),
    status: 200,
    replyHeaders: { location: undefined },
  },
];
