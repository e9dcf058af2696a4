import { expect, onTestFinished, test, vi } from "vitest";
import {
  TestClient,
  TestWire,
  encodeRequest,
  respHarness,
  respHarnessOnDisk,
} from "../../test/support/resp-harness.ts";
import type { RespHarness } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import type { Logger } from "../base/logger.ts";
import { KiB, MiB } from "../base/units.ts";
import { Door } from "./door.ts";
import type { Settings } from "./settings.ts";

const MISCONF = /^MISCONF /;

/** Some turns of the event loop: more than the log takes for a commit on the simulated disk. */
async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A pipeline of requests, each a line of words. */
function pipeline(...lines: string[]): Buffer {
  return Buffer.concat(lines.map((line) => encodeRequest(line.split(" "))));
}

/** The ticks of a door, which come every second of real time, made to come by the test's clock. */
async function ticking(
  settings: Partial<Settings>,
): Promise<RespHarness & { readonly tick: (ms: number) => void }> {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const harness = await respHarness(settings);
  const tick = (ms: number) => {
    harness.clock.advance(ms);
    vi.advanceTimersByTime(1000);
  };
  return { ...harness, tick };
}

/** A door with a logger that keeps what it is told. */
async function logged(settings: Partial<Settings>) {
  const lines: string[] = [];
  const note = (_fields: object, message: string) => void lines.push(message);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const { door: plain } = await respHarness(settings);
  const { store, clock, valueBytesMax, version } = plain;
  const door = new Door({ store, settings: plain.settings, clock, logger, valueBytesMax, version });
  return { door, lines, client: () => new TestClient(door) };
}

// --- input -----------------------------------------------------------------------------------

for (const step of [Infinity, 1, 3]) {
  test(`serves a pipeline in order, fed ${step} bytes at a time`, async () => {
    const client = (await respHarness()).client();
    client.feed(pipeline("SET a 1", "GET a", "GET b", "NOTHING", "SET a", "PING x"), step);
    client.feed("PING\r\nGET 'a'\r\n", step);
    expect(client.replies()).toEqual([
      "OK",
      "1",
      null,
      new ReplyError("ERR unknown command 'NOTHING', with args beginning with: "),
      new ReplyError("ERR wrong number of arguments for 'set' command"),
      "x",
      "PONG",
      "1",
    ]);
  });
}

test("sends what a turn of the event loop has caused in one write", async () => {
  const { client } = await respHarness();
  const one = client();
  const write = vi.spyOn(one.wire, "write");
  one.feed(pipeline("SET a 1", "GET a", "GET a"));
  one.feed(pipeline("GET a"));
  await turns(2);
  expect(one.replies()).toEqual(["OK", "1", "1", "1"]);
  expect(write.mock.calls.length).toBeLessThanOrEqual(2);
});

test("sends a long row of replies on before its end", async () => {
  const { client } = await respHarness();
  const one = client();
  one.send("SET", "k", "v".repeat(100 * KiB));
  const write = vi.spyOn(one.wire, "write");
  one.feed(pipeline(...Array<string>(20).fill("GET k")));
  expect(one.replies()).toHaveLength(20);
  const lengths = write.mock.calls.map(([, from, to]) => to - from);
  expect(lengths.length).toBeGreaterThan(4);
  expect(Math.max(...lengths)).toBeLessThan(512 * KiB);
});

test("answers a protocol error, serves nothing behind it, and closes", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.feed(Buffer.concat([pipeline("SET a 1"), Buffer.from("*x\r\n"), pipeline("SET b 1")]));
  const error = new ReplyError("ERR Protocol error: invalid multibulk length");
  expect(one.replies()).toEqual(["OK", error]);
  expect(one.wire.isClosed).toBe(true);
  expect(store.stats().keys).toBe(1);
});

test("closes when a request outgrows the query buffer", async () => {
  const { client, door } = await respHarness({ queryBytesMax: 1000 });
  const one = client();
  one.feed(`*2\r\n$4\r\nECHO\r\n$5000\r\n${"a".repeat(5000)}`, 100);
  const error = "ERR Protocol error: the request is longer than the query buffer may be";
  expect(one.replies()).toEqual([new ReplyError(error)]);
  expect(one.wire.isClosed).toBe(true);
  expect(door.clients.size).toBe(0);
});

for (const first of ["POST / HTTP/1.1\r\n", "post\r\n", "Host: 127.0.0.1\r\n", "HOST:\r\n"]) {
  test(`closes without a word on ${JSON.stringify(first)}, and serves nothing behind it`, async () => {
    const { door, lines, client } = await logged({});
    const one = client();
    one.feed(`${first}SET stolen 1\r\n`);
    expect(one.wire.isClosed).toBe(true);
    expect(one.replies()).toEqual([]);
    expect(door.store.stats().keys).toBe(0);
    expect(lines).toEqual(["closed a connection that speaks HTTP: a cross-protocol attack?"]);
  });
}

