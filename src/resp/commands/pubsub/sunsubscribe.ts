/** SUNSUBSCRIBE: stops listening to shard channels, or to all of them. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const sunsubscribe: Command = {
  name: "sunsubscribe",
  arity: -1,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  keys: { first: 1, last: -1, step: 1, access: "not_key" },
  since: "7.0.0",
  summary: "Stops listening to messages posted to shard channels.",
  complexity: "O(N) where N is the number of shard channels to unsubscribe.",
  arguments: [{ name: "shardchannel", type: "string", optional: true, multiple: true }],
  run: (client, args) => client.door.pubsub.unsubscribe(client, SUBSCRIPTION.shard, args),
};
