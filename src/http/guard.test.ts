import { expect, test } from "vitest";
import { makeGuard, type GuardOptions } from "./guard.ts";

const LOCAL: GuardOptions = { host: "127.0.0.1", allowedHosts: [], corsOrigins: [] };

function verdict(
  options: Partial<GuardOptions>,
  headers: Record<string, string>,
  method = "GET",
  localAddress = "127.0.0.1",
): string {
  const guard = makeGuard({ ...LOCAL, ...options });
  const request = { method, headers, socket: { localAddress } };
  const first = guard(request)?.code ?? "fine";
  expect(guard(request)?.code ?? "fine").toBe(first);
  return first;
}

const HOSTS: readonly [host: string, options: Partial<GuardOptions>, verdict: string][] = [
  ["127.0.0.1:8000", {}, "fine"],
  ["127.0.0.1", {}, "fine"],
  ["127.1.2.3:1", {}, "fine"],
  ["localhost:65535", {}, "fine"],
  ["LOCALHOST", {}, "fine"],
  ["[::1]:8000", {}, "fine"],
  ["", {}, "FORBIDDEN_HOST"],
  ["evil.example", {}, "FORBIDDEN_HOST"],
  ["localhost.evil.example", {}, "FORBIDDEN_HOST"],
  ["127.0.0.1.evil.example", {}, "FORBIDDEN_HOST"],
  ["evil.example@localhost", {}, "FORBIDDEN_HOST"],
  ["localhost:8000:9000", {}, "FORBIDDEN_HOST"],
  ["localhost/x", {}, "FORBIDDEN_HOST"],
  ["kv.example:80", { allowedHosts: ["KV.example"] }, "fine"],
  ["kv.example:80", { allowedHosts: ["kv.example:80"] }, "fine"],
  ["kv.example:81", { allowedHosts: ["kv.example:80"] }, "FORBIDDEN_HOST"],
  ["a.kv.example", { allowedHosts: ["kv.example"] }, "FORBIDDEN_HOST"],
  ["anything.example", { allowedHosts: ["*"] }, "fine"],
  ["10.0.0.5:8000", { host: "10.0.0.5" }, "fine"],
  ["[fd00::5]:8000", { host: "fd00::5" }, "fine"],
  ["10.0.0.6:8000", { host: "10.0.0.5" }, "FORBIDDEN_HOST"],
];

for (const [host, options, expected] of HOSTS) {
  test(`Host "${host}" with ${JSON.stringify(options)}: ${expected}`, () =>
    expect(verdict(options, { host })).toBe(expected));
}

for (const [host, localAddress, expected] of [
  ["192.168.1.9:8000", "192.168.1.9", "fine"],
  ["192.168.1.9:8000", "::ffff:192.168.1.9", "fine"],
  ["[fd00::1]:8000", "fd00::1", "fine"],
  ["192.168.1.8:8000", "192.168.1.9", "FORBIDDEN_HOST"],
] as const) {
  test(`Host ${host} on a server of all addresses, reached at ${localAddress}: ${expected}`, () =>
    expect(verdict({ host: "0.0.0.0" }, { host }, "GET", localAddress)).toBe(expected));
}

const PAGE = "https://page.example";
const ORIGINS: readonly [origin: string, corsOrigins: string[], verdict: string][] = [
  ["http://localhost:8000", [], "fine"],
  ["https://localhost:8000", [], "fine"],
  ["http://localhost:8001", [], "FORBIDDEN_ORIGIN"],
  ["http://localhost", [], "FORBIDDEN_ORIGIN"],
  ["null", [], "FORBIDDEN_ORIGIN"],
  ["null", ["*"], "FORBIDDEN_ORIGIN"],
  [PAGE, [], "FORBIDDEN_ORIGIN"],
  [PAGE, [PAGE], "fine"],
  [PAGE, ["*"], "fine"],
  [PAGE, ["http://page.example"], "FORBIDDEN_ORIGIN"],
  ["ftp://localhost:8000", [], "FORBIDDEN_ORIGIN"],
];

for (const [origin, corsOrigins, expected] of ORIGINS) {
  test(`Origin ${origin} with ${JSON.stringify(corsOrigins)} configured: ${expected}`, () =>
    expect(verdict({ corsOrigins }, { host: "localhost:8000", origin }, "POST")).toBe(expected));
}

const FETCHES: readonly [headers: Record<string, string>, method: string, verdict: string][] = [
  [{ "sec-fetch-site": "none" }, "GET", "fine"],
  [{ "sec-fetch-site": "same-origin" }, "GET", "fine"],
  [{ "sec-fetch-site": "cross-site" }, "GET", "FORBIDDEN_ORIGIN"],
  [
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    "GET",
    "fine",
  ],
  [
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    "POST",
    "FORBIDDEN_ORIGIN",
  ],
  [
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    "GET",
    "FORBIDDEN_ORIGIN",
  ],
];

for (const [headers, method, expected] of FETCHES) {
  test(`${method} with ${JSON.stringify(headers)}: ${expected}`, () =>
    expect(verdict({}, { host: "localhost", ...headers }, method)).toBe(expected));
}
