/** RANDOMKEY: any key. */
import { NO_NAMESPACE } from "../../../memory/namespaces.ts";
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Command } from "../../command.ts";

export const randomkey: Command = {
  name: "randomkey",
  arity: 1,
  flags: ["readonly"],
  group: "generic",
  since: "1.0.0",
  summary: "Returns a random key name from the database.",
  complexity: "O(1)",
  run: (client) => {
    const { out, table } = client;
    const namespace = table.namespaces.find(client.namespace);
    const slot = namespace === NO_NAMESPACE ? NO_SLOT : table.random(namespace, Math.random);
    if (slot === NO_SLOT) {
      client.showing(table.namespaces.removalSeq(namespace));
      return out.nil();
    }
    client.showing(table.version(slot));
    out.bulk(table.shard.u8, table.keyAt(slot), table.keyLength(slot));
  },
};
