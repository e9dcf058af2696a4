/** SSUBSCRIBE: listens to shard channels. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const ssubscribe: Command = {
  name: "ssubscribe",
  arity: -2,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  keys: { first: 1, last: -1, step: 1, access: "not_key" },
  since: "7.0.0",
  summary: "Listens for messages published to shard channels.",
  complexity: "O(N) where N is the number of shard channels to subscribe to.",
  arguments: [{ name: "shardchannel", type: "string", multiple: true }],
  run: (client, args) => {
    // Redis counts it as a command that blocks; there is no reason for it but likeness.
    if (client.transaction?.isExecuting === true) {
      client.out.error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
    } else client.door.pubsub.subscribe(client, SUBSCRIPTION.shard, args);
  },
};
