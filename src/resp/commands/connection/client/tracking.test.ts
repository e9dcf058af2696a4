import { expect, test } from "vitest";
import {
  respHarness,
  respHarnessOnDisk,
  type TestClient,
} from "../../../../../test/support/resp-harness.ts";
import { ReplyError, type Reply } from "../../../../../test/support/resp-reply.ts";
import type { Settings } from "../../../settings.ts";
import { sweepExpired } from "../../../../store/maintenance.ts";

/** A tracking RESP3 client, one that writes, and the door. */
async function harness(options = "", settings: Partial<Settings> = {}) {
  const { door, store, clock, client } = await respHarness(settings);
  const reader = client();
  reader.send("HELLO", "3");
  const writer = client();
  if (options !== "off") track(reader, options);
  return { door, store, clock, client, reader, writer };
}

function track(client: TestClient, options: string): void {
  const words = options.split(" ").filter((word) => word !== "");
  expect(client.send("CLIENT", "TRACKING", "ON", ...words)).toBe("OK");
}

/** Pushes since the last call; the keys of `invalidate`, or the push as it is. */
function invalidated(client: TestClient): Reply[] {
  expect(client.replies()).toEqual([]);
  return client.pushed.splice(0).map(({ items }) => {
    return items[0] === "invalidate" ? items[1]! : [...items];
  });
}

/** The three parts of CLIENT TRACKINGINFO. */
function info(client: TestClient): Reply[] {
  const reply = client.send("CLIENT", "TRACKINGINFO") as Map<Reply, Reply>;
  return [[...(reply.get("flags") as Set<Reply>)], reply.get("redirect")!, reply.get("prefixes")!];
}

const READS: [string, string[], string[][]][] = [
  ["a key that is there", ["GET", "k"], [["SET", "k", "w"]]],
  ["a key that is not there", ["GET", "none"], [["SET", "none", "w"]]],
  ["a part of a value", ["GETRANGE", "k", "0", "1"], [["APPEND", "k", "w"]]],
  ["a deadline", ["TTL", "k"], [["EXPIRE", "k", "100"]]],
  ["a deadline that is taken away", ["TTL", "d"], [["PERSIST", "d"]]],
  ["a key that is deleted", ["GET", "k"], [["DEL", "k"]]],
  ["a number", ["GET", "n"], [["INCR", "n"]]],
];
for (const [what, read, writes] of READS) {
  test(`who has read ${what} hears of its next change, once`, async () => {
    const { reader, writer } = await harness();
    writer.send("MSET", "k", "v", "n", "1");
    writer.send("SET", "d", "v", "EX", "1000");
    reader.send(...read);
    expect(invalidated(reader)).toEqual([]);
    for (const write of writes) writer.send(...write);
    expect(invalidated(reader)).toEqual([[read[1]]]);
    for (const write of writes) writer.send(...write);
    expect(invalidated(reader)).toEqual([]);
  });
}

test("all keys of a command are tracked, each is told of by itself, and bytes are bytes", async () => {
  const { reader, writer } = await harness();
  reader.send("MGET", "a", Buffer.from([0, 255]), "c");
  writer.send("MSET", "c", "1", Buffer.from([0, 255]), "2");
  expect(invalidated(reader)).toEqual([["c"], ["\x00\xff"]]);
});

test("a command that reads no key, or only writes, tracks nothing", async () => {
  const { door, reader, writer } = await harness();
  writer.send("SET", "k", "v");
  for (const command of [["DBSIZE"], ["SCAN", "0"], ["KEYS", "*"], ["SET", "w", "1"], ["PING"]]) {
    reader.send(...command);
  }
  expect(door.tracking.sizes.keys).toBe(0);
});

test("another door's write, an expired and an evicted key are told of too", async () => {
  const { store, clock, reader, writer } = await harness();
  writer.send("SET", "e", "v", "PX", "20");
  reader.send("MGET", "k", "e");
  await store.set({ namespace: "default", key: "k", kind: "text", value: "v" });
  expect(invalidated(reader)).toEqual([["k"]]);
  clock.advance(60);
  sweepExpired(store.engine, clock.nowMs(), () => false);
  expect(invalidated(reader)).toEqual([["e"]]);
});

