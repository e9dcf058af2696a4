import { expect, test } from "vitest";
import type { OptionName } from "./declaration.ts";
import { rewriteConfig } from "./rewrite.ts";

type Values = readonly (readonly [OptionName, unknown])[];

function rewritten(path: string, text: string, values: Values): string {
  return rewriteConfig({ path, text }, new Map(values));
}

// what, path, text, values, result
const CASES: [string, string, string, Values, string][] = [
  ["nothing to write", "c.yaml", "# c\nport: 1\n", [], "# c\nport: 1\n"],
  [
    "a changed value beside its comment",
    "c.yaml",
    "fsync: no # for now\nport: 1\n",
    [["fsync", "always"]],
    "fsync: always # for now\nport: 1\n",
  ],
  ["a new value", "c.yaml", "port: 1\n", [["slowlogUs", 5]], "port: 1\nslowlog-slower-than: 5\n"],
  ["an empty file", "c.yaml", "", [["slowlogUs", -1]], "slowlog-slower-than: -1\n"],
  [
    "another spelling of the same",
    "c.yaml",
    "max-memory: 1024 MiB\n",
    [["memoryBytesMax", 2 ** 30]],
    "max-memory: 1024 MiB\n",
  ],
  [
    "a secret that the file has",
    "c.yaml",
    "password: a\n",
    [["password", "123"]],
    'password: "123"\n',
  ],
  ["a secret that it has not", "c.yaml", "port: 1\n", [["password", "b"]], "port: 1\n"],
  ["no value any more", "c.yaml", "password: a\n", [["password", null]], "password: none\n"],
  [
    "JSON, with its indent",
    "c.json",
    '{\n    "port": 1,\n    "fsync": "no"\n}\n',
    [
      ["fsync", "always"],
      ["slowlogUs", 7],
    ],
    '{\n    "port": 1,\n    "fsync": "always",\n    "slowlog-slower-than": 7\n}\n',
  ],
];
for (const [what, path, text, values, expected] of CASES) {
  test(`${what}, in ${path}`, () => {
    expect(rewritten(path, text, values)).toBe(expected);
  });
}

const BROKEN: [string, string][] = [
  ["c.yaml", "a: ["],
  ["c.json", "{"],
  ["c.json", "[]"],
  ["c.json", "null"],
];
for (const [path, text] of BROKEN) {
  test(`${path} with ${JSON.stringify(text)} is left alone`, () => {
    expect(() => rewritten(path, text, [["slowlogUs", 5]])).toThrow();
  });
}
