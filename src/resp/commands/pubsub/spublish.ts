/** SPUBLISH: sends a message to those who listen to a shard channel. */
import type { Command } from "../../command.ts";

export const spublish: Command = {
  name: "spublish",
  arity: 3,
  flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
  group: "pubsub",
  keys: { first: 1, last: 1, step: 1, access: "not_key" },
  since: "7.0.0",
  summary: "Posts a message to a shard channel.",
  complexity: "O(N) where N is the number of clients subscribed to the shard channel.",
  arguments: [
    { name: "shardchannel", type: "string" },
    { name: "message", type: "string" },
  ],
  run: (client, args) => {
    const { door, out, barrier } = client;
    const { buffer } = args;
    const channel = args.latin1(1);
    out.integer(door.pubsub.publishToShard(channel, buffer, args.at[2]!, args.length[2]!, barrier));
  },
};
