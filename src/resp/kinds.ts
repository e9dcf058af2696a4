/**
 * Into which of a few kinds a command falls, for figures that set both doors side by side.
 */
import type { Entry } from "./registry.ts";

export type CommandKind = "get" | "set" | "delete" | "incr" | "expire" | "list" | "other";

const NAMES: Partial<Record<CommandKind, readonly string[]>> = {
  delete: ["del", "unlink", "getdel", "flushdb", "flushall"],
  incr: ["incr", "incrby", "incrbyfloat", "decr", "decrby"],
  expire: ["expire", "pexpire", "expireat", "pexpireat", "persist", "getex"],
  list: ["keys", "scan", "randomkey", "dbsize"],
};

const NAMED: ReadonlyMap<string, CommandKind> = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) =>
    names.map((name) => [name, kind as CommandKind] as const),
  ),
);

/** What is not named counts by its flags: a read of keys, a write, or neither. */
export function kindOf({ fullName, command, isWrite, isReadOnly }: Entry): CommandKind {
  const named = NAMED.get(fullName);
  if (named !== undefined) return named;
  if (isWrite) return "set";
  return isReadOnly && command.keys !== undefined ? "get" : "other";
}
