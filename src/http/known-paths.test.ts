import { expect, test } from "vitest";
import { KnownPaths } from "./known-paths.ts";

const paths = new KnownPaths();
for (const [method, url] of [
  ["GET", "/kv/"],
  ["POST", "/kv/"],
  ["GET", "/kv/:key"],
  [["PUT", "DELETE"], "/kv/:key"],
  ["POST", "/kv/:key/incr"],
  ["DELETE", "/:key"],
  ["GET", "/a.json"],
  ["GET", "/docs/static/*"],
] as const) {
  paths.add({ method: method as string | string[], url });
}

const CASES: readonly [path: string, methods: string[]][] = [
  ["/kv/", ["DELETE", "GET", "POST", "PUT"]],
  ["/kv/a", ["DELETE", "GET", "PUT"]],
  ["/kv/a%2Fb\n", ["DELETE", "GET", "PUT"]],
  ["/kv/incr", ["DELETE", "GET", "PUT"]],
  ["/kv/a/incr", ["POST"]],
  ["/kv/a/other", []],
  ["/kv", []],
  ["/anything", []],
  ["/aXjson", []],
  ["/docs/static/x/y", ["GET"]],
];

for (const [path, methods] of CASES) {
  test(`${JSON.stringify(path)} takes ${methods.join(", ") || "nothing"}`, () =>
    expect(paths.methodsOf(path)).toEqual(methods));
}
