/** COMMAND GETKEYS: which arguments of a request are keys. */
import type { Command } from "../../../command.ts";
import { innerRequest, keysOf } from "./find-keys.ts";
import { SHARED } from "./kind.ts";

export const getkeys: Command = {
  ...SHARED,
  name: "getkeys",
  arity: -4,
  since: "2.8.13",
  summary: "Extracts the key names from an arbitrary command.",
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
    for (const { i } of keys) out.bulk(inner.args.view(i));
  },
};
