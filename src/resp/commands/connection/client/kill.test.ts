import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

test("by address, closes all from there, the client itself among them", async () => {
  const { client, door } = await respHarness();
  const [one, two] = [client(), client()];
  expect(one.send("CLIENT", "KILL", "1.2.3.4:5")).toEqual(new ReplyError("ERR No such client"));
  expect(one.send("CLIENT", "KILL", "127.0.0.1:50000")).toBe("OK");
  expect([one.wire.isClosed, two.wire.isClosed, door.clients.size]).toEqual([true, true, 0]);
});

interface KillCase {
  readonly filter: string;
  /** Of the clients 1 (who asks), 2 and 3 (which subscribes). */
  readonly killed: readonly number[];
}

const CASES: readonly KillCase[] = [
  { filter: "ID 2", killed: [2] },
  { filter: "id 99", killed: [] },
  { filter: "ID 1", killed: [] },
  { filter: "ID 1 SKIPME no", killed: [1] },
  { filter: "ADDR 127.0.0.1:50000", killed: [2, 3] },
  { filter: "ADDR 127.0.0.1:50000 SKIPME NO", killed: [1, 2, 3] },
  { filter: "LADDR 127.0.0.1:6380", killed: [2, 3] },
  { filter: "LADDR 127.0.0.1:1", killed: [] },
  { filter: "TYPE pubsub", killed: [3] },
  { filter: "TYPE normal", killed: [2] },
  { filter: "TYPE master", killed: [] },
  { filter: "USER default", killed: [2, 3] },
  { filter: "ID 2 TYPE pubsub", killed: [] },
  { filter: "SKIPME yes", killed: [2, 3] },
  { filter: "MAXAGE 10", killed: [2] },
  { filter: "MAXAGE 11", killed: [] },
];
for (const { filter, killed } of CASES) {
  test(`CLIENT KILL ${filter} closes ${killed.length}`, async () => {
    const { client, clock } = await respHarness();
    const clients = [client(), client()];
    clock.advance(10_000);
    clients.push(client());
    clients[2]!.send("SUBSCRIBE", "c");
    expect(clients[0]!.send("CLIENT", "KILL", ...filter.split(" "))).toBe(killed.length);
    const closed = clients.flatMap(({ wire }, i) => (wire.isClosed ? [i + 1] : []));
    expect(closed).toEqual(killed);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["ID x", "ERR client-id should be greater than 0"],
  ["ID 0", "ERR client-id should be greater than 0"],
  ["ID -1", "ERR client-id should be greater than 0"],
  ["ID 99999999999999999999", "ERR client-id should be greater than 0"],
  ["TYPE nobody", "ERR Unknown client type 'nobody'"],
  ["USER nobody", "ERR No such user 'nobody'"],
  ["SKIPME maybe", "ERR syntax error"],
  ["ID 2 SKIPME", "ERR syntax error"],
  ["foo bar", "ERR syntax error"],
  ["MAXAGE x", "ERR maxage is not an integer or out of range"],
  ["MAXAGE 0", "ERR maxage should be greater than 0"],
];
for (const [filter, error] of REFUSED) {
  test(`CLIENT KILL ${filter} is refused`, async () => {
    const { client, door } = await respHarness();
    const one = client();
    client();
    expect(one.send("CLIENT", "KILL", ...filter.split(" "))).toEqual(new ReplyError(error));
    expect(door.clients.size).toBe(2);
  });
}

test("needs to be told whom", async () => {
  const one = (await respHarness()).client();
  expect(one.send("CLIENT", "KILL")).toEqual(
    new ReplyError("ERR wrong number of arguments for 'client|kill' command"),
  );
});
