import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

function fileOf(text: string, path = "pykv.yaml") {
  const written: string[] = [];
  const configFile = {
    path,
    read: () => Promise.resolve(written.at(-1) ?? text),
    replace: (fresh: string) => Promise.resolve(void written.push(fresh)),
  };
  return { configFile, written };
}

test("is refused without a configuration file", async () => {
  expect((await respHarness()).client().send("CONFIG", "REWRITE")).toEqual(
    new ReplyError("ERR The server is running without a config file"),
  );
});

test("writes what has changed, and keeps the rest as it is", async () => {
  const { configFile, written } = fileOf("# mine\nport: 9000 # REST\nslowlog-max-len: 128\n");
  const client = (await respHarness({}, {}, { configFile })).client();
  client.send("CONFIG", "SET", "slowlog-max-len", "5", "timeout", "60", "requirepass", "secret");
  client.feed("CONFIG REWRITE\r\n");
  expect(await client.waitForReplies()).toEqual(["OK"]);
  expect(written).toHaveLength(1);
  expect(written[0]).toContain("# mine\nport: 9000 # REST\nslowlog-max-len: 5\n");
  expect(written[0]).toContain("resp-idle-timeout: 1m\n");
  expect(written[0]).not.toContain("secret");
});

test("does not touch a file that says it all already", async () => {
  const { configFile, written } = fileOf("slowlog-max-len: 5\nmax-memory: 4gb\n");
  const client = (await respHarness({}, {}, { configFile })).client();
  client.send("CONFIG", "SET", "slowlog-max-len", "5");
  client.feed("CONFIG REWRITE\r\n");
  expect(await client.waitForReplies()).toEqual(["OK"]);
  expect(written).toEqual([]);
});

test("writes a value that was changed, written and changed back", async () => {
  const { configFile, written } = fileOf("");
  const client = (await respHarness({}, {}, { configFile })).client();
  for (const length of ["5", "128"]) {
    client.send("CONFIG", "SET", "slowlog-max-len", length);
    client.feed("CONFIG REWRITE\r\n");
    expect(await client.waitForReplies()).toEqual(["OK"]);
  }
  expect(written).toEqual(["slowlog-max-len: 5\n", "slowlog-max-len: 128\n"]);
});

test("tells when the file can't be written", async () => {
  const configFile = {
    path: "pykv.yaml",
    read: () => Promise.resolve(""),
    replace: () => Promise.reject(new Error("EROFS: read-only file system")),
  };
  const client = (await respHarness({}, {}, { configFile })).client();
  client.send("CONFIG", "SET", "timeout", "60");
  client.feed("CONFIG REWRITE\r\n");
  expect(await client.waitForReplies()).toEqual([
    new ReplyError("ERR Rewriting config file: EROFS: read-only file system"),
  ]);
});
