/**
 * Transactions and pipelines on a disk that crashes, and on a log that is busy.
 */
import { expect, test } from "vitest";
import { turns } from "../../test/support/log-harness.ts";
import { createRandom } from "../../test/support/random.ts";
import { encodeRequest, respHarnessOnDisk } from "../../test/support/resp-harness.ts";
import type { TestClient } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import type { SimulatedDisk } from "../../test/support/simulated-disk.ts";
import { diskStore } from "../../test/support/store-harness.ts";
import type { Store } from "../store/store.ts";

/** More than is written on the calling thread, so that a frame has several ways of being torn. */
const BIG = "x".repeat(300_000);

const BEFORE: readonly (readonly string[])[] = [
  ["SET", "n", "1"],
  ["SET", "gone", "old"],
  ["SET", "old", "value"],
];
const TRANSACTION: readonly (readonly string[])[] = [
  ["SET", "a", BIG],
  ["INCR", "n"],
  ["DEL", "gone"],
  ["SELECT", "2"],
  ["SET", "b", "in another namespace"],
  ["GET", "b"],
  ["SELECT", "0"],
  ["INCR", "n"],
];
const NONE = { a: null, n: "1", gone: "old", b: null };
const ALL = { a: BIG, n: "3", gone: null, b: "in another namespace" };

const AFTERMATHS: readonly ((disk: SimulatedDisk, seed: number) => SimulatedDisk)[] = [
  (disk) => disk.reboot({ mode: "drop" }),
  (disk) => disk.reboot({ mode: "keep" }),
  (disk, seed) => disk.reboot({ mode: "tear", random: createRandom(seed) }),
  (disk, seed) => disk.reboot({ mode: "tear", random: createRandom(seed + 1000) }),
];

function feedAll(client: TestClient, commands: readonly (readonly string[])[]): void {
  client.feed(Buffer.concat(commands.map((command) => encodeRequest([...command]))));
}

function contents(store: Store): Record<keyof typeof ALL, string | null> {
  const read = (namespace: string, key: string): string | null =>
    store.get(namespace, key)?.value.toString() ?? null;
  return {
    a: read("default", "a"),
    n: read("default", "n"),
    gone: read("default", "gone"),
    b: read("db2", "b"),
  };
}

/** Runs the transaction on a disk that dies in that step, if it takes so many. */
async function crashAt(step: number): Promise<{ disk: SimulatedDisk; isAnswered: boolean }> {
  const { client, disk } = await respHarnessOnDisk({}, { segmentBytesMax: 64 * 1024 });
  const one = client();
  feedAll(one, BEFORE);
  await one.waitForReplies(BEFORE.length);
  await turns();
  disk.crashAt(disk.steps + step);
  feedAll(one, [["MULTI"], ...TRANSACTION, ["EXEC"]]);
  await turns(60);
  const replies = one.replies();
  const last = replies.at(-1);
  return { disk, isAnswered: Array.isArray(last) };
}

test("a crash at any step of EXEC leaves all of it or none, and all once it was answered", async () => {
  const seen = new Set<string>();
  let step = 1;
  for (; ; step++) {
    const { disk, isAnswered } = await crashAt(step);
    for (const aftermath of AFTERMATHS) {
      const { store } = await diskStore({}, aftermath(disk, step));
      const found = contents(store);
      const isAll = found.a !== null;
      expect(found).toEqual(isAll ? ALL : NONE);
      if (isAnswered) expect(isAll).toBe(true);
      seen.add(isAll ? "all" : "none");
      await store.close();
    }
    if (!disk.crashed) {
      expect(isAnswered).toBe(true);
      break;
    }
  }
  expect(step).toBeGreaterThan(3);
  expect([...seen].sort()).toEqual(["all", "none"]);
});

test("all records of EXEC share a frame, those of the keys that gave way among them", async () => {
  const { client, store } = await respHarnessOnDisk({}, { capacityKeys: 4 });
  const one = client();
  feedAll(one, [
    ["SET", "1", "x"],
    ["SET", "2", "x"],
    ["SET", "3", "x"],
    ["SET", "4", "x"],
  ]);
  await one.waitForReplies(4);
  const { commits } = store.engine.journal.stats();
  feedAll(one, [["MULTI"], ["SET", "5", "x"], ["SET", "6", "x"], ["GET", "1"], ["EXEC"]]);
  const replies = await one.waitForReplies(5);
  expect(replies[4]).toEqual(["OK", "OK", null]);
  expect(store.engine.journal.stats().commits).toBe(commits + 1);
});

