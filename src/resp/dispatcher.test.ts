import { expect, test } from "vitest";
import { encodeRequest, respHarness, respHarnessOnDisk } from "../../test/support/resp-harness.ts";
import type { TestClient } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import { KiB, MiB } from "../base/units.ts";
import type { Command } from "./command.ts";
import type { Door } from "./door.ts";
import type { Settings } from "./settings.ts";

async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function feed(client: TestClient, ...requests: (string | number | Uint8Array)[][]): void {
  client.feed(Buffer.concat(requests.map((request) => encodeRequest(request))));
}

function countsOf(door: Door, name: string) {
  const { calls, rejected, failed } = door.dispatcher.registry.named(name)!;
  return { calls, rejected, failed };
}

const LONG = "a".repeat(200);

// request, the error as a redis-server words it
const REFUSED: [string[], string][] = [
  [["NOPE"], "ERR unknown command 'NOPE', with args beginning with: "],
  [["nope", "a", "b c"], "ERR unknown command 'nope', with args beginning with: 'a' 'b c' "],
  [[""], "ERR unknown command '', with args beginning with: "],
  [["a\r\nb"], "ERR unknown command 'a  b', with args beginning with: "],
  [[LONG], `ERR unknown command '${LONG.slice(0, 128)}', with args beginning with: `],
  [["x", LONG], `ERR unknown command 'x', with args beginning with: '${LONG.slice(0, 128)}' `],
  [["GET"], "ERR wrong number of arguments for 'get' command"],
  [["gEt", "a", "b"], "ERR wrong number of arguments for 'get' command"],
  [["CLIENT"], "ERR wrong number of arguments for 'client' command"],
  [["CLIENT", "NOPE"], "ERR unknown subcommand 'NOPE'. Try CLIENT HELP."],
  [["client", LONG], `ERR unknown subcommand '${LONG.slice(0, 128)}'. Try CLIENT HELP.`],
  [["CLIENT", "ID", "x"], "ERR wrong number of arguments for 'client|id' command"],
];

for (const [request, error] of REFUSED) {
  test(`refuses ${JSON.stringify(request).slice(0, 60)}`, async () => {
    const client = (await respHarness()).client();
    expect(client.send(...request)).toEqual(new ReplyError(error));
  });
}

test("finds commands and subcommands in any case", async () => {
  const client = (await respHarness()).client();
  expect(client.send("pInG")).toBe("PONG");
  expect(client.send("cLiEnT", "gEtNaMe")).toEqual(client.send("CLIENT", "GETNAME"));
});

test("counts what ran, what failed, and what was refused before it ran", async () => {
  const { door, client } = await respHarness();
  const one = client();
  feed(one, ["SET", "k", "v"], ["GET", "k"], ["GET", "k"], ["INCR", "k"], ["GET"], ["NOPE"]);
  expect(one.replies()).toHaveLength(6);
  expect(countsOf(door, "get")).toEqual({ calls: 2, rejected: 1, failed: 0 });
  expect(countsOf(door, "incr")).toEqual({ calls: 1, rejected: 0, failed: 1 });
  expect(door.counters).toMatchObject({ commands: 4, rejected: 2 });
});

/** Lets a command do something else while `work` runs. */
function replaced(door: Door, name: string, run: Command["run"], work: () => void): void {
  const { command } = door.dispatcher.registry.named(name)!;
  const original = command.run;
  Object.assign(command, { run });
  try {
    work();
  } finally {
    Object.assign(command, { run: original });
  }
}

test("shares the time of a run of quick commands out among them", async () => {
  const { door, client, clock } = await respHarness();
  const one = client();
  const slow: Command["run"] = ({ out }) => {
    clock.advance(0.5);
    out.nil();
  };
  replaced(door, "get", slow, () => feed(one, ["GET", "a"], ["GET", "b"], ["PING"]));
  expect(door.dispatcher.registry.named("get")!.usTotal).toBe(1000);
  expect(door.dispatcher.registry.named("ping")!.usTotal).toBe(0);
});

