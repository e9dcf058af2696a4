import { expect, test } from "vitest";
import {
  encodeRequest,
  respHarness,
  respHarnessOnDisk,
  type TestClient,
} from "../../../../test/support/resp-harness.ts";
import { Push, ReplyError, type Reply } from "../../../../test/support/resp-reply.ts";
import { SUBSCRIBED_BYTES_MAX, SUBSCRIPTIONS_MAX, TOO_MANY_SUBSCRIPTIONS } from "../../pubsub.ts";

/** All that has come to the client since it was last asked, pushes as arrays. */
function heard(client: TestClient): Reply[] {
  const replies = client.replies();
  const pushes = client.pushed.splice(0).map((push) => [...push.items]);
  return [...replies, ...pushes];
}

/** The same after a command. */
function say(client: TestClient, ...parts: (string | Uint8Array)[]): Reply[] {
  client.feed(encodeRequest(parts));
  return heard(client);
}

/** Forgets what has come. */
function forget(client: TestClient): void {
  client.replies();
  client.pushed.length = 0;
}

async function clients(...protocols: number[]): Promise<TestClient[]> {
  const { client } = await respHarness();
  return protocols.map((resp) => {
    const one = client();
    if (resp === 3) one.send("HELLO", "3");
    return one;
  });
}

for (const resp of [2, 3]) {
  test(`confirms each subscription with the count of all, RESP${resp}`, async () => {
    const [one] = (await clients(resp)) as [TestClient];
    expect(say(one, "SUBSCRIBE", "a", "b", "a")).toEqual([
      ["subscribe", "a", 1],
      ["subscribe", "b", 2],
      ["subscribe", "a", 2],
    ]);
    expect(say(one, "PSUBSCRIBE", "p*")).toEqual([["psubscribe", "p*", 3]]);
    expect(say(one, "SSUBSCRIBE", "s", "t")).toEqual([
      ["ssubscribe", "s", 1],
      ["ssubscribe", "t", 2],
    ]);
    expect(say(one, "UNSUBSCRIBE", "a", "nothing")).toEqual([
      ["unsubscribe", "a", 2],
      ["unsubscribe", "nothing", 2],
    ]);
    expect(say(one, "UNSUBSCRIBE")).toEqual([["unsubscribe", "b", 1]]);
    expect(say(one, "UNSUBSCRIBE")).toEqual([["unsubscribe", null, 1]]);
    expect(say(one, "PUNSUBSCRIBE")).toEqual([["punsubscribe", "p*", 0]]);
    expect(say(one, "PUNSUBSCRIBE", "x")).toEqual([["punsubscribe", "x", 0]]);
    expect(say(one, "SUNSUBSCRIBE", "s")).toEqual([["sunsubscribe", "s", 1]]);
    expect(say(one, "SUNSUBSCRIBE")).toEqual([["sunsubscribe", "t", 0]]);
    expect(say(one, "SUNSUBSCRIBE")).toEqual([["sunsubscribe", null, 0]]);
  });

  test(`delivers messages by channel, pattern and shard channel, RESP${resp}`, async () => {
    const [one, other] = (await clients(resp, 2)) as [TestClient, TestClient];
    say(one, "SUBSCRIBE", "news");
    say(one, "PSUBSCRIBE", "n?ws", "x*");
    say(one, "SSUBSCRIBE", "news");
    expect(other.send("PUBLISH", "news", "hello")).toBe(2);
    expect(heard(one)).toEqual([
      ["message", "news", "hello"],
      ["pmessage", "n?ws", "news", "hello"],
    ]);
    expect(other.send("SPUBLISH", "news", "shard")).toBe(1);
    expect(heard(one)).toEqual([["smessage", "news", "shard"]]);
    expect(other.send("PUBLISH", "other", "hello")).toBe(0);
    expect(other.send("SPUBLISH", "other", "hello")).toBe(0);
    expect(heard(one)).toEqual([]);
  });

  test(`RESP${resp} has pushes of its own type only if it is 3`, async () => {
    const [one, other] = (await clients(resp, 2)) as [TestClient, TestClient];
    const type = resp === 3 ? ">" : "*";
    one.feed(encodeRequest(["SUBSCRIBE", "c"]));
    one.connection.client.door.turn.flush();
    expect(one.wire.written).toBe(`${type}3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n`);
    forget(one);
    other.send("PUBLISH", "c", "");
    expect(one.wire.written).toBe(`${type}3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$0\r\n\r\n`);
  });
}

