/** PUBLISH: sends a message to those who listen to a channel. */
import type { Command } from "../../command.ts";

export const publish: Command = {
  name: "publish",
  arity: 3,
  flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
  group: "pubsub",
  since: "2.0.0",
  summary: "Posts a message to a channel.",
  complexity:
    "O(N+M) where N is the number of clients subscribed to the channel and M is the number of " +
    "patterns that anybody is subscribed to.",
  arguments: [
    { name: "channel", type: "string" },
    { name: "message", type: "string" },
  ],
  run: (client, args) => {
    const { door, out, barrier } = client;
    // Whoever hears of a write by a message that follows it must not hear before a crash can't undo it.
    const { buffer } = args;
    const channel = args.latin1(1);
    out.integer(door.pubsub.publish(channel, buffer, args.at[2]!, args.length[2]!, barrier));
  },
};
