/** Requests over a network that follows a script, in simulated time. */
import { expect, test } from "vitest";
import { problem, ScriptedNetwork } from "../../test/support/client-fetch.ts";
import type { Answer } from "../../test/support/client-fetch.ts";
import { Transport } from "./transport.ts";
import type { Request } from "./transport.ts";
import type { PyKVOptions } from "./types.ts";

const READ: Request = { method: "GET", path: "/kv/a", isRead: true };
const WRITE: Request = { method: "POST", path: "/kv/", body: "{}", isRead: false };
const OK: Answer = { status: 200, body: { fine: true } };
const REFUSED: Answer = { code: "ECONNREFUSED" };
const BROKEN: Answer = { code: "ECONNRESET" };

function setUp(
  script: ConstructorParameters<typeof ScriptedNetwork>[0],
  options: PyKVOptions = { url: "http://a" },
) {
  const network = new ScriptedNetwork(script);
  const transport = new Transport({ fetch: network.fetch, ...options }, network.timing);
  const send = (request: Request, call?: Parameters<Transport["send"]>[1]) =>
    network.settle(transport.send(request, call));
  return { network, transport, send, times: () => network.calls.map(({ atMs }) => atMs) };
}

const RETRIES: [what: string, failure: Answer, reads: number, writes: number][] = [
  ["a refused connection", REFUSED, 4, 4],
  ["a broken connection", BROKEN, 4, 1],
  ["silence", "hang", 4, 1],
  ["a server that starts", problem(503, "NOT_READY"), 4, 4],
  ["a server that stops", problem(503, "SHUTTING_DOWN"), 4, 4],
  ["a full disk", problem(503, "DISK_FULL"), 1, 1],
  ["a failed log", problem(503, "LOG_FAILED"), 1, 1],
  ["a bug", problem(500, "INTERNAL"), 1, 1],
  ["a condition that does not hold", problem(412, "CONDITION_FAILED"), 1, 1],
  ["too many requests", { status: 429, body: "slow down" }, 4, 4],
  ["a bad gateway", { status: 502, body: "<h1>Bad Gateway</h1>" }, 4, 1],
  ["another server", { status: 200, body: "<html>" }, 1, 1],
  ["another language", { code: "HPE_INVALID_CONSTANT" }, 1, 1],
];

for (const [what, failure, reads, writes] of RETRIES) {
  test(`${what}: a read is tried ${reads} times, a write ${writes} times`, async () => {
    for (const [request, attempts] of [[READ, reads] as const, [WRITE, writes] as const]) {
      const { network, send } = setUp([failure]);
      // What is no failure to the transport is for the caller to judge.
      await send(request).catch(() => undefined);
      expect(network.calls.length).toBe(attempts);
    }
  });
}

test("what works again is answered, after pauses that double", async () => {
  const { network, send, times } = setUp([BROKEN, BROKEN, BROKEN, OK]);
  expect((await send(READ)).text).toBe('{"fine":true}');
  expect(times()).toEqual([0, 25, 75, 175]);
  expect(network.calls.every(({ url }) => url === "http://a/kv/a")).toBe(true);
});

test("the pauses are random up to their bound, and the bound has one too", async () => {
  const retry = { attempts: 5, baseDelayMs: 100, delayMsMax: 250 };
  const { network, send, times } = setUp([REFUSED], { url: "http://a", retry });
  network.random = 0.8;
  await expect(send(READ)).rejects.toMatchObject({ code: "UNREACHABLE" });
  expect(times()).toEqual([0, 80, 240, 440, 640]);
});

test("retry: false tries once", async () => {
  const { network, send } = setUp([REFUSED], { url: "http://a", retry: false });
  await expect(send(READ)).rejects.toMatchObject({ code: "UNREACHABLE", status: null });
  expect(network.calls.length).toBe(1);
});

test("Retry-After is waited for", async () => {
  const busy = problem(503, "SHUTTING_DOWN", { "retry-after": "5" });
  const { send, times } = setUp([busy, OK]);
  await send(WRITE);
  expect(times()).toEqual([0, 5025]);
});

test("a Retry-After of more than half a minute is left to the caller", async () => {
  const { network, send } = setUp([problem(503, "NOT_READY", { "retry-after": "31" }), OK]);
  await expect(send(READ)).rejects.toMatchObject({ code: "NOT_READY", status: 503 });
  expect(network.calls.length).toBe(1);
});

test("each attempt has its own time, of the call or else of the client", async () => {
  const options = { url: "http://a", timeoutMs: 200, retry: { attempts: 2 } };
  const { send, times, network } = setUp(["hang"], options);
  const error = { code: "TIMED_OUT", status: null, url: "http://a/kv/a" };
  await expect(send(READ)).rejects.toMatchObject(error);
  expect(times()).toEqual([0, 225]);
  const before = network.clock.monotonicMs();
  await expect(send(WRITE, { timeoutMs: 70 })).rejects.toThrow(/longer than 70 ms/);
  expect(network.clock.monotonicMs() - before).toBe(70);
});

test("a timeout of 0 is none, and no timer is left behind by what was answered", async () => {
  const { network, send, transport } = setUp([OK], { url: "http://a", timeoutMs: 0 });
  await send(READ);
  expect(network.clock.timers).toBe(0);
  const limited = setUp([OK]);
  await limited.send(READ);
  expect(limited.network.clock.timers).toBe(0);
  await expect(transport.send(READ, { timeoutMs: -1 })).rejects.toThrow(/timeoutMs/);
});

