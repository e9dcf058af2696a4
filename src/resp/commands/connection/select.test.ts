import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("0 is the default namespace, n is db<n>", async () => {
  const one = (await respHarness()).client();
  for (const [index, name] of [
    ["1", "db1"],
    ["15", "db15"],
    ["0", "default"],
  ] as const) {
    expect(one.send("SELECT", index)).toBe("OK");
    expect(one.send("NAMESPACE")).toBe(name);
  }
});

test("keys of one database are not in another", async () => {
  const one = (await respHarness()).client();
  one.send("SET", "k", "0");
  one.send("SELECT", "1");
  expect(one.send("GET", "k")).toBeNull();
  one.send("SET", "k", "1");
  one.send("SELECT", "0");
  expect(one.send("GET", "k")).toBe("0");
});

const NO_INTEGER = "ERR value is not an integer or out of range";
const REFUSED: readonly (readonly [string, string])[] = [
  ["16", "ERR DB index is out of range"],
  ["-1", "ERR DB index is out of range"],
  ["x", NO_INTEGER],
  ["", NO_INTEGER],
  ["01", NO_INTEGER],
  ["99999999999999999999", NO_INTEGER],
  ["99999999999", "ERR value is out of range, value must between -2147483648 and 2147483647"],
];
for (const [index, error] of REFUSED) {
  test(`refuses database '${index}' and stays where it is`, async () => {
    const one = (await respHarness()).client();
    one.send("SELECT", "2");
    expect(one.send("SELECT", index)).toEqual(new ReplyError(error));
    expect(one.send("NAMESPACE")).toBe("db2");
  });
}
