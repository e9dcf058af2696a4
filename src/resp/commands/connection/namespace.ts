/**
 * NAMESPACE: shows or switches the namespace of the connection, or lists those that hold keys.
 *
 * `LIST`, in whatever case, is always the list: a namespace of that name is reached by REST alone.
 */
import type { Command } from "../../command.ts";
import { SYNTAX_ERROR } from "../../errors.ts";
import { checkNamespace } from "../../../store/names.ts";

export const namespace: Command = {
  name: "namespace",
  arity: -1,
  flags: ["loading", "stale", "fast"],
  group: "connection",
  since: "pykv",
  summary:
    "Shows the connection's namespace, switches to another, or with LIST lists those that hold keys.",
  complexity: "O(1); with LIST O(N) where N is the number of namespaces",
  arguments: [
    {
      name: "target",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "name", type: "string" },
        { name: "list", type: "pure-token", token: "LIST" },
      ],
    },
  ],
  differs: "Redis has no such command. A namespace called `list` can't be switched to.",
  run: (client, args) => {
    const { out, door } = client;
    if (args.count > 2) out.error(SYNTAX_ERROR);
    else if (args.count === 1) out.bulkLatin1(client.namespace);
    else if (args.is(1, "LIST")) {
      out.bulks(door.store.namespaces());
      client.showing(door.store.readBarrier);
    } else {
      const name = args.latin1(1);
      checkNamespace(name);
      client.namespace = name;
      out.ok();
    }
  },
};
