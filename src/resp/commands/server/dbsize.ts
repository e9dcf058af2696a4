/** DBSIZE: how many keys there are, those past their deadline and not yet removed among them. */
import { NO_NAMESPACE } from "../../../memory/namespaces.ts";
import type { Command } from "../../command.ts";

export const dbsize: Command = {
  name: "dbsize",
  arity: 1,
  flags: ["readonly", "fast"],
  group: "server",
  categories: ["@keyspace"],
  since: "1.0.0",
  summary: "Returns the number of keys in the database.",
  complexity: "O(1)",
  run: (client) => {
    const { namespaces } = client.table;
    const namespace = namespaces.find(client.namespace);
    // Every write may have changed the number.
    client.showing(client.engine.journal.lastSeq);
    client.out.integer(namespace === NO_NAMESPACE ? 0 : namespaces.keys(namespace));
  },
};
