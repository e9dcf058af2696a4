/** DUMP: a value as bytes that RESTORE takes, here or in another PyKV (resp/dump.ts). */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";
import { encodeDump } from "../../dump.ts";

export const dump: Command = {
  name: "dump",
  arity: 2,
  flags: ["readonly"],
  group: "generic",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.6.0",
  summary: "Returns the value of a key as bytes for RESTORE.",
  complexity: "O(N) with N the length of the value",
  arguments: [{ name: "key", type: "key" }],
  differs: "The payload has a format of PyKV's own, see dump-format.md; Redis can't restore it.",
  run: (client, args) => {
    const { table } = client;
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) return client.out.nil();
    const at = table.valueAt(slot);
    const value = table.shard.u8.subarray(at, at + table.valueLength(slot));
    client.out.bulk(encodeDump(table.kind(slot), value));
  },
};