test("a key of another namespace is another key", async () => {
  const { reader, writer } = await harness();
  reader.send("GET", "k");
  writer.send("SELECT", "3");
  writer.send("SET", "k", "v");
  expect(invalidated(reader)).toEqual([]);
  writer.send("SELECT", "0");
  writer.send("SET", "k", "v");
  expect(invalidated(reader)).toEqual([["k"]]);
});

test("its own change is told of after the reply, within EXEC after all replies", async () => {
  const { door, reader } = await harness();
  reader.send("GET", "k");
  reader.feed("SET k v\r\n");
  door.turn.flush();
  const push = ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n";
  expect(reader.wire.written).toBe(`+OK\r\n${push}`);
  reader.replies();
  reader.pushed.length = 0;
  reader.feed("MULTI\r\nGET k\r\nSET k w\r\nGET k\r\nEXEC\r\n");
  door.turn.flush();
  expect(reader.wire.written.endsWith(`*3\r\n$1\r\nv\r\n+OK\r\n$1\r\nw\r\n${push}`)).toBe(true);
});

test("with NOLOOP its own changes are not told of, those of others are", async () => {
  const { reader, writer } = await harness("NOLOOP");
  reader.send("MGET", "a", "b");
  reader.send("SET", "a", "1");
  expect(invalidated(reader)).toEqual([]);
  writer.send("SET", "b", "1");
  expect(invalidated(reader)).toEqual([["b"]]);
});

test("what is evicted for its own write is told of in spite of NOLOOP", async () => {
  const { client } = await respHarness({}, { capacityKeys: 2 });
  const one = client();
  one.send("HELLO", "3");
  one.send("SET", "a", "1");
  one.send("SET", "b", "1");
  track(one, "NOLOOP");
  one.send("GET", "a");
  one.send("GET", "b");
  one.send("SET", "c", "1");
  expect(invalidated(one)).toEqual([["a"]]);
});

test("in OPTIN mode only what follows CLIENT CACHING YES is tracked", async () => {
  const { reader, writer } = await harness("OPTIN");
  reader.send("GET", "a");
  expect(reader.send("CLIENT", "CACHING", "YES")).toBe("OK");
  expect(info(reader)).toEqual([["on", "optin", "caching-yes"], 0, []]);
  reader.send("GET", "b");
  reader.send("GET", "c");
  writer.send("MSET", "a", "1", "b", "1", "c", "1");
  expect(invalidated(reader)).toEqual([["b"]]);
  expect(info(reader)).toEqual([["on", "optin"], 0, []]);
});

test("in OPTOUT mode what follows CLIENT CACHING NO is not tracked", async () => {
  const { reader, writer } = await harness("OPTOUT");
  reader.send("GET", "a");
  expect(reader.send("CLIENT", "CACHING", "NO")).toBe("OK");
  expect(info(reader)).toEqual([["on", "optout", "caching-no"], 0, []]);
  reader.send("GET", "b");
  reader.send("GET", "c");
  writer.send("MSET", "a", "1", "b", "1", "c", "1");
  expect(invalidated(reader)).toEqual([["a"], ["c"]]);
});

test("CLIENT CACHING holds for a whole transaction", async () => {
  const { reader, writer } = await harness("OPTIN");
  reader.send("CLIENT", "CACHING", "YES");
  for (const command of [["MULTI"], ["GET", "a"], ["GET", "b"], ["EXEC"]]) reader.send(...command);
  reader.send("GET", "c");
  writer.send("MSET", "a", "1", "b", "1", "c", "1");
  expect(invalidated(reader)).toEqual([["a"], ["b"]]);
});

for (const flush of ["FLUSHDB", "FLUSHALL"]) {
  test(`${flush} tells all who may have cached anything to forget it`, async () => {
    const { reader, writer, client } = await harness();
    const elsewhere = client();
    elsewhere.send("HELLO", "3");
    elsewhere.send("SELECT", "5");
    track(elsewhere, "");
    writer.send("SET", "k", "v");
    reader.send("GET", "k");
    writer.send(flush);
    expect(invalidated(reader)).toEqual([null]);
    expect(invalidated(elsewhere)).toEqual([]);
    writer.send("SET", "k", "v");
    expect(invalidated(reader)).toEqual([]);
  });
}

test("the reader that has gone to another namespace hears of the flush of the first", async () => {
  const { reader, writer } = await harness();
  writer.send("SET", "k", "v");
  reader.send("GET", "k");
  reader.send("SELECT", "4");
  writer.send("FLUSHDB");
  expect(invalidated(reader)).toEqual([null]);
});

