/** Which keys a URL carries, and how. */
import { expect, test } from "vitest";
import { checkKey, checkNamespace, checkPrefix, keyPath, queryString } from "./keys.ts";

const PATHS: [key: string, path: string | null][] = [
  ["a", "/kv/a"],
  ["user:1", "/kv/user%3A1"],
  ["a/b", "/kv/a%2Fb"],
  ["//", "/kv/%2F%2F"],
  ["%", "/kv/%25"],
  ["%2F", "/kv/%252F"],
  ["a b+c", "/kv/a%20b%2Bc"],
  ["?#&", "/kv/%3F%23%26"],
  ["😀", "/kv/%F0%9F%98%80"],
  ["\0", "/kv/%00"],
  ["...", "/kv/..."],
  ["../x", "/kv/..%2Fx"],
  [".", null],
  ["..", null],
  ["k".repeat(4000), `/kv/${"k".repeat(4000)}`],
  ["k".repeat(4001), null],
  ["é".repeat(667), null],
];

for (const [key, path] of PATHS) {
  const shown = key.length > 20 ? `${key.slice(0, 3)}... of ${key.length}` : JSON.stringify(key);
  test(`the key ${shown} ${path === null ? "goes into a body" : "has a path"}`, () => {
    expect(keyPath(checkKey(key))).toBe(path);
    // What a URL parser makes of it is still the key.
    if (path !== null) {
      const { pathname } = new URL(`http://h${path}`);
      expect(decodeURIComponent(pathname.slice("/kv/".length))).toBe(key);
    }
  });
}

for (const key of ["", "\ud83d", "a\udc00b", undefined, null, 7, {}]) {
  test(`${JSON.stringify(key)} is refused as a key`, () => {
    expect(() => checkKey(key)).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
  });
}

for (const name of ["default", ".", "..", "a-b_c.d:e", "x".repeat(64)]) {
  test(`${name} is a namespace`, () => expect(checkNamespace(name)).toBe(name));
}

for (const name of ["", "a b", "ü", "a/b", "x".repeat(65), "a\n", 7, null]) {
  test(`${JSON.stringify(name)} is refused as a namespace`, () => {
    const error: unknown = expect.objectContaining({ code: "INVALID_NAMESPACE" });
    expect(() => checkNamespace(name)).toThrow(error);
  });
}

test("a prefix has to be text", () => {
  expect(checkPrefix("a%/")).toBe("a%/");
  expect(() => checkPrefix("\ud800")).toThrow(/surrogate/);
});

test("a query holds what is given, encoded", () => {
  expect(queryString({})).toBe("");
  expect(queryString({ ns: undefined, cursor: null })).toBe("");
  expect(queryString({ ns: "x:y", prefix: "a+b &", limit: 0, values: true })).toBe(
    "?ns=x%3Ay&prefix=a%2Bb%20%26&limit=0&values=true",
  );
});
