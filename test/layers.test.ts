/** Imports point down: base < disk, format, memory < log < store < http < server.ts < cli; base < client < cli. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { importsUnder, LAYERS, violations, type Import } from "./support/layers.ts";

const imports = importsUnder(resolve(import.meta.dirname, "../src"));

test("every import of the sources keeps to the layers", () => {
  expect(violations(imports, LAYERS)).toEqual([]);
});

test("the imports of the sources were found", () => {
  const expected: Import[] = [
    { from: "cli/server-options.ts", specifier: "../store/options/load.ts", isType: false },
    { from: "cli/verbs/serve.ts", specifier: "../../server.ts", isType: false },
    { from: "cli/io.ts", specifier: "node:os", isType: false },
    { from: "client/errors.ts", specifier: "../base/errors.ts", isType: true },
    { from: "client/index.ts", specifier: "./types.ts", isType: true },
    { from: "client/index.ts", specifier: "./client.ts", isType: false },
  ];
  for (const each of expected) expect(imports).toContainEqual(each);
});

test("no layer may import one that may import it", () => {
  const reach = (module: string): string[] =>
    (LAYERS[module]?.imports ?? []).flatMap((next) => [next, ...reach(next)]);
  for (const module of Object.keys(LAYERS)) expect(reach(module)).not.toContain(module);
});

const CASES: [string, Import, RegExp | null][] = [
  ["within a folder", { from: "store/a.ts", specifier: "./b.ts" }, null],
  ["within a folder, through another", { from: "store/options/a.ts", specifier: "../b.ts" }, null],
  ["downwards", { from: "store/a.ts", specifier: "../memory/b.ts" }, null],
  ["upwards", { from: "memory/a.ts", specifier: "../store/b.ts" }, /memory may not import store/],
  ["sideways", { from: "memory/a.ts", specifier: "../disk/b.ts" }, /memory may not import disk/],
  ["past the store", { from: "http/a.ts", specifier: "../log/b.ts" }, /http may not import log/],
  ["from the base", { from: "base/a.ts", specifier: "../disk/b.ts" }, /base may not import disk/],
  ["of the server", { from: "http/a.ts", specifier: "../server.ts" }, /may not import server\.ts/],
  ["out of src", { from: "http/a.ts", specifier: "../../test/b.ts" }, /outside of src/],
  ["of files by the disk", { from: "disk/a.ts", specifier: "node:fs/promises" }, null],
  ["of files by the log", { from: "log/a.ts", specifier: "node:fs" }, /file system/],
  ["of files by HTTP", { from: "http/a.ts", specifier: "node:fs/promises" }, /file system/],
  ["of a package by HTTP", { from: "http/a.ts", specifier: "fastify" }, null],
  ["of a package by the log", { from: "log/a.ts", specifier: "pino" }, /the package pino/],
  ["of a type by the client", typeOf("client/a.ts", "../base/b.ts"), null],
  [
    "of code by the client",
    { from: "client/a.ts", specifier: "../base/b.ts" },
    /nothing but types/,
  ],
  ["of a type past the client's", typeOf("client/a.ts", "../store/b.ts"), /may not import store/],
  ["of node by the client", { from: "client/a.ts", specifier: "node:buffer" }, /from node/],
  ["of a package by the client", { from: "client/a.ts", specifier: "ky" }, /the package ky/],
  ["by an unknown folder", { from: "ghost/a.ts", specifier: "node:net" }, /ghost is in no layer/],
  ["of an unknown folder", { from: "http/a.ts", specifier: "../util/b.ts" }, /may not import util/],
  ["by a folder of hostile name", { from: "constructor/a.ts", specifier: "node:net" }, /no layer/],
];

function typeOf(from: string, specifier: string): Import {
  return { from, specifier, isType: true };
}

for (const [what, each, reason] of CASES) {
  test(`an import ${what} is ${reason === null ? "allowed" : "refused"}`, () => {
    const found = violations([each], LAYERS);
    if (reason === null) expect(found).toEqual([]);
    else expect(found.join("\n")).toMatch(reason);
  });
}
