/** CLIENT PAUSE and UNPAUSE. */
import { afterEach, expect, test, vi } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** What has come by the end of some turns of the event loop. */
async function repliesOf(client: TestClient): Promise<unknown[]> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  return client.replies();
}

const DURATION_MS = 3_600_000;

test("everybody waits, in order, until UNPAUSE or the end of the time", async () => {
  const { client, clock } = await respHarness();
  const [one, two, three] = [client(), client(), client()];
  expect(one.send("CLIENT", "PAUSE", DURATION_MS)).toBe("OK");
  two.feed("SET a 1\r\nINCR a\r\nPING\r\n");
  expect(await repliesOf(two)).toEqual([]);
  expect(two.wire.isPaused).toBe(true);
  clock.advance(DURATION_MS - 1);
  three.feed("PING\r\n");
  expect(await repliesOf(three)).toEqual([]);
  clock.advance(1);
  // The timer runs by real time, but whoever comes after the end finds it over and wakes the others.
  expect(one.send("PING")).toBe("PONG");
  expect(await repliesOf(two)).toEqual(["OK", 2, "PONG"]);
  expect(await repliesOf(three)).toEqual(["PONG"]);
  expect(two.wire.isPaused).toBe(false);
});

test("the timer wakes those who wait", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { client, clock } = await respHarness();
  const [one, two] = [client(), client()];
  one.send("CLIENT", "PAUSE", 1000);
  two.feed("PING\r\n");
  clock.advance(1000);
  vi.advanceTimersByTime(1000);
  expect(await repliesOf(two)).toEqual(["PONG"]);
});

test("WRITE holds back what writes, and UNPAUSE lets it go", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  one.send("SET", "a", "1");
  expect(one.send("CLIENT", "PAUSE", DURATION_MS, "WRITE")).toBe("OK");
  expect(one.send("GET", "a")).toBe("1");
  two.feed("GET a\r\nSET a 2\r\nGET a\r\n");
  expect(await repliesOf(two)).toEqual(["1"]);
  expect(one.send("CLIENT", "UNPAUSE")).toBe("OK");
  expect(await repliesOf(two)).toEqual(["OK", "2"]);
});

test("WRITE holds back PUBLISH and an EXEC that writes, but no EXEC that reads", async () => {
  const { client } = await respHarness();
  const clients = [client(), client(), client()];
  const [exec, read, publish] = clients as [TestClient, TestClient, TestClient];
  exec.feed("MULTI\r\nSET a 1\r\n");
  read.feed("MULTI\r\nGET a\r\n");
  await Promise.all(clients.map(repliesOf));
  const admin = client();
  admin.send("CLIENT", "PAUSE", DURATION_MS, "write");
  exec.feed("EXEC\r\n");
  read.feed("EXEC\r\n");
  publish.feed("PUBLISH c m\r\n");
  expect(await repliesOf(exec)).toEqual([]);
  expect(await repliesOf(read)).toEqual([[null]]);
  expect(await repliesOf(publish)).toEqual([]);
  admin.send("CLIENT", "UNPAUSE");
  expect(await repliesOf(exec)).toEqual([["OK"]]);
  expect(await repliesOf(publish)).toEqual([0]);
});

test("a pause is not made shorter or milder by a second one", async () => {
  const { client, clock } = await respHarness();
  const [one, two] = [client(), client()];
  one.send("MULTI");
  one.send("CLIENT", "PAUSE", 1000, "ALL");
  one.send("CLIENT", "PAUSE", 10, "WRITE");
  expect(one.send("EXEC")).toEqual(["OK", "OK"]);
  clock.advance(999);
  two.feed("PING\r\n");
  expect(await repliesOf(two)).toEqual([]);
  clock.advance(1);
  expect(one.send("PING")).toBe("PONG");
  expect(await repliesOf(two)).toEqual(["PONG"]);
});

test("a pause that was over leaves nothing to the next", async () => {
  const { client, clock } = await respHarness();
  const one = client();
  one.send("CLIENT", "PAUSE", 10, "ALL");
  clock.advance(10);
  expect(one.send("CLIENT", "PAUSE", 10, "WRITE")).toBe("OK");
  expect(one.send("PING")).toBe("PONG");
});

test("no time at all is no pause", async () => {
  const { client, door } = await respHarness();
  expect(client().send("CLIENT", "PAUSE", 0)).toBe("OK");
  expect(door.mode).toBe(0);
  expect(client().send("SET", "a", "1")).toBe("OK");
});

test("a connection that goes while it waits is forgotten", async () => {
  const { client, door } = await respHarness();
  const [one, two] = [client(), client()];
  one.send("CLIENT", "PAUSE", DURATION_MS, "WRITE");
  two.feed("SET a 1\r\n");
  two.close();
  one.send("CLIENT", "UNPAUSE");
  expect(await repliesOf(two)).toEqual([]);
  expect(door.mode).toBe(0);
  expect(one.send("GET", "a")).toBeNull();
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["x", "ERR timeout is not an integer or out of range"],
  ["99999999999999999999", "ERR timeout is not an integer or out of range"],
  ["-1", "ERR timeout is negative"],
  ["1 foo", "ERR CLIENT PAUSE mode must be WRITE or ALL"],
  ["x foo", "ERR CLIENT PAUSE mode must be WRITE or ALL"],
  [
    "1 write x",
    "ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.",
  ],
];
for (const [rest, error] of REFUSED) {
  test(`CLIENT PAUSE ${rest} is refused`, async () => {
    const { client, door } = await respHarness();
    const one = client();
    expect(one.send("CLIENT", "PAUSE", ...rest.split(" "))).toEqual(new ReplyError(error));
    expect(door.mode).toBe(0);
  });
}

test("the longest pause is longer than any timer", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  expect(one.send("CLIENT", "PAUSE", "9223372036854775807", "WRITE")).toBe("OK");
  two.feed("SET a 1\r\n");
  expect(await repliesOf(two)).toEqual([]);
  one.send("CLIENT", "UNPAUSE");
  expect(await repliesOf(two)).toEqual(["OK"]);
});
