import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { OPTIONS } from "../../../store/options/declaration.ts";

function valueOf(client: TestClient, name: string): unknown {
  const reply = client.send("CONFIG", "GET", name) as string[];
  expect(reply[0]).toBe(name);
  return reply[1];
}

test("GET takes names and patterns, in any case, and shows each once", async () => {
  const client = (await respHarness()).client();
  expect(client.send("CONFIG", "GET", "appendfsync")).toEqual(["appendfsync", "always"]);
  expect(client.send("CONFIG", "GET", "MaxClients")).toEqual(["MaxClients", "10000"]);
  expect(client.send("CONFIG", "GET", "TIME?UT", "timeout")).toEqual(["timeout", "0"]);
  expect(client.send("CONFIG", "GET", "nothing", "x[")).toEqual([]);
  client.send("HELLO", 3);
  expect(client.send("CONFIG", "GET", "[s]ave")).toEqual(new Map([["save", ""]]));
});

test("GET * has what Redis tools read, and every option of ours", async () => {
  const client = (await respHarness()).client();
  const reply = client.send("CONFIG", "GET", "*") as string[];
  const names = new Set(reply.filter((_, i) => i % 2 === 0));
  expect(names.size).toBe(reply.length / 2);
  const redis =
    "maxmemory maxmemory-policy appendonly appendfsync save timeout maxclients databases dir port " +
    "bind requirepass notify-keyspace-events slowlog-log-slower-than slowlog-max-len " +
    "latency-monitor-threshold tracking-table-max-keys client-output-buffer-limit hz loglevel " +
    "proto-max-bulk-len lazyfree-lazy-eviction enable-debug-command cluster-enabled";
  for (const name of redis.split(" ")) expect(names, name).toContain(name);
  for (const { flag } of Object.values(OPTIONS)) {
    expect(names).toContain(flag === "host" ? "rest-host" : flag === "port" ? "rest-port" : flag);
  }
});

// name, value to set, value to get
const SETTABLE: [string, string, string][] = [
  ["maxclients", "5", "5"],
  ["timeout", "300", "300"],
  ["slowlog-log-slower-than", "-1", "-1"],
  ["slowlog-max-len", "0", "0"],
  ["latency-monitor-threshold", "100", "100"],
  ["tracking-table-max-keys", "10", "10"],
  ["notify-keyspace-events", "xKE", "xKE"],
  ["notify-keyspace-events", "", ""],
  ["requirepass", "secret word", "secret word"],
  ["requirepass", "", ""],
  ["client-query-buffer-limit", "2mb", "2097152"],
  ["maxmemory", "32mb", "33554432"],
  ["maxmemory", "32m", "32000000"],
  ["maxmemory", "0", "67108864"],
  ["maxmemory-policy", "NOEVICTION", "noeviction"],
  ["maxmemory-policy", "allkeys-lru", "allkeys-lru"],
  ["loglevel", "warning", "warning"],
  ["loglevel", "nothing", "nothing"],
  ["appendonly", "no", "no"],
  ["save", "", ""],
  ["auto-aof-rewrite-min-size", "64mb", "67108864"],
  ["auto-aof-rewrite-min-size", "0", "0"],
  ["compaction-interval", "10m", "10m"],
  ["max-log-size", "1000r", "1000r"],
  ["hz", "10", "10"],
  ["max-memory", "48mb", "48mb"],
  ["resp-idle-timeout", "5m", "5m"],
  ["eviction", "none", "none"],
  ["log-level", "error", "error"],
];
for (const [name, value, expected] of SETTABLE) {
  test(`SET ${name} ${JSON.stringify(value)} gives ${JSON.stringify(expected)}`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("CONFIG", "SET", name.toUpperCase(), value)).toBe("OK");
    expect(new Set(String(valueOf(client, name)))).toEqual(new Set(expected));
    expect(String(valueOf(client, name))).toHaveLength(expected.length);
  });
}