test("an abort ends the attempt that is under way, and is not a timeout", async () => {
  const { network, send } = setUp(["hang"]);
  const controller = new AbortController();
  network.clock.after(100, () => controller.abort(new Error("enough")));
  const failed = send(READ, { signal: controller.signal });
  await expect(failed).rejects.toMatchObject({ code: "ABORTED", cause: { message: "enough" } });
  expect(network.clock.monotonicMs()).toBe(100);
  expect(network.calls.length).toBe(1);
});

test("an abort ends the pause between two attempts", async () => {
  const { network, send } = setUp([problem(503, "NOT_READY", { "retry-after": "20" })]);
  const controller = new AbortController();
  network.clock.after(3000, () => controller.abort());
  await expect(send(READ, { signal: controller.signal })).rejects.toMatchObject({
    ...{ code: "ABORTED", url: "http://a/kv/a" },
  });
  expect(network.clock.monotonicMs()).toBe(3000);
  expect([network.calls.length, network.clock.timers]).toEqual([1, 0]);
});

test("a signal that has gone off already asks nobody", async () => {
  const { network, send } = setUp([OK]);
  const signal = AbortSignal.abort();
  await expect(send(READ, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  expect(network.calls).toEqual([]);
});

test("a signal that serves many calls does not collect listeners", async () => {
  const { send } = setUp([OK]);
  const { signal } = new AbortController();
  const count = { added: 0, removed: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (count.added++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof add>) => {
    count.removed++;
    remove(...args);
  };
  for (let calls = 0; calls < 5; calls++) await send(READ, { signal });
  expect(count).toEqual({ added: 5, removed: 5 });
});

test("the next server takes over at once, and the first is tried again later", async () => {
  const script = { "http://a/": [REFUSED, REFUSED, OK], "http://b/": [OK] };
  const { network, send, transport } = setUp(script, { url: ["http://a", "http://b"] });
  const asked = () => network.calls.splice(0).map(({ url }) => new URL(url).host);
  await send(WRITE);
  expect([asked(), transport.url, network.clock.monotonicMs()]).toEqual([
    ["a", "b"],
    "http://b",
    0,
  ]);
  await send(WRITE);
  expect(asked()).toEqual(["b"]);
  network.clock.advance(1000);
  await send(READ);
  expect(asked()).toEqual(["a", "b"]);
  network.clock.advance(1999);
  await send(READ);
  expect(asked()).toEqual(["b"]);
  network.clock.advance(1);
  await send(READ);
  await send(READ);
  expect([asked(), transport.url]).toEqual([["a", "a"], "http://a"]);
});

const TAKES_OVER: [what: string, failure: Answer, read: boolean, write: boolean][] = [
  ["a refused connection", REFUSED, true, true],
  ["a broken connection", BROKEN, true, false],
  ["silence", "hang", true, false],
  ["a server that starts", problem(503, "NOT_READY", { "retry-after": "5" }), true, true],
  ["a server that stops", problem(503, "SHUTTING_DOWN", { "retry-after": "5" }), true, true],
  ["a full memory", problem(507, "MEMORY_FULL"), false, false],
  ["a missing key", problem(404, "KEY_NOT_FOUND"), false, false],
];

for (const [what, failure, read, write] of TAKES_OVER) {
  const words = (yes: boolean) => (yes ? "goes on to" : "does not reach");
  test(`${what}: a read ${words(read)} the next server, a write ${words(write)} it`, async () => {
    for (const [request, goesOn] of [[READ, read] as const, [WRITE, write] as const]) {
      const script = { "http://a/": [failure], "http://b/": [OK] };
      const { network, send } = setUp(script, { url: ["http://a", "http://b"], retry: false });
      const sent = send(request).then(
        () => true,
        () => false,
      );
      expect(await sent).toBe(goesOn);
      expect(network.calls.some(({ url }) => url.startsWith("http://b/"))).toBe(goesOn);
    }
  });
}

test("when no server is left, the round counts as one attempt and the error tells of all", async () => {
  const script = { "http://a/": [REFUSED], "http://b/": ["hang" as const] };
  const options = { url: ["http://a", "http://b"], retry: { attempts: 2 }, timeoutMs: 100 };
  const { network, send } = setUp(script, options);
  const failed = send(READ);
  await expect(failed).rejects.toMatchObject({ code: "TIMED_OUT", url: "http://b/kv/a" });
  await expect(failed).rejects.toThrow(
    /http:\/\/a\/kv\/a: it says ECONNREFUSED; http:\/\/b.*100 ms/,
  );
  expect(network.calls.length).toBe(4);
});

test("every request carries the token and the headers given, but cannot change what it is", async () => {
  const headers = { "X-Team": "shop", Accept: "text/html", Authorization: "Basic x" };
  const { network, send } = setUp([OK], { url: "http://a", token: "s3cret", headers });
  await send(WRITE);
  expect(network.calls[0]).toEqual({
    ...{ atMs: 0, method: "POST", url: "http://a/kv/", body: "{}" },
    headers: {
      accept: "application/json",
      authorization: "Bearer s3cret",
      "content-type": "application/json",
      "x-team": "shop",
    },
  });
});

for (const options of [
  ...[{ token: "" }, { token: "a b" }, { token: "a\nb" }, { token: "é" }],
  ...[{ headers: { "a b": "c" } }, { headers: { a: "b\r\nc: d" } }],
  ...[{ timeoutMs: -1 }, { timeoutMs: NaN }],
]) {
  test(`${JSON.stringify(options)} is refused, with the name of the option`, () => {
    const [name = ""] = Object.keys(options);
    expect(() => new Transport(options)).toThrow(new RegExp(`An option is not valid: ${name}`));
  });
}