test("names and messages are bytes", async () => {
  const [one, other] = (await clients(3, 3)) as [TestClient, TestClient];
  const name = Buffer.from([0, 255, 13, 10, 128]);
  say(one, "SUBSCRIBE", name);
  expect(other.send("PUBLISH", name, Buffer.from([0, 200, 10]))).toBe(1);
  expect(heard(one)).toEqual([["message", "\x00\xff\r\n\x80", "\x00\xc8\n"]]);
  expect(other.send("PUBSUB", "CHANNELS")).toEqual(["\x00\xff\r\n\x80"]);
});

test("subscribers of both protocols get one message each", async () => {
  const [two, three, other] = await clients(2, 3, 2);
  say(two!, "SUBSCRIBE", "c");
  say(three!, "SUBSCRIBE", "c");
  expect(other!.send("PUBLISH", "c", "m")).toBe(2);
  expect(heard(two!)).toEqual([["message", "c", "m"]]);
  expect(three!.replies()).toEqual([]);
  expect(three!.pushed).toEqual([new Push(["message", "c", "m"])]);
});

test("what a client publishes to itself comes after the reply, and after all of EXEC's", async () => {
  const [one] = (await clients(3)) as [TestClient];
  say(one, "SUBSCRIBE", "c");
  one.feed(encodeRequest(["PUBLISH", "c", "m"]));
  one.connection.client.door.turn.flush();
  expect(one.wire.written).toBe(":1\r\n>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n");
  heard(one);
  one.send("MULTI");
  one.send("PUBLISH", "c", "m");
  one.send("PING");
  one.feed(encodeRequest(["EXEC"]));
  one.connection.client.door.turn.flush();
  const message = ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n";
  expect(one.wire.written).toBe(`*2\r\n:1\r\n+PONG\r\n${message}`);
});

test("many messages to one subscriber go out in order and in one write", async () => {
  const [one, other] = (await clients(3, 2)) as [TestClient, TestClient];
  say(one, "SUBSCRIBE", "c");
  const pipeline = Array.from({ length: 100 }, (_, i) => encodeRequest(["PUBLISH", "c", `m${i}`]));
  other.feed(Buffer.concat(pipeline));
  expect(other.replies()).toHaveLength(100);
  expect(heard(one)).toEqual(Array.from({ length: 100 }, (_, i) => ["message", "c", `m${i}`]));
});

test("a subscribed RESP2 client may do little else until it has unsubscribed", async () => {
  const [one] = (await clients(2)) as [TestClient];
  say(one, "SSUBSCRIBE", "s");
  const error = new ReplyError(
    "ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET " +
      "are allowed in this context",
  );
  expect(one.send("GET", "k")).toEqual(error);
  expect(one.send("PING")).toEqual(["pong", ""]);
  say(one, "SUNSUBSCRIBE");
  expect(one.send("GET", "k")).toBeNull();
});

test("a subscribed RESP3 client may do everything", async () => {
  const [one] = (await clients(3)) as [TestClient];
  say(one, "SUBSCRIBE", "c");
  expect(one.send("GET", "k")).toBeNull();
  expect(one.send("PING")).toBe("PONG");
});

test("SSUBSCRIBE is refused within EXEC, as by Redis; SUBSCRIBE is not", async () => {
  const [one] = (await clients(2)) as [TestClient];
  one.send("MULTI");
  one.send("SSUBSCRIBE", "s");
  one.send("SUBSCRIBE", "c");
  expect(one.send("EXEC")).toEqual([
    new ReplyError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client"),
    ["subscribe", "c", 1],
  ]);
});

