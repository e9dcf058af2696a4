import { expect, test } from "vitest";
import { respHarness } from "../../test/support/resp-harness.ts";
import type { TestClient } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import type { Reply } from "../../test/support/resp-reply.ts";

const ABORTED = new ReplyError("EXECABORT Transaction discarded because of previous errors.");

/** Commands as words, sent one after the other. */
function run(client: TestClient, ...commands: string[]): Reply[] {
  return commands.map((command) => client.send(...command.split(" ")));
}

test("queues commands and runs them all at EXEC", async () => {
  const { client } = await respHarness();
  const one = client();
  expect(run(one, "MULTI", "SET a 1", "INCR a", "GET a")).toEqual([
    "OK",
    "QUEUED",
    "QUEUED",
    "QUEUED",
  ]);
  expect(client().send("GET", "a")).toBeNull();
  expect(one.send("EXEC")).toEqual(["OK", 2, "2"]);
  expect(one.send("GET", "a")).toBe("2");
});

test("an empty transaction answers an empty array", async () => {
  const one = (await respHarness()).client();
  expect(run(one, "MULTI", "EXEC", "EXEC")).toEqual([
    "OK",
    [],
    new ReplyError("ERR EXEC without MULTI"),
  ]);
});

test("keeps copies of the arguments, binary ones too", async () => {
  const one = (await respHarness()).client();
  one.send("MULTI");
  one.send("SET", "k", Buffer.from([0, 13, 10, 255]));
  one.send("SET", "other", "x".repeat(1000));
  one.send("GET", "k");
  expect(one.send("EXEC")).toEqual(["OK", "OK", "\0\r\n\xff"]);
});

test("an error of one command does not stop the others", async () => {
  const one = (await respHarness()).client();
  run(one, "SET a x", "MULTI", "INCR a", "SET b 1");
  const [first, second] = one.send("EXEC") as Reply[];
  expect(first).toEqual(new ReplyError("ERR value is not an integer or out of range"));
  expect(second).toBe("OK");
});

const REFUSED: readonly [string, Reply][] = [
  ["GET", new ReplyError("ERR wrong number of arguments for 'get' command")],
  ["NOSUCH", new ReplyError("ERR unknown command 'NOSUCH', with args beginning with: ")],
  ["CLIENT NOSUCH", new ReplyError("ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.")],
  ["DISCARD x", new ReplyError("ERR wrong number of arguments for 'discard' command")],
];
for (const [command, error] of REFUSED) {
  test(`${command} while queueing makes EXEC refuse`, async () => {
    const one = (await respHarness()).client();
    expect(run(one, "MULTI", "SET a 1", command, "SET b 1")).toEqual([
      "OK",
      "QUEUED",
      error,
      "QUEUED",
    ]);
    expect(one.send("EXEC")).toEqual(ABORTED);
    expect(run(one, "GET a", "EXEC")).toEqual([null, new ReplyError("ERR EXEC without MULTI")]);
  });
}

test("an EXEC with arguments ends the transaction", async () => {
  const one = (await respHarness()).client();
  const error = new ReplyError(
    "EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command",
  );
  expect(run(one, "EXEC x", "MULTI", "SET a 1", "EXEC x", "EXEC", "GET a")).toEqual([
    error,
    "OK",
    "QUEUED",
    error,
    new ReplyError("ERR EXEC without MULTI"),
    null,
  ]);
});

test("neither a nested MULTI nor WATCH within it spoils the transaction", async () => {
  const one = (await respHarness()).client();
  expect(run(one, "MULTI", "MULTI", "WATCH a", "SET a 1", "EXEC")).toEqual([
    "OK",
    new ReplyError("ERR MULTI calls can not be nested"),
    new ReplyError("ERR WATCH inside MULTI is not allowed"),
    "QUEUED",
    ["OK"],
  ]);
});

test("DISCARD forgets the queue and the watches", async () => {
  const { client } = await respHarness();
  const one = client();
  const noMulti = new ReplyError("ERR DISCARD without MULTI");
  expect(run(one, "DISCARD", "SET a 0", "WATCH a", "MULTI", "SET a 1", "DISCARD")).toEqual([
    noMulti,
    "OK",
    "OK",
    "OK",
    "QUEUED",
    "OK",
  ]);
  client().send("SET", "a", "2");
  expect(run(one, "GET a", "MULTI", "GET a", "EXEC")).toEqual(["2", "OK", "QUEUED", ["2"]]);
});

test("RESET and QUIT are not queued", async () => {
  const one = (await respHarness()).client();
  expect(run(one, "MULTI", "SET a 1", "RESET", "GET a", "MULTI", "QUIT")).toEqual([
    "OK",
    "QUEUED",
    "RESET",
    null,
    "OK",
    "OK",
  ]);
  expect(one.wire.isClosed).toBe(true);
});

test("commands of a transaction follow its SELECT, and so do those after it", async () => {
  const one = (await respHarness()).client();
  run(one, "MULTI", "SELECT 3", "SET a 1", "EXEC");
  expect(run(one, "GET a", "SELECT 0", "GET a")).toEqual(["1", "OK", null]);
});

test("HELLO within a transaction changes the protocol from its reply on", async () => {
  const one = (await respHarness()).client();
  run(one, "MULTI", "GET a", "HELLO 3", "GET a");
  one.feed("EXEC\r\n");
  one.replies();
  expect(one.send("NAMESPACE")).toBe("default");
  run(one, "MULTI", "GET a");
  one.feed("EXEC\r\n");
  expect(one.replies()).toEqual([[null]]);
});

test("a queue beyond the query buffer aborts the transaction and frees it", async () => {
  const { client, door } = await respHarness({ queryBytesMax: 4096 });
  const one = client();
  one.send("MULTI");
  let reply: Reply = "QUEUED";
  let queued = 0;
  for (; reply === "QUEUED" && queued < 100; queued++) reply = one.send("SET", "k", "x".repeat(90));
  expect(reply).toEqual(
    new ReplyError("ERR the transaction is longer than the query buffer may be"),
  );
  expect(queued).toBeGreaterThan(3);
  expect(door.clients.get(one.connection.client.id)!.transaction!.bytes).toBe(0);
  expect(run(one, "SET k 1", "EXEC", "GET k")).toEqual(["QUEUED", ABORTED, null]);
});

const WRONG_COUNTS: readonly string[] = ["MULTI x", "WATCH", "UNWATCH x"];
for (const command of WRONG_COUNTS) {
  test(`${command} has the wrong number of arguments`, async () => {
    const name = command.split(" ")[0]!.toLowerCase();
    expect((await respHarness()).client().send(...command.split(" "))).toEqual(
      new ReplyError(`ERR wrong number of arguments for '${name}' command`),
    );
  });
}
