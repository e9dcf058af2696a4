import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";

test("shows the namespace and switches to any other", async () => {
  const { client, store } = await respHarness();
  const one = client();
  expect(one.send("NAMESPACE")).toBe("default");
  expect(one.send("NAMESPACE", "tenant:1")).toBe("OK");
  expect(one.send("NAMESPACE")).toBe("tenant:1");
  one.send("SET", "k", "v");
  expect(store.get("tenant:1", "k")?.value.toString()).toBe("v");
  expect(client().send("GET", "k")).toBeNull();
});

test("lists the namespaces that hold keys", async () => {
  const one = (await respHarness()).client();
  expect(one.send("NAMESPACE", "LIST")).toEqual([]);
  one.send("SET", "k", "v");
  one.send("NAMESPACE", "b");
  one.send("SET", "k", "v");
  one.send("NAMESPACE", "empty");
  expect(one.send("namespace", "list")).toEqual(["b", "default"]);
  expect(one.send("NAMESPACE")).toBe("empty");
});

test("does not list what is not on disk yet", async () => {
  const { client, disk } = await respHarnessOnDisk();
  const one = client();
  const release = disk.hold("sync");
  one.feed("SET k v\r\n");
  const two = client();
  two.feed("NAMESPACE LIST\r\n");
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(two.replies()).toEqual([]);
  release();
  expect(await two.waitForReplies()).toEqual([["default"]]);
});

for (const name of ["", "a b", "ä", "x".repeat(65), "\x00"]) {
  test(`refuses ${JSON.stringify(name)} as a name and stays where it is`, async () => {
    const one = (await respHarness()).client();
    const reply = one.send("NAMESPACE", name) as ReplyError;
    expect(reply.message).toMatch(/^ERR The namespace is not valid: /);
    expect(one.send("NAMESPACE")).toBe("default");
  });
}

test("takes one argument at most", async () => {
  const one = (await respHarness()).client();
  expect(one.send("NAMESPACE", "LIST", "x")).toEqual(new ReplyError("ERR syntax error"));
});