test("answers an error that nobody has foreseen in one sentence, and goes on", async () => {
  const { door, client } = await respHarness();
  const one = client();
  const broken: Command["run"] = ({ out }) => {
    out.simple("half a reply");
    throw new Error("a bug");
  };
  replaced(door, "echo", broken, () => feed(one, ["ECHO", "x"], ["PING"]));
  const error = new ReplyError("ERR internal error; see the server's log");
  expect(one.replies()).toEqual([error, "PONG"]);
});

/** A door whose log takes no more until `release` is called. */
async function busy(settings: Partial<Settings> = {}) {
  const harness = await respHarnessOnDisk(settings, { unsyncedBytesMax: MiB });
  const release = harness.disk.hold("sync");
  const filler = harness.client();
  for (let i = 0; i < 20 && harness.store.waiting === 0; i++) {
    feed(filler, ["SET", "filler", Buffer.alloc(200 * KiB)]);
    await turns(5);
  }
  expect(harness.store.waiting).toBeGreaterThan(0);
  return { ...harness, release };
}

test("lets writes wait their turn when the log is busy, in order, and serves reads", async () => {
  const { client, store, release } = await busy();
  const [first, second, reader] = [client(), client(), client()];
  feed(first, ["APPEND", "k", "a"], ["APPEND", "k", "b"]);
  feed(second, ["APPEND", "k", "c"]);
  feed(reader, ["PING"]);
  await turns();
  expect(reader.replies()).toEqual(["PONG"]);
  expect([...first.replies(), ...second.replies()]).toEqual([]);
  expect([first.wire.isPaused, second.wire.isPaused]).toEqual([true, true]);
  release();
  expect(await first.waitForReplies(2)).toHaveLength(2);
  expect(await second.waitForReplies(1)).toHaveLength(1);
  expect([first.wire.isPaused, second.wire.isPaused]).toEqual([false, false]);
  feed(reader, ["STRLEN", "k"]);
  expect(await reader.waitForReplies()).toEqual([3]);
  await store.close();
});

test("keeps what comes behind a write that waits, and serves it afterwards", async () => {
  const { client, store, release } = await busy();
  const one = client();
  feed(one, ["SET", "k", "1"], ["GET", "k"]);
  feed(one, ["INCR", "k"]);
  one.feed("GET k\r\n", 1);
  await turns();
  expect(one.replies()).toEqual([]);
  release();
  expect(await one.waitForReplies(4)).toEqual(["OK", "1", 2, "2"]);
  await store.close();
});

test("drops the write of a client that goes while it waits", async () => {
  const { client, store, release } = await busy();
  const one = client();
  feed(one, ["SET", "gone", "1"]);
  await turns();
  one.close();
  release();
  await turns();
  const reader = client();
  feed(reader, ["EXISTS", "gone"]);
  expect(await reader.waitForReplies()).toEqual([0]);
  await store.close();
});

test("holds a write that waits for the log back for CLIENT PAUSE too, and loses it not", async () => {
  const { client, store, release } = await busy();
  const [one, admin] = [client(), client()];
  feed(one, ["SET", "k", "1"], ["PING"]);
  await turns();
  feed(admin, ["CLIENT", "PAUSE", "1000000", "WRITE"]);
  expect(await admin.waitForReplies()).toEqual(["OK"]);
  release();
  await turns();
  expect(one.replies()).toEqual([]);
  feed(admin, ["CLIENT", "UNPAUSE"]);
  expect(await admin.waitForReplies()).toEqual(["OK"]);
  expect(await one.waitForReplies(2)).toEqual(["OK", "PONG"]);
  await store.close();
});

