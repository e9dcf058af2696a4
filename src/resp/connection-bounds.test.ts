/** What one connection may make the server hold, in replies, in pushes, and for slow readers. */
import { expect, onTestFinished, test, vi } from "vitest";
import { encodeRequest, respHarness, respHarnessOnDisk } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import { KiB, MiB } from "../base/units.ts";

const LIMIT = 64 * KiB;

async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("refuses a reply that is longer than replies may be, and goes on", async () => {
  const { client, door } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", Buffer.alloc(MiB));
  const refused = one.send("MGET", ...Array<string>(100).fill("k"));
  expect((refused as ReplyError).message).toMatch(/^ERR the replies would have more than /);
  expect(door.out.buffer.length).toBeLessThan(MiB);
  expect(one.send("GET", "k")).toHaveLength(MiB);
  expect(one.send("PING")).toBe("PONG");
});

test("refuses what is too much within a transaction, and answers all of the rest", async () => {
  const { client } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", Buffer.alloc(4 * MiB));
  one.send("MULTI");
  for (let i = 0; i < 10; i++) one.send("GET", "k");
  one.send("PING");
  const replies = one.send("EXEC") as unknown[];
  expect(replies).toHaveLength(11);
  expect(replies[9]).toBeInstanceOf(ReplyError);
  expect(replies[10]).toBe("PONG");
});

test("sends on what connections have written in one turn before it becomes much", async () => {
  const { client, door } = await respHarness();
  client().send("SET", "k", Buffer.alloc(200 * KiB));
  const many = Array.from({ length: 100 }, () => client());
  for (const each of many) each.feed("GET k\r\n");
  expect(door.out.length).toBeLessThan(5 * MiB);
  for (const each of many) expect(each.replies()).toHaveLength(1);
});

test("lets a client go that has more pushed to itself by one command than may wait for it", async () => {
  const { client, door } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("HELLO", "3");
  for (let i = 0; i < 100; i++) one.feed(`PSUBSCRIBE ${"*".repeat(i + 1)}\r\n`);
  one.replies();
  one.feed(encodeRequest(["PUBLISH", "news", "n".repeat(1000)]));
  await turns(2);
  expect(one.wire.isClosed).toBe(true);
  expect(door.counters.outputLimitDisconnections).toBe(1);
});

test("leaves a large buffer to nobody who had only little of it", async () => {
  const { client, door } = await respHarness();
  const [large, small] = [client(), client()];
  large.send("SET", "k", Buffer.alloc(2 * MiB));
  const write = vi.spyOn(small.wire, "write");
  small.feed("PING\r\n");
  large.feed("GET k\r\n");
  expect(large.replies()).toHaveLength(1);
  expect(small.replies()).toEqual(["PONG"]);
  expect(write.mock.calls[0]![0].length).toBeLessThan(64 * KiB);
  expect(door.out.buffer.length).toBeGreaterThan(MiB);
});

test("gives a client time that takes its replies slowly, and none that takes nothing", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { client, clock } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", "v".repeat(2 * LIMIT));
  one.wire.isStuck = true;
  one.feed("GET k\r\n");
  one.replies();
  expect(one.wire.isPaused).toBe(true);
  const tick = (ms: number): void => {
    clock.advance(ms);
    vi.advanceTimersByTime(1000);
  };
  for (let i = 0; i < 10; i++) {
    one.wire.backlogBytes -= 1000;
    tick(50_000);
  }
  expect(one.wire.isClosed).toBe(false);
  tick(50_000);
  tick(50_000);
  expect(one.wire.isClosed).toBe(true);
});

test("publishes nothing before a write that came before it in the same connection", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const [one, listener] = [client(), client()];
  listener.send("SUBSCRIBE", "news");
  const release = disk.hold("sync");
  one.feed("SET k 1\r\n");
  await turns();
  one.feed("PUBLISH news k\r\n");
  await turns();
  expect(listener.replies()).toEqual([]);
  release();
  expect(await listener.waitForReplies()).toEqual([["message", "news", "k"]]);
  await store.close();
});

test("sends no reply of a command that takes time to a client that wants none", async () => {
  const { client } = await respHarness();
  const one = client();
  one.feed("CLIENT REPLY SKIP\r\nWAIT 1 1\r\nPING\r\n");
  expect(await one.waitForReplies()).toEqual(["PONG"]);
});