test("nothing of a transaction is shown before it is on disk", async () => {
  const { client, disk } = await respHarnessOnDisk();
  const [one, two] = [client(), client()];
  feedAll(one, [["PING"]]);
  await one.waitForReplies();
  const release = disk.hold("sync");
  feedAll(one, [["MULTI"], ["SET", "a", "1"], ["EXEC"]]);
  feedAll(two, [["GET", "a"]]);
  await turns();
  expect(one.replies()).toEqual([]);
  expect(two.replies()).toEqual([]);
  release();
  expect(await one.waitForReplies(3)).toEqual(["OK", "QUEUED", ["OK"]]);
  expect(await two.waitForReplies()).toEqual(["1"]);
});

test("an EXEC that finds the log busy waits as a whole and runs once", async () => {
  const { client, disk, store } = await respHarnessOnDisk({}, { unsyncedBytesMax: 1000 });
  const [one, two] = [client(), client()];
  feedAll(one, [["SET", "n", "0"]]);
  await one.waitForReplies();
  const release = disk.hold("sync");
  feedAll(two, [["SET", "filler", "x".repeat(900)]]);
  await turns();
  feedAll(one, [["MULTI"], ["INCR", "n"], ["INCR", "n"], ["EXEC"], ["INCR", "n"]]);
  await turns();
  expect(one.replies()).toEqual(["OK", "QUEUED", "QUEUED"]);
  expect(store.waiting).toBe(1);
  release();
  expect(await one.waitForReplies(2)).toEqual([[1, 2], 3]);
});

test("a watched key that changes while EXEC waits for the log makes it do nothing", async () => {
  const { client, disk, store } = await respHarnessOnDisk({}, { unsyncedBytesMax: 1000 });
  const [one, two] = [client(), client()];
  feedAll(one, [["WATCH", "w"]]);
  await one.waitForReplies();
  const release = disk.hold("sync");
  feedAll(two, [["SET", "filler", "x".repeat(900)]]);
  const changed = store.set({
    namespace: "default",
    key: "w",
    kind: "text",
    value: "x".repeat(400),
  });
  await turns();
  feedAll(one, [["MULTI"], ["SET", "a", "1"], ["EXEC"], ["GET", "a"]]);
  await turns();
  expect(store.waiting).toBe(2);
  release();
  await changed;
  expect(await one.waitForReplies(4)).toEqual(["OK", "QUEUED", null, null]);
});

test("EXEC is refused as a whole when the log has failed, and reading still works", async () => {
  const { client, disk } = await respHarnessOnDisk();
  const one = client();
  feedAll(one, [["SET", "a", "1"]]);
  await one.waitForReplies();
  disk.inject({ code: "EIO", kinds: ["sync"], lasting: true });
  feedAll(one, [["SET", "b", "1"]]);
  const [failed] = await one.waitForReplies();
  expect(failed).toBeInstanceOf(ReplyError);
  const [, , refused] = run(one, [["MULTI"], ["SET", "c", "1"], ["EXEC"]]);
  expect((refused as ReplyError).message).toMatch(
    /^EXECABORT Transaction discarded because of: MISCONF /,
  );
  const [, , read, after] = run(one, [["MULTI"], ["GET", "a"], ["EXEC"], ["EXEC"]]);
  expect(read).toEqual(["1"]);
  expect(after).toEqual(new ReplyError("ERR EXEC without MULTI"));
});

function run(client: TestClient, commands: readonly (readonly string[])[]): unknown[] {
  return commands.map((command) => client.send(...command));
}

test("pipelines that find the log busy are neither lost, doubled nor reordered", async () => {
  const { client, disk, store } = await respHarnessOnDisk({}, { unsyncedBytesMax: 700 });
  const clients = [client(), client()];
  const ROUNDS = 60;
  const release = disk.hold("sync");
  clients.forEach((each, who) => {
    const commands: string[][] = [];
    for (let i = 0; i < ROUNDS; i++) {
      commands.push(["INCR", `mine${who}`]);
      commands.push(["SET", `pad${who}`, `${i}`.padEnd(200, ".")]);
      commands.push(["MULTI"], ["INCR", `mine${who}`], ["INCR", "shared"], ["EXEC"]);
      commands.push(["GET", `mine${who}`]);
    }
    // In pieces, so that some commands come while the connection waits.
    each.feed(Buffer.concat(commands.map((command) => encodeRequest(command))), 997);
  });
  await turns();
  expect(store.waiting).toBe(2);
  release();
  const shared: number[] = [];
  for (const each of clients) {
    const replies = await each.waitForReplies(ROUNDS * 7);
    expect(replies).toHaveLength(ROUNDS * 7);
    for (let i = 0; i < ROUNDS; i++) {
      const round = replies.slice(i * 7, i * 7 + 7);
      const [mine, both] = round[5] as number[];
      expect([...round.slice(0, 5), mine, round[6]]).toEqual([
        2 * i + 1,
        "OK",
        "OK",
        "QUEUED",
        "QUEUED",
        2 * i + 2,
        `${2 * i + 2}`,
      ]);
      shared.push(both!);
    }
  }
  expect(shared.sort((a, b) => a - b)).toEqual(shared.map((_, i) => i + 1));
});
