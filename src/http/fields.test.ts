import { expect, test } from "vitest";
import { checkKey, deadlineOf, integerOf, namespaceOf, ttlOf } from "./fields.ts";

const code = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return (error as { code: unknown }).code;
  }
  return "none";
};

const KEYS: readonly [title: string, key: string, code: string][] = [
  ["one byte", "a", "none"],
  ["a zero byte", "\0", "none"],
  ["a pair of surrogates", "😀", "none"],
  ["65,535 bytes", "a".repeat(65_535), "none"],
  ["65,535 bytes in 21,845 characters", "€".repeat(21_845), "none"],
  ["no byte", "", "INVALID_KEY"],
  ["65,536 bytes", "a".repeat(65_536), "INVALID_KEY"],
  ["65,538 bytes in 21,846 characters", "€".repeat(21_846), "INVALID_KEY"],
  ["a high surrogate alone", "a\ud800", "INVALID_KEY"],
  ["a low surrogate alone", "\udc00a", "INVALID_KEY"],
];

for (const [title, key, expected] of KEYS) {
  test(`a key of ${title}: ${expected}`, () =>
    expect(code(() => checkKey(key, "path/key"))).toBe(expected));
}

test("the namespace comes from body, query or default, and two must agree", () => {
  expect(namespaceOf(undefined, undefined)).toBe("default");
  expect(namespaceOf("q", undefined)).toBe("q");
  expect(namespaceOf(undefined, "b")).toBe("b");
  expect(namespaceOf("x", "x")).toBe("x");
  expect(code(() => namespaceOf("q", "b"))).toBe("INVALID_NAMESPACE");
});

for (const [ttl, deadlineMs] of [
  [undefined, 0],
  [null, 0],
  [1, 11_000],
  [0.001, 10_001],
  [0.0001, 10_001],
  [1.2345, 11_235],
] as const) {
  test(`a ttl of ${ttl} seconds at 10.0007 s ends at ${deadlineMs} ms`, () =>
    expect(deadlineOf(ttl, 10_000.7)).toBe(deadlineMs));
}

test("seconds left have milliseconds, never a sign, and null means never", () => {
  expect(ttlOf(0, 5_000)).toBeNull();
  expect(ttlOf(6_234, 5_000)).toBe(1.234);
  expect(ttlOf(4_000, 5_000)).toBe(0);
});

const INTEGERS: readonly [raw: string, value: bigint | "INVALID_REQUEST"][] = [
  ["0", 0n],
  ["-7", -7n],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 2n ** 63n - 1n],
  ["-9223372036854775808", -(2n ** 63n)],
  ["1e3", 1000n],
  ["2.0", 2n],
  ["9223372036854775808", "INVALID_REQUEST"],
  ["-9223372036854775809", "INVALID_REQUEST"],
  ["1e300", "INVALID_REQUEST"],
  ["9".repeat(300), "INVALID_REQUEST"],
];

for (const [raw, value] of INTEGERS) {
  test(`the JSON number ${raw.slice(0, 30)} is ${value}`, () => {
    const read = (): bigint => integerOf(JSON.parse(raw) as number, raw, "body/by");
    if (value === "INVALID_REQUEST") expect(code(read)).toBe(value);
    else expect(read()).toBe(value);
  });
}
