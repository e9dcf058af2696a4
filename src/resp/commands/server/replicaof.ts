/** REPLICAOF and SLAVEOF: there is no replication; only to be told to be a master is fine. */
import type { Command } from "../../command.ts";

const UNSUPPORTED = "ERR this server has no replication: REPLICAOF NO ONE is all it can do";

export const replicaof: Command = {
  name: "replicaof",
  arity: 3,
  flags: ["admin", "noscript", "stale", "no_async_loading"],
  group: "server",
  since: "5.0.0",
  summary: "Configures a server as replica of another, or promotes it to a master.",
  complexity: "O(1)",
  arguments: [
    {
      name: "args",
      type: "oneof",
      arguments: [
        {
          name: "host-port",
          type: "block",
          arguments: [
            { name: "host", type: "string" },
            { name: "port", type: "integer" },
          ],
        },
        {
          name: "no-one",
          type: "block",
          arguments: [
            { name: "no", type: "pure-token", token: "NO" },
            { name: "one", type: "pure-token", token: "ONE" },
          ],
        },
      ],
    },
  ],
  differs: "NO ONE is all it can do: there is no replication.",
  run: ({ out }, args) => {
    if (args.is(1, "NO") && args.is(2, "ONE")) out.ok();
    else out.error(UNSUPPORTED);
  },
};

export const slaveof: Command = {
  ...replicaof,
  name: "slaveof",
  since: "1.0.0",
  summary: "The older name of REPLICAOF.",
};