test("serves nothing behind a command that destroys a wire which closes only later", async () => {
  const { door, store } = await respHarness();
  let wire: TestWire | null = null;
  const connection = door.enter((events) => (wire = new LateWire(events)));
  const attack = Buffer.from("POST /\r\nSET stolen 1\r\n");
  connection!.data(attack, attack.length);
  await turns(2);
  expect(wire!.isClosed).toBe(true);
  expect(store.stats().keys).toBe(0);
});

/** Closes in a later turn, as sockets do. */
class LateWire extends TestWire {
  override destroy(): void {
    setImmediate(() => super.destroy());
  }
}

// --- strangers -------------------------------------------------------------------------------

test("gives a stranger small limits, and whoever knows the password large ones", async () => {
  const { client } = await respHarness({ password: "secret" });
  const stranger = client();
  stranger.feed("*11\r\n");
  const error = "ERR Protocol error: unauthenticated multibulk length";
  expect(stranger.replies()).toEqual([new ReplyError(error)]);
  const known = client();
  known.feed(pipeline("AUTH secret", "SET k v", `DEL ${"x ".repeat(20)}k`));
  expect(known.replies()).toEqual(["OK", "OK", 1]);
});

test("asks strangers for the password, whatever they send", async () => {
  const client = (await respHarness({ password: "secret" })).client();
  const error = new ReplyError("NOAUTH Authentication required.");
  client.feed(pipeline("GET k", "NOTHING", "SET", "PING"));
  expect(client.replies()).toEqual([error, error, error, error]);
});

// --- replies and the log ---------------------------------------------------------------------

test("sends no reply before what it shows is durable, and all of them in order then", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const one = client();
  one.send("PING");
  const release = disk.hold("sync");
  one.feed(pipeline("PING a", "SET k 1", "GET k", "PING b", "GET missing"));
  await turns();
  expect(one.replies()).toEqual([]);
  one.feed(pipeline("PING c"));
  await turns();
  expect(one.replies()).toEqual([]);
  release();
  expect(await one.waitForReplies(6)).toEqual(["a", "OK", "1", "b", null, "c"]);
  await store.close();
});

test("holds a reply that shows what another client's write has not made durable yet", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const [writer, reader, bystander] = [client(), client(), client()];
  const release = disk.hold("sync");
  writer.feed(pipeline("SET k 1"));
  reader.feed(pipeline("GET k"));
  bystander.feed(pipeline("PING"));
  await turns();
  expect(bystander.replies()).toEqual(["PONG"]);
  expect([...writer.replies(), ...reader.replies()]).toEqual([]);
  release();
  expect(await reader.waitForReplies()).toEqual(["1"]);
  expect(await writer.waitForReplies()).toEqual(["OK"]);
  await store.close();
});

test("waits once for a pipeline, not once for each of its writes", async () => {
  const { client, store } = await respHarnessOnDisk();
  const one = client();
  const before = store.engine.journal.stats().syncs;
  one.feed(pipeline(...Array.from({ length: 200 }, (_, i) => `SET k${i} v`)));
  expect(await one.waitForReplies(200)).toEqual(Array<string>(200).fill("OK"));
  expect(store.engine.journal.stats().syncs - before).toBeLessThanOrEqual(2);
  await store.close();
});

test("answers each held reply with an error when the log fails, and goes on serving reads", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const [one, other] = [client(), client()];
  one.send("PING");
  disk.inject({ code: "EIO", kinds: ["sync"] });
  one.feed(pipeline("SET a 1", "GET a", "PING"));
  other.feed(pipeline("SET b 1"));
  const [failed, failedToo] = [await one.waitForReplies(3), await other.waitForReplies(1)];
  for (const reply of [...failed, ...failedToo]) {
    expect(reply).toBeInstanceOf(ReplyError);
    expect((reply as ReplyError).message).toMatch(MISCONF);
  }
  expect(failed).toHaveLength(3);
  expect(one.send("PING")).toBe("PONG");
  one.feed(pipeline("SET c 1"));
  const [refused] = await one.waitForReplies();
  expect((refused as ReplyError).message).toMatch(MISCONF);
  await store.close().catch(() => undefined);
});

test("owes no error for a command whose reply the client does not want", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const one = client();
  disk.inject({ code: "EIO", kinds: ["sync"] });
  one.feed(pipeline("CLIENT REPLY OFF", "SET a 1", "SET a 2", "CLIENT REPLY ON", "GET a"));
  expect(await one.waitForReplies(2)).toHaveLength(2);
  await turns();
  expect(one.replies()).toEqual([]);
  await store.close().catch(() => undefined);
});

