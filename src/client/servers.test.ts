/** Which server is asked, while they fail and come back. */
import { expect, test } from "vitest";
import { ScriptedNetwork } from "../../test/support/client-fetch.ts";
import { Servers } from "./servers.ts";
import type { Server } from "./servers.ts";

function setUp(urls: string | readonly string[]) {
  const { clock, timing } = new ScriptedNetwork([]);
  const servers = new Servers(urls, timing);
  const pick = (...tried: Server[]) => servers.pick(new Set(tried));
  return { servers, clock, pick };
}

test("the first serves while it works", () => {
  const { servers, pick } = setUp(["http://a", "http://b"]);
  servers.worked(pick());
  expect(pick().base).toBe("http://a");
  expect(servers.current.base).toBe("http://a");
});

test("one that failed is left alone, then asked by one request, then by all", () => {
  const { servers, clock, pick } = setUp(["http://a", "http://b"]);
  servers.failed(pick());
  expect(pick().base).toBe("http://b");
  clock.advance(999);
  expect(pick().base).toBe("http://b");
  clock.advance(1);
  const probe = pick();
  expect(probe.base).toBe("http://a");
  expect(pick().base).toBe("http://b");
  servers.worked(probe);
  expect(pick().base).toBe("http://a");
});

test("the rest doubles with each failure, up to half a minute", () => {
  const { servers, clock, pick } = setUp(["http://a", "http://b"]);
  const rests: number[] = [];
  for (let failures = 0; failures < 8; failures++) {
    servers.failed(pick());
    const fromMs = clock.monotonicMs();
    while (servers.current.base !== "http://a") clock.advance(250);
    rests.push(clock.monotonicMs() - fromMs);
  }
  expect(rests).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("when all are down, the one that rests the least is asked", () => {
  const { servers, clock, pick } = setUp(["http://a", "http://b"]);
  const a = pick();
  servers.failed(a);
  servers.failed(a);
  clock.advance(100);
  servers.failed(pick());
  expect(pick().base).toBe("http://b");
});

test("within a round, those that were tried are left out", () => {
  const { pick } = setUp(["http://a", "http://b", "http://c"]);
  const a = pick();
  const b = pick(a);
  expect([a.base, b.base, pick(a, b).base]).toEqual(["http://a", "http://b", "http://c"]);
});

const BASES: [given: string, base: string][] = [
  ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
  ["http://127.0.0.1:8000/", "http://127.0.0.1:8000"],
  ["localhost:8000", "http://localhost:8000"],
  ["kv.example.com", "http://kv.example.com"],
  ["https://kv.example.com/base/", "https://kv.example.com/base"],
  ["http://[::1]:8000", "http://[::1]:8000"],
  ["HTTP://H:80/a?b#c", "http://h/a"],
];

for (const [given, base] of BASES) {
  test(`${given} is ${base}`, () => expect(setUp(given).servers.current.base).toBe(base));
}

test("without a url it is the server's default, and the same url twice is one server", () => {
  const { timing } = new ScriptedNetwork([]);
  expect(new Servers(undefined, timing).current.base).toBe("http://127.0.0.1:8000");
  expect(new Servers(["a:1", "http://a:1/"], timing).count).toBe(1);
});

const WRONG: [given: string | readonly string[], reason: RegExp][] = [
  [[], /empty list/],
  ["", /no URL/],
  ["http://", /no URL/],
  ["a b", /no URL/],
  ["host:99999", /no URL/],
  ["redis://127.0.0.1:6380", /http or https/],
  ["http://me:secret@h", /token/],
];

for (const [given, reason] of WRONG) {
  test(`${JSON.stringify(given)} is refused as a url`, () => {
    expect(() => setUp(given)).toThrow(reason);
  });
}
