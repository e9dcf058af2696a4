import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";
import { createRandom, randomBelow } from "../../../../test/support/random.ts";

const A = "ff00f0aa";
const B = "0f";
const C = "330055";

/** Operation, sources in hexadecimal (`-` for a key that is not there), the result. */
const CASES: readonly (readonly [string, readonly string[], string])[] = [
  ["AND", [A, B], "0f000000"],
  ["and", [B, A], "0f000000"],
  ["OR", [A, B, C], "ff00f5aa"],
  ["Xor", [A, B, C], "c300a5aa"],
  ["XOR", [A, A], "00000000"],
  ["NOT", [A], "00ff0f55"],
  ["AND", [A], A],
  ["AND", [A, "-"], "00000000"],
  ["AND", ["-", A], "00000000"],
  ["OR", ["-", A, "-"], A],
  ["OR", ["", B], B],
];

for (const [operation, sources, result] of CASES) {
  test(`${operation} of ${sources.join(" and ")} is ${result}`, async () => {
    const client = (await respHarness()).client();
    sources.forEach((hex, i) => {
      if (hex !== "-") client.send("SET", `s${i}`, Buffer.from(hex, "hex"));
    });
    const keys = sources.map((_, i) => `s${i}`);
    expect(client.send("BITOP", operation, "to", ...keys)).toBe(result.length / 2);
    expect(client.send("GET", "to")).toBe(Buffer.from(result, "hex").toString("latin1"));
  });
}

test("the result may replace one of the sources", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", Buffer.from([1, 2, 3]));
  expect(client.send("BITOP", "NOT", "k", "k")).toBe(3);
  expect(client.send("GET", "k")).toBe("\xfe\xfd\xfc");
});

test("an empty result deletes the key", async () => {
  const { client, store } = await respHarness();
  const one = client();
  one.send("SET", "to", "something");
  expect(one.send("BITOP", "OR", "to", "nothing", "nobody")).toBe(0);
  expect(one.send("GET", "to")).toBeNull();
  const { lastSeq } = store.engine.journal;
  expect(one.send("BITOP", "NOT", "to", "nothing")).toBe(0);
  expect(store.engine.journal.lastSeq).toBe(lastSeq);
});

test("the result has no deadline", async () => {
  const { client, store, clock } = await respHarness();
  const deadlineMs = clock.nowMs() + 1000;
  await store.set({ namespace: "default", key: "to", kind: "json", value: "1", deadlineMs });
  client().send("BITOP", "OR", "to", "to");
  expect(store.get("default", "to")).toMatchObject({ kind: "bytes", deadlineMs: 0 });
});

test("long strings are combined as short ones are", async () => {
  const client = (await respHarness()).client();
  const random = createRandom(7);
  const lengths = [200_000, 65_536, 65_537, 131_071, 3];
  const values = lengths.map((length) => {
    return Buffer.from(Uint8Array.from({ length }, () => randomBelow(random, 256)));
  });
  values.forEach((value, i) => client.send("SET", `s${i}`, value));
  const keys = values.map((_, i) => `s${i}`);
  const byteOf = (value: Buffer, i: number): number => value[i] ?? 0;
  const folds = [
    ["AND", (a: number, b: number) => a & b],
    ["OR", (a: number, b: number) => a | b],
    ["XOR", (a: number, b: number) => a ^ b],
  ] as const;
  for (const [operation, fold] of folds) {
    expect(client.send("BITOP", operation, "to", ...keys)).toBe(200_000);
    const expected = Buffer.from(
      Uint8Array.from({ length: 200_000 }, (_, i) =>
        values.map((value) => byteOf(value, i)).reduce(fold),
      ),
    );
    expect(client.send("GET", "to") === expected.toString("latin1")).toBe(true);
  }
});

test("refuses another operation, and NOT of several", async () => {
  const client = (await respHarness()).client();
  const several = new ReplyError("ERR BITOP NOT must be called with a single source key.");
  expect(client.send("BITOP", "NAND", "to", "a")).toEqual(new ReplyError("ERR syntax error"));
  expect(client.send("BITOP", "", "to", "a")).toEqual(new ReplyError("ERR syntax error"));
  expect(client.send("BITOP", "NOT", "to", "a", "b")).toEqual(several);
});

test("takes at least an operation, a key and a source", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'bitop' command");
  expect(client.send("BITOP", "AND", "to")).toEqual(error);
});
