/** COMMAND GETKEYSANDFLAGS: which arguments of a request are keys, and what happens to each. */
import type { Args } from "../../../args.ts";
import type { Command, KeyRange } from "../../../command.ts";
import { accessOf } from "../../../command-info.ts";
import { innerRequest, keysOf } from "./find-keys.ts";
import type { Inner } from "./find-keys.ts";
import { SHARED } from "./kind.ts";

const READ = ["RO", "access"];
const READ_AND_WRITE = ["RW", "access", "update"];
const OVERWRITE = ["OW", "update"];

export const getkeysandflags: Command = {
  ...SHARED,
  name: "getkeysandflags",
  arity: -4,
  since: "7.0.0",
  summary: "Extracts the key names and access flags for an arbitrary command.",
  complexity: "O(N) where N is the number of arguments to the command",
  arguments: [
    { name: "command", type: "string" },
    { name: "arg", type: "string", optional: true, multiple: true },
  ],
  run: (client, args) => {
    const { out } = client;
    const inner = innerRequest(client, args);
    if (typeof inner === "string") {
      out.error(inner);
      return;
    }
    const keys = keysOf(inner);
    out.array(keys.length);
    for (const { i, range } of keys) {
      const words = accessIn(inner, range);
      out.array(2);
      out.bulk(inner.args.view(i));
      out.set(words.length);
      for (const word of words) out.simple(word);
    }
  },
};

/** What two commands do to their key depends on their options. */
function accessIn({ entry, args }: Inner, range: KeyRange): readonly string[] {
  const { name } = entry.command;
  if (name === "set") return has(args, 3, "GET") ? READ_AND_WRITE : OVERWRITE;
  if (name === "bitfield") {
    return has(args, 2, "SET") || has(args, 2, "INCRBY") ? READ_AND_WRITE : READ;
  }
  return accessOf(range);
}

function has(args: Args, from: number, word: string): boolean {
  for (let i = from; i < args.count; i++) if (args.is(i, word)) return true;
  return false;
}
