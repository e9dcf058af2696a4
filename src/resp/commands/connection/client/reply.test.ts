import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

/** Requests as lines, and what comes back. */
const CASES: readonly (readonly [string, readonly unknown[]])[] = [
  ["CLIENT REPLY ON, PING", ["OK", "PONG"]],
  ["CLIENT REPLY SKIP, PING, PING", ["PONG"]],
  ["CLIENT REPLY SKIP, CLIENT REPLY SKIP, PING, PING", ["PONG"]],
  ["CLIENT REPLY SKIP, NOSUCH, PING", ["PONG"]],
  ["CLIENT REPLY SKIP, GET, PING", ["PONG"]],
  ["CLIENT REPLY SKIP, CLIENT REPLY ON, PING", ["OK", "PONG"]],
  ["CLIENT REPLY SKIP, CLIENT REPLY OFF, PING, CLIENT REPLY ON", ["OK"]],
  ["CLIENT REPLY OFF, PING, NOSUCH, GET, SET a 1, CLIENT REPLY ON, GET a", ["OK", "1"]],
  ["CLIENT REPLY OFF, CLIENT REPLY SKIP, PING, CLIENT REPLY ON, PING", ["OK", "PONG"]],
  ["CLIENT REPLY SKIP, MULTI, PING, EXEC", ["QUEUED", ["PONG"]]],
  ["MULTI, PING, CLIENT REPLY SKIP", ["OK", "QUEUED", "QUEUED"]],
  ["CLIENT REPLY OFF, MULTI, PING, EXEC, CLIENT REPLY ON", ["OK"]],
  ["CLIENT REPLY foo, PING", [new ReplyError("ERR syntax error"), "PONG"]],
];
for (const [requests, replies] of CASES) {
  for (const step of [Infinity, 1]) {
    test(`${requests}, fed ${step} bytes at a time`, async () => {
      const one = (await respHarness()).client();
      one.feed(
        requests
          .split(", ")
          .map((line) => `${line}\r\n`)
          .join(""),
        step,
      );
      expect(one.replies()).toEqual(replies);
    });
  }
}

test("what is pushed comes all the same", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  one.send("HELLO", "3");
  one.feed("CLIENT REPLY OFF\r\nSUBSCRIBE c\r\nPING\r\n");
  two.send("PUBLISH", "c", "message");
  expect(one.replies()).toEqual([]);
  expect(one.pushed.map(({ items }) => items)).toEqual([
    ["subscribe", "c", 1],
    ["message", "c", "message"],
  ]);
});

test("takes one argument", async () => {
  const error = new ReplyError("ERR wrong number of arguments for 'client|reply' command");
  const one = (await respHarness()).client();
  expect(one.send("CLIENT", "REPLY")).toEqual(error);
  expect(one.send("CLIENT", "REPLY", "ON", "x")).toEqual(error);
});
