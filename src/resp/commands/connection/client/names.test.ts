/** CLIENT ID, GETNAME, SETNAME, SETINFO: what a connection is called. */
import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

test("every connection has a number of its own, which is not given again", async () => {
  const { client } = await respHarness();
  const one = client();
  expect(one.send("CLIENT", "ID")).toBe(1);
  expect(client().send("client", "id")).toBe(2);
  one.close();
  expect(client().send("CLIENT", "ID")).toBe(3);
});

test("a name is kept, and an empty one takes it away", async () => {
  const one = (await respHarness()).client();
  expect(one.send("CLIENT", "GETNAME")).toBeNull();
  expect(one.send("CLIENT", "SETNAME", "me~!")).toBe("OK");
  expect(one.send("CLIENT", "GETNAME")).toBe("me~!");
  expect(one.send("CLIENT", "SETNAME", "")).toBe("OK");
  expect(one.send("CLIENT", "GETNAME")).toBeNull();
});

for (const name of ["a b", "a\n", "\x7f", "ä", "\0"]) {
  test(`${JSON.stringify(name)} is no name`, async () => {
    const one = (await respHarness()).client();
    one.send("CLIENT", "SETNAME", "before");
    expect(one.send("CLIENT", "SETNAME", name)).toEqual(
      new ReplyError("ERR Client names cannot contain spaces, newlines or special characters."),
    );
    expect(one.send("CLIENT", "GETNAME")).toBe("before");
    expect(one.send("CLIENT", "SETINFO", "lib-name", name)).toEqual(
      new ReplyError("ERR lib-name cannot contain spaces, newlines or special characters."),
    );
  });
}

test("the library and its version show in CLIENT INFO", async () => {
  const one = (await respHarness()).client();
  expect(one.send("CLIENT", "SETINFO", "LIB-NAME", "redis-js(x)")).toBe("OK");
  expect(one.send("CLIENT", "SETINFO", "lib-ver", "1.2.3")).toBe("OK");
  expect(one.send("CLIENT", "INFO")).toContain(" lib-name=redis-js(x) lib-ver=1.2.3\n");
  expect(one.send("CLIENT", "SETINFO", "LIB-NAME", "")).toBe("OK");
  expect(one.send("CLIENT", "INFO")).toContain(" lib-name= lib-ver=1.2.3\n");
  expect(one.send("CLIENT", "SETINFO", "LIB", "x")).toEqual(
    new ReplyError("ERR Unrecognized option 'LIB'"),
  );
});

const WRONG_COUNTS = ["id x", "getname x", "setname", "setname a b", "setinfo lib-name", "info x"];
for (const rest of WRONG_COUNTS) {
  test(`CLIENT ${rest} has the wrong number of arguments`, async () => {
    const [name] = rest.split(" ");
    expect((await respHarness()).client().send("CLIENT", ...rest.split(" "))).toEqual(
      new ReplyError(`ERR wrong number of arguments for 'client|${name}' command`),
    );
  });
}

test("CLIENT alone, and with what it does not know", async () => {
  const one = (await respHarness()).client();
  expect(one.send("CLIENT")).toEqual(
    new ReplyError("ERR wrong number of arguments for 'client' command"),
  );
  expect(one.send("CLIENT", "foo")).toEqual(
    new ReplyError("ERR unknown subcommand 'foo'. Try CLIENT HELP."),
  );
});

test("CLIENT HELP names every subcommand", async () => {
  const one = (await respHarness()).client();
  const lines = one.send("CLIENT", "HELP") as string[];
  const { registry } = one.connection.client.door.dispatcher;
  for (const name of registry.named("client")!.subcommands!.keys()) {
    expect(lines.some((line) => line.startsWith(name.toUpperCase()))).toBe(true);
  }
});

test("a name may not be of any length", async () => {
  const one = (await respHarness()).client();
  expect(one.send("CLIENT", "SETNAME", "n".repeat(4096))).toBe("OK");
  const error = new ReplyError("ERR Client names cannot be longer than 4096 bytes.");
  expect(one.send("CLIENT", "SETNAME", "n".repeat(4097))).toEqual(error);
  expect(one.send("CLIENT", "SETINFO", "LIB-NAME", "n".repeat(4097))).toBeInstanceOf(ReplyError);
  expect(one.send("HELLO", "3", "SETNAME", "n".repeat(4097))).toEqual(error);
});