test("confirmations and messages come though CLIENT REPLY is off", async () => {
  const [one] = (await clients(3)) as [TestClient];
  say(one, "CLIENT", "REPLY", "OFF");
  expect(say(one, "SUBSCRIBE", "c")).toEqual([["subscribe", "c", 1]]);
  expect(say(one, "PUBLISH", "c", "m")).toEqual([["message", "c", "m"]]);
  expect(say(one, "CLIENT", "REPLY", "ON")).toEqual(["OK"]);
});

test("a client that is gone, or reset, listens no more", async () => {
  const { door, client } = await respHarness();
  const [gone, reset, other] = [client(), client(), client()];
  for (const each of [gone, reset]) {
    say(each, "SUBSCRIBE", "c");
    say(each, "PSUBSCRIBE", "*");
  }
  gone.close();
  expect(reset.send("RESET")).toBe("RESET");
  expect(other.send("PUBLISH", "c", "m")).toBe(0);
  expect(other.send("PUBSUB", "CHANNELS")).toEqual([]);
  expect(other.send("PUBSUB", "NUMPAT")).toBe(0);
  expect(door.pubsub.isIdle).toBe(true);
  expect(reset.send("GET", "k")).toBeNull();
});

test("a subscriber that does not read is let go; the others and the publisher are not", async () => {
  const { door, client } = await respHarness({ outputBytesMax: 10_000 });
  const [slow, quick, other] = [client(), client(), client()];
  say(slow, "SUBSCRIBE", "c");
  say(quick, "SUBSCRIBE", "c");
  slow.wire.isStuck = true;
  const message = "x".repeat(4000);
  expect(other.send("PUBLISH", "c", message)).toBe(2);
  expect(other.send("PUBLISH", "c", message)).toBe(2);
  expect(slow.wire.isClosed).toBe(false);
  expect(other.send("PUBLISH", "c", message)).toBe(2);
  expect(slow.wire.isClosed).toBe(true);
  expect(door.counters.outputLimitDisconnections).toBe(1);
  expect(other.send("PUBLISH", "c", "m")).toBe(1);
  expect(heard(quick)).toHaveLength(4);
});

test("a message that follows a write in a pipeline waits until the write is durable", async () => {
  const { client } = await respHarnessOnDisk();
  const [one, other] = [client(), client()];
  say(one, "SUBSCRIBE", "c");
  other.feed(
    Buffer.concat([encodeRequest(["SET", "k", "v"]), encodeRequest(["PUBLISH", "c", "m"])]),
  );
  expect(heard(one)).toEqual([]);
  expect(await other.waitForReplies(2)).toEqual(["OK", 1]);
  expect(await one.waitForReplies(1)).toEqual([["message", "c", "m"]]);
});

