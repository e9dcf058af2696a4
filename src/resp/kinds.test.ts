import { expect, test } from "vitest";
import { COMMANDS } from "./commands/index.ts";
import { kindOf } from "./kinds.ts";
import type { CommandKind } from "./kinds.ts";
import { Registry } from "./registry.ts";

const CASES: [CommandKind, string[]][] = [
  ["get", ["get", "mget", "exists", "strlen", "ttl", "bitcount"]],
  ["set", ["set", "mset", "append", "setrange", "rename", "setbit", "restore"]],
  ["delete", ["del", "unlink", "getdel", "flushall"]],
  ["incr", ["incr", "decrby", "incrbyfloat"]],
  ["expire", ["expire", "pexpireat", "persist"]],
  ["list", ["scan", "keys", "dbsize"]],
  ["other", ["ping", "client|id", "multi", "exec", "info", "publish"]],
];

const registry = new Registry(COMMANDS);

for (const [kind, names] of CASES) {
  for (const name of names) {
    test(`${name} counts as ${kind}`, () => expect(kindOf(registry.named(name)!)).toBe(kind));
  }
}