// name, value, reason
const REFUSED: [string, string, string][] = [
  ["maxmemory", "abc", "argument must be a memory value"],
  ["maxmemory", "-1", "argument must be a memory value"],
  ["maxmemory", "10zb", "argument must be a memory value"],
  ["maxmemory", "65mb", "memory is laid out at the start"],
  ["maxmemory-policy", "volatile-lru", "argument(s) must be one of the following: allkeys-lru"],
  ["appendfsync", "foo", "argument(s) must be one of the following: everysec, always, no"],
  ["appendfsync", "no", "there is no log"],
  ["save", "300 1", "there is no log"],
  ["auto-aof-rewrite-min-size", "-1", "argument must be a memory value"],
  ["compaction-interval", "1ms", "argument must be a duration from 1s to 7d"],
  ["maxclients", "0", "argument must be between 1 and 1000000 inclusive"],
  ["maxclients", "x", "argument couldn't be parsed into an integer"],
  ["maxclients", "1.5", "argument couldn't be parsed into an integer"],
  ["timeout", "-1", "argument must be between 0 and"],
  ["slowlog-log-slower-than", "-2", "argument must be between -1 and"],
  ["notify-keyspace-events", "Kq", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."],
  ["loglevel", "loud", "argument(s) must be one of the following: debug, verbose, notice, warning"],
  ["requirepass", "none", "that word stands for no password"],
  ["requirepass", "a\u0007b", "argument must be 1 to 512 characters"],
  ["databases", "16", "can't set immutable config"],
  ["port", "1", "can't set immutable config"],
  ["enable-debug-command", "yes", "can't set immutable config"],
  ["data-dir", "/tmp", "can't set immutable config"],
  ["appendonly", "yes", "can't set immutable config"],
  ["resp-idle-timeout", "1ms", "argument must be a duration"],
];
for (const [name, value, reason] of REFUSED) {
  test(`SET ${name} ${JSON.stringify(value)} is refused, and all that is set beside it`, async () => {
    const client = (await respHarness()).client();
    const reply = client.send("CONFIG", "SET", "slowlog-max-len", "7", name, value) as ReplyError;
    const start = `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
    expect(reply.message.slice(0, start.length)).toBe(start);
    expect(valueOf(client, "slowlog-max-len")).toBe("128");
  });
}

const MALFORMED: [string[], string][] = [
  [["SET", "nothing", "1"], "ERR Unknown option or number of arguments for CONFIG SET - 'nothing'"],
  [["SET", "timeout", "1", "hz"], "ERR syntax error"],
  [
    ["SET", "timeout", "1", "TimeOut", "2"],
    "ERR CONFIG SET failed (possibly related to argument 'TimeOut') - duplicate parameter",
  ],
  [["SET", "timeout"], "ERR wrong number of arguments for 'config|set' command"],
  [["GET"], "ERR wrong number of arguments for 'config|get' command"],
  [["FOO"], "ERR unknown subcommand 'FOO'. Try CONFIG HELP."],
  [
    ["SET", "__proto__", "1"],
    "ERR Unknown option or number of arguments for CONFIG SET - '__proto__'",
  ],
];
for (const [args, error] of MALFORMED) {
  test(`CONFIG ${args.join(" ")} is refused`, async () => {
    expect((await respHarness()).client().send("CONFIG", ...args)).toEqual(new ReplyError(error));
  });
}

test("a new password holds for new connections, and none lets everybody in", async () => {
  const { client } = await respHarness();
  const one = client();
  one.send("CONFIG", "SET", "requirepass", "secret");
  const stranger = client();
  expect(stranger.send("PING")).toEqual(new ReplyError("NOAUTH Authentication required."));
  expect(one.send("PING")).toBe("PONG");
  one.send("CONFIG", "SET", "requirepass", "");
  expect(stranger.send("PING")).toBe("PONG");
});

test("maxclients holds for those who come", async () => {
  const { client } = await respHarness();
  client().send("CONFIG", "SET", "maxclients", "1");
  expect(() => client()).toThrow("full");
});

test("notify-keyspace-events takes effect at once", async () => {
  const { client } = await respHarness();
  const one = client();
  const listener = client();
  listener.send("SUBSCRIBE", "__keyevent@0__:set");
  one.send("CONFIG", "SET", "notify-keyspace-events", "E$");
  one.send("SET", "k", "v");
  expect(listener.replies()).toEqual([["message", "__keyevent@0__:set", "k"]]);
});

test("noeviction refuses what allkeys-lru makes room for", async () => {
  const client = (await respHarness({}, { memoryBytesMax: 2 ** 20 })).client();
  const fill = (): unknown[] =>
    Array.from({ length: 40 }, (_, i) => client.send("SET", `k${i}`, "v".repeat(40_000)));
  client.send("CONFIG", "SET", "maxmemory-policy", "noeviction");
  expect(fill().at(-1)).toEqual(
    new ReplyError("OOM command not allowed when used memory > 'maxmemory'."),
  );
  client.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  expect(fill().at(-1)).toBe("OK");
});

test("a server that was started without eviction keeps no order to evict by", async () => {
  const client = (await respHarness({}, { eviction: "none" })).client();
  const reply = client.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru") as ReplyError;
  expect(reply.message).toMatch(/keys are in no order of use/);
  expect(client.send("CONFIG", "SET", "maxmemory-policy", "noeviction")).toBe("OK");
});

test("appendfsync always answers when all that was written before is on disk", async () => {
  const { client, store } = await respHarnessOnDisk({}, { fsync: "no" });
  const one = client();
  one.feed("SET k v\r\n");
  await one.waitForReplies();
  expect(store.engine.journal.durableSeq).toBe(0);
  one.feed("CONFIG SET appendfsync always\r\nCONFIG GET appendfsync\r\n");
  expect(await one.waitForReplies(2)).toEqual(["OK", ["appendfsync", "always"]]);
  expect(store.engine.journal.durableSeq).toBe(1);
});

// value to set, value to get (or what is wrong with the first)
const SAVE_POINTS: [string, string | RegExp][] = [
  ["60 1", "60 1"],
  ["", ""],
  ["  900   1 ", "900 1"],
  ["foo", /Invalid save parameters$/],
  ["60", /Invalid save parameters$/],
  ["0 1", /Invalid save parameters$/],
  ["60 -1", /Invalid save parameters$/],
  ["3600 1 300 100", /there may be one save point/],
  ["60 10", /there may be one save point/],
  ["99999999 1", /argument must be a duration from 1s to 7d/],
];
for (const [value, expected] of SAVE_POINTS) {
  test(`SET save ${JSON.stringify(value)}`, async () => {
    const { client, store } = await respHarnessOnDisk({}, { compactionIntervalMs: 300_000 });
    const one = client();
    const reply = one.send("CONFIG", "SET", "save", value);
    const isSet = typeof expected === "string";
    if (isSet) expect(reply).toBe("OK");
    else expect((reply as ReplyError).message).toMatch(expected);
    expect(valueOf(one, "save")).toBe(isSet ? expected : "300 1");
    await store.close();
  });
}

test("SET within a transaction answers at once", async () => {
  const one = (await respHarnessOnDisk({}, { fsync: "no" })).client();
  one.send("MULTI");
  one.send("CONFIG", "SET", "appendfsync", "always");
  one.send("CONFIG", "SET", "timeout", "9");
  one.feed("EXEC\r\n");
  expect(await one.waitForReplies()).toEqual([["OK", "OK"]]);
});

test("RESETSTAT sets the figures of INFO back, and leaves those of REST", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.send("SET", "k", "v");
  one.send("GET", "nothing");
  one.send("NOSUCH");
  expect(one.send("CONFIG", "RESETSTAT")).toBe("OK");
  const text = one.send("INFO", "everything") as string;
  expect(text).toContain("keyspace_misses:0\r\n");
  expect(text).toContain("total_error_replies:0\r\n");
  expect(text).not.toContain("errorstat_ERR");
  expect(text).not.toContain("cmdstat_get:");
  expect(store.stats().misses).toBe(1);
});

test("HELP lists the subcommands", async () => {
  expect((await respHarness()).client().send("CONFIG", "HELP")).toContain("GET <pattern>");
});