test("broadcasting tells of every change to a key with the prefix, those of a turn at once", async () => {
  const { reader, writer } = await harness("BCAST PREFIX a: PREFIX b:");
  writer.feed("SET a:1 x\r\nSET c:1 x\r\nSET a:2 x\r\nSET a:1 y\r\nSET b:1 x\r\nSET a x\r\n");
  expect(writer.replies()).toHaveLength(6);
  expect(invalidated(reader)).toEqual([["a:1", "a:2"], ["b:1"]]);
  writer.send("DEL", "a:1");
  expect(invalidated(reader)).toEqual([["a:1"]]);
  writer.send("FLUSHDB");
  expect(invalidated(reader)).toEqual([null]);
});

test("broadcasting without a prefix tells of all keys of all namespaces", async () => {
  const { store, reader } = await harness("BCAST");
  await store.set({ namespace: "tenant", key: "k", kind: "text", value: "v" });
  expect(invalidated(reader)).toEqual([["k"]]);
  reader.send("SET", "own", "1");
  expect(invalidated(reader)).toEqual([["own"]]);
});

test("broadcasting with NOLOOP leaves out what the client has changed itself", async () => {
  const { reader, writer } = await harness("BCAST NOLOOP");
  reader.feed("SET a 1\r\n");
  writer.feed("SET b 1\r\n");
  expect(reader.replies()).toEqual(["OK"]);
  expect(invalidated(reader)).toEqual([["b"]]);
});

test("a great many changes in one turn come in several messages", async () => {
  const { reader, writer } = await harness("BCAST");
  const keys = Array.from({ length: 2500 }, (_, i) => `k${i}`);
  writer.feed(keys.map((key) => `SET ${key} 1\r\n`).join(""));
  const messages = invalidated(reader) as string[][];
  expect(messages.map((each) => each.length)).toEqual([1000, 1000, 500]);
  expect(messages.flat()).toEqual(keys);
});

for (const resp of [2, 3]) {
  test(`another client of RESP${resp} hears instead, when asked to`, async () => {
    const { reader, writer, client } = await harness("off");
    const target = client();
    if (resp === 3) target.send("HELLO", "3");
    const { id } = target.connection.client;
    track(reader, `REDIRECT ${id}`);
    expect(reader.send("CLIENT", "GETREDIR")).toBe(id);
    expect(info(reader)).toEqual([["on"], id, []]);
    const heard = (): Reply[] => {
      const replies = target.replies();
      return [...replies, ...target.pushed.splice(0).map(({ items }) => [...items])];
    };
    reader.send("GET", "k");
    writer.send("SET", "k", "v");
    // Without a subscription, RESP2 has no way to tell of it.
    expect(heard()).toEqual(resp === 3 ? [["invalidate", ["k"]]] : []);
    target.feed("SUBSCRIBE __redis__:invalidate\r\n");
    heard();
    reader.send("GET", "k");
    writer.send("SET", "k", "v");
    const channel = ["message", "__redis__:invalidate"];
    expect(heard()).toEqual([resp === 3 ? ["invalidate", ["k"]] : [...channel, ["k"]]]);
    writer.send("FLUSHALL");
    expect(heard()).toEqual([resp === 3 ? ["invalidate", null] : [...channel, null]]);
    expect(invalidated(reader)).toEqual([]);
  });
}

test("a client is told when the one it redirects to is gone", async () => {
  const { reader, writer, client } = await harness("off");
  const target = client();
  const { id } = target.connection.client;
  track(reader, `REDIRECT ${id}`);
  reader.send("GET", "k");
  target.close();
  writer.send("SET", "k", "v");
  expect(invalidated(reader)).toEqual([["tracking-redir-broken", id]]);
  expect(info(reader)).toEqual([["on", "broken_redirect"], id, []]);
  track(reader, "");
  expect(info(reader)).toEqual([["on"], 0, []]);
});

test("a RESP2 client may track, and hears nothing", async () => {
  const { client, writer } = await harness("off");
  const one = client();
  track(one, "");
  one.send("GET", "k");
  writer.send("SET", "k", "v");
  expect(one.replies()).toEqual([]);
  expect(one.send("CLIENT", "TRACKINGINFO")).toEqual([
    "flags",
    ["on"],
    "redirect",
    0,
    "prefixes",
    [],
  ]);
});

