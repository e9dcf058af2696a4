import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const FROM = "127.0.0.1:50000";

async function watched(settings = {}) {
  const harness = await respHarness(settings);
  harness.clock.setWallMs(1_700_000_000_042);
  const monitor = harness.client();
  const worker = harness.client();
  monitor.send("MONITOR");
  return { ...harness, monitor, worker };
}

function line(text: string, place = "0"): string {
  return `1700000000.042000 [${place} ${FROM}] ${text}`;
}

test("answers OK, then shows each command as it was given", async () => {
  const { monitor, worker } = await watched();
  worker.send("SeT", "k", Buffer.from([0x22, 0x5c, 0x0a, 0x0d, 0x09, 0x07, 0x08, 0, 0xff, 0x41]));
  worker.send("GET", "k");
  expect(monitor.replies()).toEqual([
    line(String.raw`"SeT" "k" "\"\\\n\r\t\a\b\x00\xffA"`),
    line('"GET" "k"'),
  ]);
});

test("shows the database, or the name of a namespace that has no number", async () => {
  const { monitor, worker } = await watched();
  worker.send("SELECT", 3);
  worker.send("NAMESPACE", "sessions");
  worker.send("GET", "k");
  const shown = monitor.replies();
  expect(shown.at(0)).toBe(line('"SELECT" "3"', "3"));
  expect(shown.at(-1)).toBe(line('"GET" "k"', "sessions"));
});

test("shows what a transaction runs when it runs, and EXEC behind it", async () => {
  const { monitor, worker } = await watched();
  for (const command of ["MULTI", "INCR n", "PING", "EXEC"]) worker.send(...command.split(" "));
  const shown = (monitor.replies() as string[]).map((each) => each.split("] ")[1]);
  expect(shown).toEqual(['"MULTI"', '"INCR" "n"', '"PING"', '"EXEC"']);
});

test("shows neither administrative commands nor those that never ran", async () => {
  const { monitor, worker } = await watched();
  worker.send("CONFIG", "GET", "port");
  worker.send("SLOWLOG", "LEN");
  worker.send("NOSUCH");
  worker.send("GET");
  expect(monitor.replies()).toEqual([]);
});

test("hides passwords", async () => {
  const { monitor, worker } = await watched({ password: null });
  worker.send("AUTH", "user", "secret");
  worker.send("HELLO", "2", "SETNAME", "me", "AUTH", "default", "secret");
  expect(monitor.replies()).toEqual([
    line('"AUTH" "(redacted)" "(redacted)"'),
    line('"HELLO" "2" "SETNAME" "me" "AUTH" "(redacted)" "(redacted)"'),
  ]);
});

test("shows the beginning of an argument that is very long", async () => {
  const { monitor, worker } = await watched();
  worker.send("ECHO", "x".repeat(64 * 1024 + 3));
  const [shown] = monitor.replies() as string[];
  expect(shown!.endsWith('xx... (3 more bytes)"')).toBe(true);
});

test("ends with the connection, or with RESET", async () => {
  const { monitor, worker, client, door } = await watched();
  const other = client();
  other.send("MONITOR");
  monitor.close();
  other.feed("RESET\r\n");
  expect(other.replies()).toContain("RESET");
  expect(door.monitors.size).toBe(0);
  expect(door.mode).toBe(0);
  worker.send("PING");
  expect(other.replies()).toEqual([]);
});

test("a monitor may not touch keys", async () => {
  const { monitor } = await watched();
  for (const command of ["GET k", "SET k v", "DBSIZE"]) {
    monitor.feed(`${command}\r\n`);
    const error = new ReplyError("ERR Replica can't interact with the keyspace");
    expect(monitor.replies()).toEqual([error]);
  }
  monitor.feed("PING\r\n");
  expect(monitor.replies()).toEqual(["PONG", line('"PING"')]);
});

test("is refused within a transaction", async () => {
  const client = (await respHarness()).client();
  client.send("MULTI");
  client.send("MONITOR");
  expect(client.send("EXEC")).toEqual([
    new ReplyError("ERR MONITOR isn't allowed for DENY BLOCKING client"),
  ]);
});
