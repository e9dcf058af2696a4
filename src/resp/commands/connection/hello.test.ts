import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { REDIS_VERSION } from "../../compat.ts";

test("answers what the server is, a map in RESP3 and a flat array in RESP2", async () => {
  const one = (await respHarness()).client();
  const { id } = one.connection.client;
  const fields = (proto: number): (readonly [string, unknown])[] => [
    ["server", "redis"],
    ["version", REDIS_VERSION],
    ["proto", proto],
    ["id", id],
    ["mode", "standalone"],
    ["role", "master"],
    ["modules", []],
  ];
  expect(one.send("HELLO")).toEqual(fields(2).flat());
  expect(one.send("HELLO", "3")).toEqual(new Map(fields(3)));
  expect(one.send("HELLO")).toEqual(new Map(fields(3)));
  expect(one.send("HELLO", "2")).toEqual(fields(2).flat());
});

test("the protocol changes what later replies look like", async () => {
  const one = (await respHarness()).client();
  one.feed("HELLO 3\r\nGET k\r\nHELLO 2\r\nGET k\r\n");
  one.replies();
  one.feed("HELLO 3\r\nGET k\r\n");
  one.connection.client.door.turn.flush();
  expect(one.wire.written.endsWith("_\r\n")).toBe(true);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["1", "NOPROTO unsupported protocol version"],
  ["4", "NOPROTO unsupported protocol version"],
  ["x", "ERR Protocol version is not an integer or out of range"],
  ["99999999999999999999", "ERR Protocol version is not an integer or out of range"],
  ["3 AUTH default", "ERR Syntax error in HELLO option 'AUTH'"],
  ["3 SETNAME", "ERR Syntax error in HELLO option 'SETNAME'"],
  ["3 nonsense", "ERR Syntax error in HELLO option 'nonsense'"],
  ["3 AUTH other x", "WRONGPASS invalid username-password pair or user is disabled."],
];
for (const [rest, error] of REFUSED) {
  test(`HELLO ${rest} is refused and changes nothing`, async () => {
    const one = (await respHarness()).client();
    one.send("CLIENT", "SETNAME", "before");
    expect(one.send("HELLO", ...rest.split(" "))).toEqual(new ReplyError(error));
    expect(one.connection.client.resp).toBe(2);
    expect(one.send("CLIENT", "GETNAME")).toBe("before");
  });
}

test("names the connection, the last name given counting", async () => {
  const one = (await respHarness()).client();
  one.send("HELLO", "3", "SETNAME", "x", "AUTH", "default", "y", "setname", "z");
  expect(one.send("CLIENT", "GETNAME")).toBe("z");
  expect(one.send("HELLO", "3", "SETNAME", "a b")).toEqual(
    new ReplyError("ERR Client names cannot contain spaces, newlines or special characters."),
  );
});

test("a stranger has to say the password with it", async () => {
  const one = (await respHarness({ password: "p" })).client();
  const refused = new ReplyError(
    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO " +
      "<proto> AUTH <user> <pass> option can be used to authenticate the client and select the " +
      "RESP protocol version at the same time",
  );
  expect(one.send("HELLO")).toEqual(refused);
  expect(one.send("HELLO", "3")).toEqual(refused);
  expect(one.send("HELLO", "3", "AUTH", "default", "x")).toEqual(
    new ReplyError("WRONGPASS invalid username-password pair or user is disabled."),
  );
  expect(one.send("HELLO", "3", "AUTH", "default", "p")).toBeInstanceOf(Map);
  expect(one.send("ECHO", "x".repeat(100_000))).toHaveLength(100_000);
});