test("beyond the limit the oldest keys are forgotten, and told of", async () => {
  const { door, reader, writer } = await harness("", { trackingKeysMax: 2 });
  for (const key of ["a", "b", "c"]) reader.send("GET", key);
  expect(reader.pushed.splice(0).map(({ items }) => items[1])).toEqual([["a"]]);
  expect(door.tracking.sizes).toEqual({ clients: 1, keys: 2, prefixes: 0 });
  writer.send("MSET", "a", "1", "b", "1", "c", "1");
  expect(invalidated(reader)).toEqual([["b"], ["c"]]);
  door.settings.trackingKeysMax = 0;
  for (let i = 0; i < 100; i++) reader.send("GET", `k${i}`);
  expect(door.tracking.sizes.keys).toBe(100);
});

const ENDS: [string, (client: TestClient) => void][] = [
  ["CLIENT TRACKING OFF", (one) => one.send("CLIENT", "TRACKING", "OFF")],
  ["RESET", (one) => one.send("RESET")],
  ["its connection's end", (one) => one.close()],
];
for (const [what, end] of ENDS) {
  for (const options of ["", "BCAST PREFIX a PREFIX b"]) {
    test(`after ${what} nothing is left of tracking ${options}`, async () => {
      const { door, reader, writer } = await harness(options);
      reader.send("GET", "a");
      end(reader);
      writer.send("SET", "a", "1");
      expect(reader.wire.written).not.toContain("invalidate");
      expect(door.tracking.sizes).toEqual({ clients: 0, keys: 0, prefixes: 0 });
      expect(door.engine.observer).toBeNull();
    });
  }
}

test("an invalidation waits for no log, and comes before the writer's reply", async () => {
  const { client } = await respHarnessOnDisk();
  const [reader, writer] = [client(), client()];
  reader.send("HELLO", "3");
  track(reader, "");
  reader.send("GET", "k");
  writer.feed("SET k v\r\n");
  expect(writer.replies()).toEqual([]);
  expect(invalidated(reader)).toEqual([["k"]]);
  expect(await writer.waitForReplies()).toEqual(["OK"]);
});

const SWITCH_OPT =
  "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then " +
  "re-enabling it with a different mode.";
const SWITCH_BCAST =
  "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then " +
  "re-enabling it with a different mode.";
const ONLY_TRACKING =
  "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or " +
  "OPTOUT mode enabled";