test("closes only when the replies that wait for the log are sent", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const one = client();
  const release = disk.hold("sync");
  one.feed(pipeline("SET k 1", "QUIT"));
  await turns();
  expect([one.wire.isClosed, one.wire.written]).toEqual([false, ""]);
  release();
  expect(await one.waitForReplies(2)).toEqual(["OK", "OK"]);
  expect(one.wire.isClosed).toBe(true);
  await store.close();
});

test("answers all that a client has sent that sends no more, and closes then", async () => {
  const { client, disk, store } = await respHarnessOnDisk();
  const one = client();
  const release = disk.hold("sync");
  one.feed(pipeline("SET k 1", "GET k"));
  one.wire.endInput();
  await turns();
  expect([one.wire.isClosed, one.wire.written]).toEqual([false, ""]);
  release();
  expect(await one.waitForReplies(2)).toEqual(["OK", "1"]);
  expect(one.wire.isClosed).toBe(true);
  await store.close();
});

test("serves what was held up of a client that sends no more", async () => {
  const { client, store } = await respHarnessOnDisk();
  const one = client();
  one.feed(pipeline("SAVE", "PING a", "SAVE", "PING b"));
  one.wire.endInput();
  expect(await one.waitForReplies(4)).toEqual(["OK", "a", "OK", "b"]);
  expect(one.wire.isClosed).toBe(true);
  await store.close();
});

test("drops what waits for a client that has gone", async () => {
  const { client, disk, door, store } = await respHarnessOnDisk();
  const one = client();
  const release = disk.hold("sync");
  one.feed(pipeline("SET k 1"));
  one.close();
  release();
  await turns();
  expect(one.wire.written).toBe("");
  expect(door.clients.size).toBe(0);
  expect(client().send("GET", "k")).toBe("1");
  await store.close();
});

// --- policies under which a write to the log is enough ----------------------------------------

test("under everysec the end of the turn writes the log once and sends all replies", async () => {
  const { client, door, store } = await respHarnessOnDisk({}, { fsync: "everysec" });
  const [one, other] = [client(), client()];
  one.feed(pipeline("SET a 1", "GET a"));
  other.feed(pipeline("SET b 1"));
  one.feed(pipeline("GET b"));
  expect([one.wire.written, other.wire.written]).toEqual(["", ""]);
  const before = store.engine.journal.stats().commits;
  door.turn.flush();
  expect(store.engine.journal.stats().commits - before).toBe(1);
  expect([one.replies(), other.replies()]).toEqual([["OK", "1", "1"], ["OK"]]);
  await store.close();
});

test("under everysec replies stay in order when the log is busy at the end of the turn", async () => {
  const { client, door, disk, store } = await respHarnessOnDisk({}, { fsync: "everysec" });
  const [one, other] = [client(), client()];
  const release = disk.hold("write");
  // Large enough to be written in the background.
  other.feed(encodeRequest(["SET", "large", "x".repeat(MiB)]));
  await turns();
  one.feed(pipeline("PING a", "SET k 1"));
  one.feed(pipeline("GET k"));
  one.feed(pipeline("PING b"));
  door.turn.flush();
  await turns();
  one.feed(pipeline("PING c"));
  await turns();
  expect([one.wire.written, other.wire.written]).toEqual(["", ""]);
  release();
  expect(await one.waitForReplies(5)).toEqual(["a", "OK", "1", "b", "c"]);
  expect(await other.waitForReplies()).toEqual(["OK"]);
  await store.close();
});

test("under everysec a failure of the log at the end of the turn is told to each reply", async () => {
  const { client, disk, store } = await respHarnessOnDisk({}, { fsync: "everysec" });
  const one = client();
  disk.inject({ code: "EIO", kinds: ["writeNow"] });
  one.feed(pipeline("PING", "SET a 1", "GET a"));
  const replies = await one.waitForReplies(3);
  expect(replies).toHaveLength(3);
  for (const reply of replies) expect((reply as ReplyError).message).toMatch(MISCONF);
  await store.close().catch(() => undefined);
});

// --- clients that do not read ----------------------------------------------------------------

const LIMIT = 64 * KiB;

test("stops serving, and reading, a client that takes no replies, until it does", async () => {
  const { client } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", "v".repeat(1000));
  one.wire.isStuck = true;
  let served = 0;
  // Small pipelines, each far below what is sent on early.
  for (let i = 0; i < 200 && !one.wire.isPaused; i++) {
    one.feed(pipeline("GET k", "GET k"));
    served += one.replies().length;
  }
  expect(one.wire.isPaused).toBe(true);
  expect(one.wire.backlogBytes).toBeLessThan(LIMIT + 4 * KiB);
  // What had been read before the pause took hold waits.
  one.feed(pipeline("PING late"));
  expect(one.replies()).toEqual([]);
  one.wire.drain();
  expect(one.wire.isPaused).toBe(false);
  expect(one.replies()).toEqual(["late"]);
  expect(served).toBeGreaterThan(50);
});

