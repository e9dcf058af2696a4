/** CLIENT NO-EVICT, NO-TOUCH and UNBLOCK. */
import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";

for (const [name, letter] of [
  ["NO-EVICT", "e"],
  ["NO-TOUCH", "T"],
] as const) {
  test(`CLIENT ${name} is turned on and off`, async () => {
    const one = (await respHarness()).client();
    expect(one.send("CLIENT", name, "on")).toBe("OK");
    expect(one.send("CLIENT", "INFO")).toContain(` flags=${letter} `);
    expect(one.send("CLIENT", name, "OFF")).toBe("OK");
    expect(one.send("CLIENT", "INFO")).toContain(" flags=N ");
    expect(one.send("CLIENT", name, "foo")).toEqual(new ReplyError("ERR syntax error"));
    expect(one.send("CLIENT", name)).toEqual(
      new ReplyError(`ERR wrong number of arguments for 'client|${name.toLowerCase()}' command`),
    );
  });
}

test("with NO-TOUCH, reading a key does not keep it from being evicted", async () => {
  for (const isTouched of [true, false]) {
    const one = (await respHarness({}, { capacityKeys: 2 })).client();
    one.send("SET", "a", "1");
    one.send("SET", "b", "1");
    one.send("CLIENT", "NO-TOUCH", isTouched ? "OFF" : "ON");
    one.send("GET", "a");
    one.send("SET", "c", "1");
    expect(one.send("EXISTS", "a")).toBe(isTouched ? 1 : 0);
  }
});

test("CLIENT NO-TOUCH leaves hits and misses counted, once each", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.send("CLIENT", "NO-TOUCH", "ON");
  one.send("SET", "k", "v");
  one.send("GET", "k");
  one.send("GET", "missing");
  expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
});

const UNBLOCK: readonly (readonly [string, unknown])[] = [
  ["1", 0],
  ["99 TIMEOUT", 0],
  ["99 error", 0],
  ["x", new ReplyError("ERR value is not an integer or out of range")],
  ["x foo", new ReplyError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")],
  [
    "1 TIMEOUT x",
    new ReplyError(
      "ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.",
    ),
  ],
];
for (const [rest, reply] of UNBLOCK) {
  test(`CLIENT UNBLOCK ${rest}`, async () => {
    const one = (await respHarness()).client();
    expect(one.send("CLIENT", "UNBLOCK", ...rest.split(" "))).toEqual(reply);
  });
}
