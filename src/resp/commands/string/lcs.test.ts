import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const A = "ohmytext";
const B = "mynewtext";

async function withValues(a: string | Buffer = A, b: string | Buffer = B): Promise<TestClient> {
  const client = (await respHarness()).client();
  client.send("MSET", "a", a, "b", b);
  return client;
}

for (const [a, b, expected] of [
  [A, B, "mytext"],
  ["", "", ""],
  ["abc", "", ""],
  ["abc", "def", ""],
  ["abc", "abc", "abc"],
  ["AGCAT", "GAC", "GA"],
  ["a", "ba", "a"],
] as const) {
  test(`of "${a}" and "${b}" is "${expected}"`, async () => {
    const client = await withValues(a, b);
    expect(client.send("LCS", "a", "b")).toBe(expected);
    expect(client.send("LCS", "a", "b", "LEN")).toBe(expected.length);
  });
}

test("works on bytes, and on a key with itself", async () => {
  const client = await withValues(Buffer.from([0, 255, 1]), Buffer.from([255, 0, 1]));
  expect(client.send("LCS", "a", "b")).toHaveLength(2);
  expect(client.send("LCS", "a", "a")).toBe("\x00\xff\x01");
});

test("takes a key that is not there, or past its deadline, for an empty one", async () => {
  const { clock, client } = await respHarness();
  const one = client();
  one.send("SET", "a", "abc", "PX", 10);
  expect(one.send("LCS", "a", "none")).toBe("");
  clock.advance(10);
  expect(one.send("LCS", "a", "a", "LEN")).toBe(0);
  expect(one.send("LCS", "a", "none", "IDX")).toEqual(["matches", [], "len", 0]);
});

const TEXT = [
  [4, 7],
  [5, 8],
];
const MY = [
  [2, 3],
  [0, 1],
];
for (const [options, matches] of [
  [["IDX"], [TEXT, MY]],
  [["idx", "MINMATCHLEN", "4"], [TEXT]],
  [
    ["IDX", "MINMATCHLEN", "-1"],
    [TEXT, MY],
  ],
  [["IDX", "MINMATCHLEN", "9223372036854775807"], []],
  [["MINMATCHLEN", "4", "WITHMATCHLEN", "IDX"], [[...TEXT, 4]]],
  [
    ["IDX", "WITHMATCHLEN"],
    [
      [...TEXT, 4],
      [...MY, 2],
    ],
  ],
] as const) {
  test(`${options.join(" ")} answers where the two match`, async () => {
    const client = await withValues();
    expect(client.send("LCS", "a", "b", ...options)).toEqual(["matches", matches, "len", 6]);
    client.connection.client.resp = 3;
    const map = new Map<unknown, unknown>([
      ["matches", matches],
      ["len", 6],
    ]);
    expect(client.send("LCS", "a", "b", ...options)).toEqual(map);
  });
}

for (const [options, error] of [
  [["BOGUS"], "ERR syntax error"],
  [["MINMATCHLEN"], "ERR syntax error"],
  [["MINMATCHLEN", "x"], "ERR value is not an integer or out of range"],
  [["IDX", "LEN"], "ERR If you want both the length and indexes, please just use IDX."],
] as const) {
  test(`refuses ${options.join(" ")}`, async () => {
    const client = await withValues();
    expect(client.send("LCS", "a", "b", ...options)).toEqual(new ReplyError(error));
  });
}

test("refuses what would take too long, and does what is just within the bound", async () => {
  const client = await withValues("ab".repeat(50), "b".repeat(165_000));
  expect(client.send("LCS", "a", "b", "LEN")).toBe(50);
  client.send("APPEND", "b", "b".repeat(2_000));
  const error = new ReplyError("ERR String too long for LCS");
  expect(client.send("LCS", "a", "b", "LEN")).toEqual(error);
  expect(client.send("LCS", "b", "b")).toEqual(error);
});

test("takes at least two keys", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'lcs' command");
  expect(client.send("LCS", "a")).toEqual(error);
});