test("stops in the middle of one pipeline too", async () => {
  const { client } = await respHarness({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", "v".repeat(100 * KiB));
  one.wire.isStuck = true;
  one.feed(pipeline(...Array<string>(30).fill("GET k")));
  const before = one.replies().length;
  expect(before).toBeLessThan(10);
  expect(one.wire.isPaused).toBe(true);
  let rest = 0;
  for (let i = 0; i < 30; i++) {
    one.wire.drain();
    rest += one.replies().length;
  }
  expect(before + rest).toBe(30);
  expect(one.wire.isPaused).toBe(false);
});

test("stops serving a client whose replies wait for the log beyond the limit", async () => {
  const { client, disk, store } = await respHarnessOnDisk({ outputBytesMax: LIMIT });
  const one = client();
  one.feed(pipeline(`SET k ${"v".repeat(1000)}`));
  await one.waitForReplies(1);
  const release = disk.hold("sync");
  one.feed(pipeline("SET other 1"));
  let sent = 1;
  for (; sent < 200 && !one.wire.isPaused; sent++) one.feed(pipeline("GET k"));
  expect(one.wire.isPaused).toBe(true);
  expect(one.connection.outputBytes).toBeLessThan(LIMIT + 4 * KiB);
  release();
  expect(await one.waitForReplies(sent)).toHaveLength(sent);
  expect(one.wire.isPaused).toBe(false);
  await store.close();
});

test("lets a subscriber go that does not read what is published", async () => {
  const { door, lines, client } = await logged({ outputBytesMax: LIMIT });
  const [slow, publisher] = [client(), client()];
  slow.send("SUBSCRIBE", "news");
  slow.wire.isStuck = true;
  for (let i = 0; i < 100; i++) publisher.send("PUBLISH", "news", "n".repeat(1000));
  expect(slow.wire.isClosed).toBe(true);
  expect(slow.wire.written.length).toBeLessThan(LIMIT + 4 * KiB);
  expect(door.counters.outputLimitDisconnections).toBe(1);
  expect(lines).toEqual(["closed a connection: it does not read what is sent to it"]);
  expect(publisher.send("PUBLISH", "news", "x")).toBe(0);
});

test("gives up a client that takes nothing for a minute", async () => {
  const { client, door, tick } = await ticking({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", "v".repeat(LIMIT));
  one.wire.isStuck = true;
  one.feed(pipeline("GET k"));
  one.replies();
  expect(one.wire.isPaused).toBe(true);
  tick(60_000);
  expect(one.wire.isClosed).toBe(false);
  tick(1);
  expect(one.wire.isClosed).toBe(true);
  expect(door.counters.outputLimitDisconnections).toBe(1);
});

test("counts the minute anew for a client that has read", async () => {
  const { client, tick } = await ticking({ outputBytesMax: LIMIT });
  const one = client();
  one.send("SET", "k", "v".repeat(LIMIT));
  for (let i = 0; i < 3; i++) {
    one.wire.isStuck = true;
    one.feed(pipeline("GET k"));
    one.replies();
    tick(50_000);
    one.wire.drain();
  }
  expect(one.wire.isClosed).toBe(false);
});

// --- idle clients ----------------------------------------------------------------------------

test("lets go of a client that sends nothing, and of none that listens", async () => {
  const { client, tick } = await ticking({ idleTimeoutMs: 5000 });
  const [idle, busy, listener] = [client(), client(), client()];
  listener.send("SUBSCRIBE", "news");
  for (let i = 0; i < 5; i++) {
    await turns(2);
    busy.send("PING");
    tick(1000);
  }
  expect([idle, busy, listener].map(({ wire }) => wire.isClosed)).toEqual([true, false, false]);
});

test("lets nobody go when there is no idle timeout", async () => {
  const { client, tick } = await ticking({});
  const idle = client();
  tick(10 ** 9);
  expect(idle.wire.isClosed).toBe(false);
});

test("takes no more clients than it may", async () => {
  const { client, door } = await respHarness({ connectionsMax: 1 });
  const one = client();
  expect(() => client()).toThrow("full");
  expect(door.counters).toMatchObject({ connectionsTotal: 1, connectionsRefused: 1 });
  one.close();
  expect(client().send("PING")).toBe("PONG");
});

test("counts what comes in and goes out", async () => {
  const one = (await respHarness()).client();
  one.feed(pipeline("SET k v", "GET k"));
  one.replies();
  const { client } = one.connection;
  expect(client.inputBytesTotal).toBe(pipeline("SET k v", "GET k").length);
  expect(client.outputBytesTotal).toBe("+OK\r\n$1\r\nv\r\n".length);
  expect([client.commandsTotal, client.lastCommand]).toEqual([2, "get"]);
});
