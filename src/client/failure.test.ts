/** What a failed attempt means: whether the server may have acted, and whether it is down. */
import { expect, test } from "vitest";
import { networkFailure, parseRetryAfter, replyFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Reply } from "./reply.ts";

const NOW_MS = Date.parse("2030-01-01T00:00:00Z");

function replyOf(status: number, text: string, type: string, retryAfter: string | null): Reply {
  const url = "http://h/kv/a";
  const where = { asked: `GET ${url}`, url, location: null, etag: null };
  return { ...where, status, text, contentType: type, retryAfter };
}

function problemOf(status: number, code: string, retryAfter: string | null = null): Reply {
  const text = JSON.stringify({ title: "T", status, detail: "d", code });
  return replyOf(status, text, "application/problem+json; charset=utf-8", retryAfter);
}

function pageOf(status: number, retryAfter: string | null = null): Reply {
  return replyOf(status, "<h1>Hm</h1>", "text/html", retryAfter);
}

type Expected = [code: string, effect: Failure["effect"], isDown: boolean];

const REPLIES: [what: string, reply: Reply, expected: Expected][] = [
  ["a wrong request", problemOf(400, "INVALID_KEY"), ["INVALID_KEY", "answered", false]],
  ["no such key", problemOf(404, "KEY_NOT_FOUND"), ["KEY_NOT_FOUND", "answered", false]],
  ["a bug", problemOf(500, "INTERNAL"), ["INTERNAL", "answered", false]],
  ["a server that starts", problemOf(503, "NOT_READY", "5"), ["NOT_READY", "none", true]],
  ["one that stops", problemOf(503, "SHUTTING_DOWN", "5"), ["SHUTTING_DOWN", "none", true]],
  ["a full disk", problemOf(503, "DISK_FULL"), ["DISK_FULL", "answered", false]],
  ["a failed log", problemOf(503, "LOG_FAILED"), ["LOG_FAILED", "answered", false]],
  ["a full memory", problemOf(507, "MEMORY_FULL"), ["MEMORY_FULL", "answered", false]],
  ["503 that says when", problemOf(503, "DISK_FULL", "1"), ["DISK_FULL", "none", false]],
  ["a proxy's 429", pageOf(429, "1"), ["BAD_RESPONSE", "none", false]],
  ["a proxy's 502", pageOf(502), ["BAD_RESPONSE", "unknown", true]],
  ["a proxy's 503", pageOf(503), ["BAD_RESPONSE", "unknown", true]],
  ["a proxy's 503 that says when", pageOf(503, "1"), ["BAD_RESPONSE", "none", true]],
  ["a proxy's 504", pageOf(504), ["BAD_RESPONSE", "unknown", true]],
  ["a page that is not there", pageOf(404), ["BAD_RESPONSE", "answered", false]],
  ["a redirect", pageOf(302), ["BAD_RESPONSE", "answered", false]],
  ["a 500 of another server", pageOf(500), ["BAD_RESPONSE", "answered", false]],
];

for (const [what, reply, [code, effect, isDown]] of REPLIES) {
  test(`${what}: ${code}, effect ${effect}, ${isDown ? "down" : "up"}`, () => {
    const failure = replyFailure(reply, NOW_MS);
    expect(failure).toMatchObject({ effect, isDown, error: { code, status: reply.status } });
  });
}

const NETWORK: [code: string, effect: Failure["effect"], expected: string][] = [
  ["ECONNREFUSED", "none", "UNREACHABLE"],
  ["ENOTFOUND", "none", "UNREACHABLE"],
  ["UND_ERR_CONNECT_TIMEOUT", "none", "UNREACHABLE"],
  ["ECONNRESET", "unknown", "UNREACHABLE"],
  ["UND_ERR_SOCKET", "unknown", "UNREACHABLE"],
  ["HPE_INVALID_CONSTANT", "answered", "BAD_RESPONSE"],
];

for (const [code, effect, expected] of NETWORK) {
  test(`${code} of the network: ${expected}, effect ${effect}`, () => {
    const cause = Object.assign(new Error("why"), { code });
    const failure = networkFailure(new TypeError("fetch failed", { cause }), "http://h/");
    expect(failure).toMatchObject({ effect, error: { code: expected, status: null } });
    expect(failure.error.message).toContain("why");
  });
}

test("a name with several addresses tells why the first was refused", () => {
  const errors = [Object.assign(new Error("refused by ::1"), { code: "ECONNREFUSED" })];
  const thrown = new TypeError("fetch failed", { cause: new AggregateError(errors) });
  const failure = networkFailure(thrown, "http://localhost:1/");
  expect(failure).toMatchObject({ effect: "none", isDown: true });
  expect(failure.error.detail).toBe("http://localhost:1/: refused by ::1");
});

test("what a browser throws says nothing of whether the request was sent", () => {
  const failure = networkFailure(new TypeError("Failed to fetch"), "http://h/");
  expect(failure).toMatchObject({ effect: "unknown", isDown: true });
  expect(failure.error.detail).toBe("http://h/: Failed to fetch");
});

for (const thrown of [null, undefined, "text", 7, {}]) {
  test(`${JSON.stringify(thrown)} thrown by a fetch is still an error`, () => {
    expect(networkFailure(thrown, "http://h/").error.code).toBe("UNREACHABLE");
  });
}

const RETRY_AFTER: [header: string | null, ms: number | null][] = [
  [null, null],
  ["", null],
  ["0", 0],
  ["5", 5000],
  ["-1", null],
  ["soon", null],
  ["Tue, 01 Jan 2030 00:00:07 GMT", 7000],
  ["Mon, 31 Dec 2029 23:00:00 GMT", 0],
];

for (const [header, ms] of RETRY_AFTER) {
  test(`Retry-After ${header ?? "absent"} is ${ms}`, () => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(ms);
  });
}

test("a long URL is cut where it is told, and whole where it is given", () => {
  const url = `http://h/kv/${"k".repeat(4000)}`;
  const { error } = networkFailure(new Error("no"), url);
  expect(error.url).toBe(url);
  expect(error.message.length).toBeLessThan(300);
});
