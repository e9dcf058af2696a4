import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

const FIELDS =
  "id addr laddr fd name age idle flags db sub psub ssub multi qbuf qbuf-free argv-mem multi-mem " +
  "rbs rbp obl oll omem tot-mem events cmd user redir resp lib-name lib-ver";

function parse(line: string): Map<string, string> {
  return new Map(
    line.split(" ").map((field) => {
      const at = field.indexOf("=");
      return [field.slice(0, at), field.slice(at + 1)] as const;
    }),
  );
}

test("shows the fields of Redis in their order, a line for each client", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  client();
  two.send("PING");
  const text = one.send("CLIENT", "LIST") as string;
  expect(text.endsWith("\n")).toBe(true);
  const lines = text.trimEnd().split("\n").map(parse);
  expect(lines.map((line) => [...line.keys()].join(" "))).toEqual([FIELDS, FIELDS, FIELDS]);
  expect(lines.map((line) => [line.get("id"), line.get("cmd")])).toEqual([
    ["1", "client|list"],
    ["2", "ping"],
    ["3", "NULL"],
  ]);
});

test("CLIENT INFO is the line of the client itself", async () => {
  const { client, clock } = await respHarness();
  const one = client();
  client();
  one.send("CLIENT", "SETNAME", "me");
  clock.advance(2500);
  const line = parse((one.send("CLIENT", "INFO") as string).trimEnd());
  expect(Object.fromEntries(line)).toMatchObject({
    id: "1",
    addr: "127.0.0.1:50000",
    laddr: "127.0.0.1:6380",
    name: "me",
    age: "2",
    flags: "N",
    db: "0",
    multi: "-1",
    user: "default",
    redir: "-1",
    resp: "2",
    cmd: "client|info",
  });
});

test("shows what state a client is in", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  const shown = (field: string): string | undefined =>
    parse((two.send("CLIENT", "LIST", "ID", "1") as string).trimEnd()).get(field);
  for (const command of ["SELECT 3", "CLIENT NO-EVICT ON", "CLIENT NO-TOUCH ON", "MULTI", "PING"]) {
    one.send(...command.split(" "));
  }
  expect([shown("db"), shown("flags"), shown("multi")]).toEqual(["3", "xeT", "1"]);
  expect(Number(shown("multi-mem"))).toBeGreaterThan(0);
  one.send("DISCARD");
  one.send("SUBSCRIBE", "c");
  expect([shown("flags"), shown("sub")]).toEqual(["PeT", "1"]);
});

test("a namespace without a number shows by its name", async () => {
  const one = (await respHarness()).client();
  one.send("NAMESPACE", "tenant");
  const line = parse((one.send("CLIENT", "INFO") as string).trimEnd());
  expect([line.get("db"), line.get("namespace")]).toEqual(["-1", "tenant"]);
});

test("is verbatim text in RESP3", async () => {
  const one = (await respHarness()).client();
  one.send("HELLO", "3");
  one.feed("CLIENT LIST\r\n");
  one.connection.client.door.turn.flush();
  expect(one.wire.written).toMatch(/^=\d+\r\ntxt:id=1 /);
});

test("selects by type and by id", async () => {
  const { client } = await respHarness();
  const [one, two] = [client(), client()];
  two.send("SUBSCRIBE", "c");
  const ids = (...rest: string[]): number[] =>
    [...(one.send("CLIENT", "LIST", ...rest) as string).matchAll(/^id=(\d+) /gm)].map((found) =>
      Number(found[1]),
    );
  expect(ids("TYPE", "normal")).toEqual([1]);
  expect(ids("type", "PUBSUB")).toEqual([2]);
  expect(ids("TYPE", "master")).toEqual([]);
  expect(ids("TYPE", "replica")).toEqual([]);
  expect(ids("TYPE", "slave")).toEqual([]);
  expect(ids("ID", "2", "1", "99", "2")).toEqual([2, 1, 2]);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["TYPE nobody", "ERR Unknown client type 'nobody'"],
  ["ID x", "ERR Invalid client ID"],
  ["ID 1 x", "ERR Invalid client ID"],
  ["ID", "ERR syntax error"],
  ["TYPE", "ERR syntax error"],
  ["TYPE normal x", "ERR syntax error"],
  ["foo", "ERR syntax error"],
];
for (const [rest, error] of REFUSED) {
  test(`CLIENT LIST ${rest} is refused`, async () => {
    const one = (await respHarness()).client();
    expect(one.send("CLIENT", "LIST", ...rest.split(" "))).toEqual(new ReplyError(error));
  });
}
