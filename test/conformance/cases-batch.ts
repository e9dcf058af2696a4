/** Batches. */
import { a, set, invalid, type Case } from "./case.ts";

const BATCH = "POST /batch";
const op = (operation: object, more: object = {}): object => ({ operations: [operation], ...more });
export const batching: Case[] = [
  {
    title: "empty",
    line: BATCH,
    body: { operations: [] },
    status: 200,
    reply: { results: [], count: 0 },
  },
  {
    title: "all kinds, in order, with big numbers exact",
    line: BATCH,
    body: '{"operations":[{"op":"set","key":"a","value":[1e400]},{"op":"get","key":"a"},{"op":"incr","key":"n","by":9007199254740993},{"op":"delete","key":"a"},{"op":"get","key":"a"}]}',
    status: 200,
    reply:
      '{"results":[{"op":"set","status":"created","key":"a","namespace":"default","version":1,"ttl":null},' +
      '{"op":"get","status":"found","key":"a","namespace":"default","value":[1e400],"version":1,"ttl":null},' +
      '{"op":"incr","status":"updated","key":"n","namespace":"default","value":9007199254740993,"version":2},' +
      '{"op":"delete","status":"deleted","key":"a","namespace":"default"},' +
      '{"op":"get","status":"not_found","key":"a","namespace":"default"}],"count":5}',
  },
  {
    title: "atomic: a failed condition",
    given: a,
    line: BATCH,
    body: op({ op: "set", key: "a", value: 1, if_absent: true }),
    status: 412,
    code: "CONDITION_FAILED",
  },
  {
    title: "not atomic: a failed condition",
    given: a,
    line: BATCH,
    body: op({ op: "set", key: "a", value: 1, if_absent: true }, { atomic: false }),
    status: 200,
    reply: { results: [{ status: "failed", error: { code: "CONDITION_FAILED" } }] },
  },
  {
    title: "not atomic: no integer",
    given: [set("a", "x")],
    line: BATCH,
    body: op({ op: "incr", key: "a" }, { atomic: false }),
    status: 200,
    reply: { results: [{ status: "failed", error: { code: "NOT_AN_INTEGER", status: 409 } }] },
  },
  {
    title: "atomic: no integer",
    given: [set("a", "x")],
    line: BATCH,
    body: op({ op: "incr", key: "a" }),
    status: 409,
  },
  {
    title: "if_version",
    given: a,
    line: BATCH,
    body: op({ op: "delete", key: "a", if_version: 1 }),
    status: 200,
  },
  {
    title: "a namespace each",
    line: BATCH,
    body: op({ op: "set", key: "a", value: 1, namespace: "x" }),
    status: 200,
    reply: { results: [{ namespace: "x" }] },
  },
  {
    title: "the namespace of the query",
    line: `${BATCH}?ns=x`,
    body: op({ op: "set", key: "a", value: 1 }),
    status: 200,
    reply: { results: [{ namespace: "x" }] },
  },
  {
    title: "two namespaces",
    line: `${BATCH}?ns=x`,
    body: op({ op: "get", key: "a", namespace: "y" }),
    ...invalid("INVALID_NAMESPACE", "body/operations/0/namespace"),
  },
  {
    title: "unknown op",
    line: BATCH,
    body: op({ op: "drop", key: "a" }),
    ...invalid("INVALID_REQUEST", "body/operations/0/op"),
  },
  {
    title: "no op",
    line: BATCH,
    body: op({ key: "a" }),
    ...invalid("INVALID_REQUEST", "body/operations/0/op"),
  },
  {
    title: "set without a value",
    line: BATCH,
    body: op({ op: "set", key: "a" }),
    ...invalid("INVALID_VALUE", "body/operations/0/value"),
  },
  {
    title: "get with a value",
    line: BATCH,
    body: op({ op: "get", key: "a", value: 1 }),
    ...invalid("INVALID_VALUE", "body/operations/0/value"),
  },
  {
    title: "empty key",
    line: BATCH,
    body: op({ op: "get", key: "" }),
    ...invalid("INVALID_KEY", "body/operations/0/key"),
  },
  {
    title: "no operations",
    line: BATCH,
    body: {},
    ...invalid("INVALID_REQUEST", "body/operations"),
  },
  {
    title: "more than 10,000",
    line: BATCH,
    body: { operations: Array<object>(10_001).fill({ op: "get", key: "a" }) },
    ...invalid("INVALID_REQUEST", "body/operations"),
  },
];
