/** SELECT: the numbered databases are namespaces, see databases.ts. */
import type { Command } from "../../command.ts";
import { databaseNamespace } from "../../databases.ts";
import { DB_OUT_OF_RANGE, NOT_AN_INTEGER } from "../../errors.ts";

const INDEX_MAX = 2 ** 31 - 1;
const INDEX_MIN = -(2 ** 31);

export const select: Command = {
  name: "select",
  arity: 2,
  flags: ["loading", "stale", "fast"],
  group: "connection",
  since: "1.0.0",
  summary: "Changes the selected database.",
  complexity: "O(1)",
  arguments: [{ name: "index", type: "integer" }],
  differs: "Database 0 is the namespace `default`, n is `db<n>`; there are 16.",
  run: (client, args) => {
    const { out } = client;
    const index = args.integer(1);
    if (index === null) out.error(NOT_AN_INTEGER);
    else if (index > INDEX_MAX || index < INDEX_MIN) {
      out.error(`ERR value is out of range, value must between ${INDEX_MIN} and ${INDEX_MAX}`);
    } else {
      const namespace = databaseNamespace(Number(index));
      if (namespace === null) out.error(DB_OUT_OF_RANGE);
      else {
        client.namespace = namespace;
        out.ok();
      }
    }
  },
};