test("refuses writes that wait when the log fails, one error each", async () => {
  const { client, store, disk, release } = await busy();
  const one = client();
  feed(one, ["SET", "k", "1"], ["SET", "k", "2"]);
  await turns();
  disk.inject({ code: "EIO", kinds: ["sync"] });
  release();
  const replies = await one.waitForReplies(2);
  expect(replies.every((reply) => reply instanceof ReplyError)).toBe(true);
  expect(replies).toHaveLength(2);
  await store.close().catch(() => undefined);
});

test("counts what a command finds once, however often it must wait", async () => {
  const { client, store, release } = await busy({ keyspaceEvents: "Km" });
  const [one, listener] = [client(), client()];
  listener.send("PSUBSCRIBE", "*");
  const before = store.stats();
  feed(one, ["GETSET", "missing", "1"], ["GETSET", "missing", "2"]);
  await turns();
  release();
  expect(await one.waitForReplies(2)).toEqual([null, "1"]);
  const after = store.stats();
  expect([after.hits - before.hits, after.misses - before.misses]).toEqual([1, 1]);
  expect(await listener.waitForReplies()).toHaveLength(1);
  await store.close();
});

test("accounts for no time of a command that has only been told to wait", async () => {
  const { client, door, store, release } = await busy({ latencyMonitorMs: 1 });
  const one = client();
  feed(one, ["SET", "k", "1"]);
  await turns();
  expect(door.latency.events.size).toBe(0);
  release();
  expect(await one.waitForReplies()).toEqual(["OK"]);
  const { calls, latency } = door.dispatcher.registry.named("set")!;
  expect(latency.count).toBe(calls);
  expect(Number.isFinite(latency.sumMs)).toBe(true);
  await store.close();
});

test("answers no error to a client that wants no replies when the log refuses", async () => {
  const { client, store, disk, release } = await busy();
  const one = client();
  feed(one, ["CLIENT", "REPLY", "SKIP"], ["SET", "k", "1"], ["PING"]);
  await turns();
  disk.inject({ code: "EIO", kinds: ["sync"] });
  release();
  expect(await one.waitForReplies()).toEqual(["PONG"]);
  await store.close().catch(() => undefined);
});

test("serves nothing behind a transaction that has waited and ends its own connection", async () => {
  const { client, store, release } = await busy();
  const one = client();
  feed(one, ["MULTI"], ["SET", "k", "1"], ["CLIENT", "KILL", "ID", "2", "SKIPME", "no"], ["EXEC"]);
  const { id } = one.connection.client;
  expect(id).toBe(2);
  feed(one, ["SET", "later", "1"]);
  await turns();
  release();
  expect(await one.waitForReplies(4)).toEqual(["OK", "QUEUED", "QUEUED", ["OK", 1]]);
  await turns();
  expect(one.wire.isClosed).toBe(true);
  const reader = client();
  feed(reader, ["EXISTS", "k", "later"]);
  expect(await reader.waitForReplies()).toEqual([1]);
  await store.close();
});

test("answers a write that waits for the log before the server's stop closes its client", async () => {
  const { client, door, store, release } = await busy();
  const one = client();
  feed(one, ["SET", "k", "1"], ["SET", "k", "2"]);
  await turns();
  door.closeAll();
  await turns();
  expect(one.wire.isClosed).toBe(false);
  release();
  expect(await one.waitForReplies()).toEqual(["OK"]);
  await turns();
  expect(one.wire.isClosed).toBe(true);
  await store.close();
});

test("answers what outgrows the query buffer after the write that waits", async () => {
  const { client, store, release } = await busy({ queryBytesMax: 2 * MiB });
  const one = client();
  feed(one, ["SET", "k", "1"]);
  await turns();
  one.feed(Buffer.alloc(MiB, 0x61));
  one.feed(Buffer.alloc(MiB, 0x61));
  expect(one.replies()).toEqual([]);
  release();
  const replies = await one.waitForReplies();
  expect(replies.at(-1)).toBeInstanceOf(ReplyError);
  expect(one.wire.isClosed).toBe(true);
  await store.close();
});