/** What was said before, what is refused, and how. */
const REFUSALS: [string, string, string][] = [
  ["", "TRACKING", "ERR wrong number of arguments for 'client|tracking' command"],
  ["", "TRACKING MAYBE", "ERR syntax error"],
  ["", "TRACKING ON FOO", "ERR syntax error"],
  ["", "TRACKING OFF FOO", "ERR syntax error"],
  ["", "TRACKING ON REDIRECT", "ERR syntax error"],
  ["", "TRACKING ON PREFIX", "ERR syntax error"],
  ["", "TRACKING ON REDIRECT x", "ERR value is not an integer or out of range"],
  ["", "TRACKING ON REDIRECT 0", "ERR The client ID you want redirect to does not exist"],
  ["", "TRACKING ON REDIRECT 999", "ERR The client ID you want redirect to does not exist"],
  [
    "",
    "TRACKING ON REDIRECT 99999999999999999",
    "ERR The client ID you want redirect to does not exist",
  ],
  ["", "TRACKING OFF REDIRECT 999", "ERR The client ID you want redirect to does not exist"],
  [
    "",
    "TRACKING ON REDIRECT 1 REDIRECT 1",
    "ERR A client can only redirect to a single other client",
  ],
  ["", "TRACKING ON PREFIX a", "ERR PREFIX option requires BCAST mode to be enabled"],
  ["", "TRACKING ON BCAST OPTIN", "ERR OPTIN and OPTOUT are not compatible with BCAST"],
  ["", "TRACKING ON BCAST OPTOUT", "ERR OPTIN and OPTOUT are not compatible with BCAST"],
  ["", "TRACKING ON OPTIN OPTOUT", "ERR You can't specify both OPTIN mode and OPTOUT mode"],
  ["TRACKING ON", "TRACKING ON BCAST", SWITCH_BCAST],
  ["TRACKING ON BCAST", "TRACKING ON", SWITCH_BCAST],
  ["TRACKING ON OPTIN", "TRACKING ON OPTOUT", SWITCH_OPT],
  ["TRACKING ON OPTOUT", "TRACKING ON OPTIN", SWITCH_OPT],
  [
    "",
    "TRACKING ON BCAST PREFIX a PREFIX ab",
    "ERR Prefix 'a' overlaps with another provided prefix 'ab'. " +
      "Prefixes for a single client must not overlap.",
  ],
  [
    "TRACKING ON BCAST PREFIX a",
    "TRACKING ON BCAST PREFIX ab",
    "ERR Prefix 'ab' overlaps with an existing prefix 'a'. " +
      "Prefixes for a single client must not overlap.",
  ],
  ["", "CACHING YES", ONLY_TRACKING],
  ["", "CACHING", "ERR wrong number of arguments for 'client|caching' command"],
  ["TRACKING ON", "CACHING x", "ERR syntax error"],
  [
    "TRACKING ON",
    "CACHING YES",
    "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.",
  ],
  [
    "TRACKING ON OPTIN",
    "CACHING NO",
    "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.",
  ],
  ["", "GETREDIR x", "ERR wrong number of arguments for 'client|getredir' command"],
  ["", "TRACKINGINFO x", "ERR wrong number of arguments for 'client|trackinginfo' command"],
];
for (const [before, refused, message] of REFUSALS) {
  test(`CLIENT ${refused}${before === "" ? "" : ` after ${before}`} is refused`, async () => {
    const { reader } = await harness("off");
    if (before !== "") expect(reader.send("CLIENT", ...before.split(" "))).toBe("OK");
    const was = info(reader);
    expect(reader.send("CLIENT", ...refused.split(" "))).toEqual(new ReplyError(message));
    expect(info(reader)).toEqual(was);
  });
}

test("prefixes are added to those there are, and limited in number and length", async () => {
  const { reader } = await harness("BCAST PREFIX b PREFIX a");
  track(reader, "BCAST PREFIX c NOLOOP");
  expect(info(reader)).toEqual([["on", "bcast", "noloop"], 0, ["a", "b", "c"]]);
  const many = Array.from({ length: 1022 }, (_, i) => `PREFIX x${10_000 + i}`);
  const refused = reader.send("CLIENT", "TRACKING", "ON", "BCAST", ...many.join(" ").split(" "));
  expect(refused).toEqual(new ReplyError("ERR a client may have at most 1024 prefixes"));
  track(reader, `BCAST ${many.slice(1).join(" ")}`);
  reader.send("CLIENT", "TRACKING", "OFF");
  const long = reader.send("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "x".repeat(70_000));
  expect(long).toEqual(new ReplyError("ERR a prefix is longer than any key"));
});

test("without tracking there is nothing to tell", async () => {
  const { reader } = await harness("off");
  expect(reader.send("CLIENT", "GETREDIR")).toBe(-1);
  expect(info(reader)).toEqual([["off"], -1, []]);
  expect(reader.send("CLIENT", "TRACKING", "OFF")).toBe("OK");
});

test("broadcasting with NOLOOP tells of what another client has changed after oneself", async () => {
  const { reader, writer } = await harness("BCAST NOLOOP");
  // Both within one turn of the event loop: one message tells of them.
  reader.feed("SET k mine\r\nSET later theirs\r\n");
  writer.feed("SET k theirs\r\n");
  reader.feed("SET later mine\r\n");
  expect(reader.replies()).toEqual(["OK", "OK", "OK"]);
  expect(reader.pushed.map(({ items }) => items[1])).toEqual([["k"]]);
});

test("the keys remembered take no more memory than so many keys may", async () => {
  const { door, reader } = await harness("", { trackingKeysMax: 10_000 });
  for (let i = 0; i < 100; i++) reader.send("GET", `${i}`.padStart(60_000, "x"));
  expect(door.tracking.sizes.keys).toBeLessThan(50);
  expect(invalidated(reader).length).toBeGreaterThan(50);
});

test("a key that is too long to be there is not remembered", async () => {
  const { door, reader } = await harness();
  reader.send("GET", "x".repeat(65_536));
  expect(door.tracking.sizes.keys).toBe(0);
});