test("PUBSUB tells who listens to what", async () => {
  const [one, two, other] = (await clients(3, 3, 2)) as [TestClient, TestClient, TestClient];
  say(one, "SUBSCRIBE", "a", "b");
  say(two, "SUBSCRIBE", "b");
  say(one, "PSUBSCRIBE", "p*", "q*");
  say(two, "PSUBSCRIBE", "p*");
  say(two, "SSUBSCRIBE", "s1", "t");
  expect(other.send("PUBSUB", "CHANNELS")).toEqual(["a", "b"]);
  expect(other.send("PUBSUB", "channels", "[b-z]")).toEqual(["b"]);
  expect(other.send("PUBSUB", "NUMSUB")).toEqual([]);
  expect(other.send("PUBSUB", "NUMSUB", "b", "a", "s1", "b")).toEqual([
    "b",
    2,
    "a",
    1,
    "s1",
    0,
    "b",
    2,
  ]);
  expect(other.send("PUBSUB", "NUMPAT")).toBe(2);
  expect(other.send("PUBSUB", "SHARDCHANNELS")).toEqual(["s1", "t"]);
  expect(other.send("PUBSUB", "SHARDCHANNELS", "s*")).toEqual(["s1"]);
  expect(other.send("PUBSUB", "SHARDNUMSUB", "s1", "b")).toEqual(["s1", 1, "b", 0]);
  expect(one.send("PUBSUB", "NUMSUB", "a")).toEqual(["a", 1]);
  const help = other.send("PUBSUB", "HELP") as string[];
  expect(help).toHaveLength(14);
  expect(help[0]).toBe("PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
});

const ERRORS: [string[], string][] = [
  [["SUBSCRIBE"], "ERR wrong number of arguments for 'subscribe' command"],
  [["PSUBSCRIBE"], "ERR wrong number of arguments for 'psubscribe' command"],
  [["SSUBSCRIBE"], "ERR wrong number of arguments for 'ssubscribe' command"],
  [["PUBLISH", "c"], "ERR wrong number of arguments for 'publish' command"],
  [["SPUBLISH", "c", "m", "x"], "ERR wrong number of arguments for 'spublish' command"],
  [["PUBSUB"], "ERR wrong number of arguments for 'pubsub' command"],
  [["PUBSUB", "NUMPAT", "x"], "ERR wrong number of arguments for 'pubsub|numpat' command"],
  [["PUBSUB", "HELP", "x"], "ERR wrong number of arguments for 'pubsub|help' command"],
  [["PUBSUB", "WHAT"], "ERR unknown subcommand 'WHAT'. Try PUBSUB HELP."],
  [
    ["PUBSUB", "CHANNELS", "a", "b"],
    "ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.",
  ],
  [
    ["PUBSUB", "SHARDCHANNELS", "a", "b"],
    "ERR unknown subcommand or wrong number of arguments for 'SHARDCHANNELS'. Try PUBSUB HELP.",
  ],
];
for (const [parts, message] of ERRORS) {
  test(`${parts.join(" ")} is refused`, async () => {
    const [one] = (await clients(2)) as [TestClient];
    expect(one.send(...parts)).toEqual(new ReplyError(message));
  });
}

test("subscriptions of a client are limited by number, and what it has costs nothing more", async () => {
  const [one, other] = (await clients(3, 2)) as [TestClient, TestClient];
  const names = Array.from({ length: SUBSCRIPTIONS_MAX }, (_, i) => `c${i}`);
  expect(say(one, "SUBSCRIBE", ...names)).toHaveLength(SUBSCRIPTIONS_MAX);
  const error = new ReplyError(TOO_MANY_SUBSCRIPTIONS);
  expect(say(one, "SUBSCRIBE", "c0", "more")).toEqual([error]);
  expect(say(one, "PSUBSCRIBE", "c*")).toEqual([error]);
  expect(say(one, "SUBSCRIBE", "c0")).toEqual([["subscribe", "c0", SUBSCRIPTIONS_MAX]]);
  say(one, "UNSUBSCRIBE", "c0");
  expect(say(one, "SUBSCRIBE", "more", "more")).toHaveLength(2);
  expect(say(other, "SUBSCRIBE", "another")).toHaveLength(1);
});

test("subscriptions of a client are limited by the bytes of their names", async () => {
  const [one] = (await clients(3)) as [TestClient];
  const part = SUBSCRIBED_BYTES_MAX / 8;
  const names = Array.from({ length: 8 }, (_, i) => Buffer.alloc(part, 0x61 + i));
  for (const name of names) say(one, "SUBSCRIBE", name);
  expect(say(one, "SUBSCRIBE", "x")).toEqual([new ReplyError(TOO_MANY_SUBSCRIPTIONS)]);
  say(one, "UNSUBSCRIBE", names[0]!);
  expect(say(one, "SUBSCRIBE", "x")).toEqual([["subscribe", "x", 8]]);
});
