/** UNSUBSCRIBE: stops listening to channels, or to all of them. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const unsubscribe: Command = {
  name: "unsubscribe",
  arity: -1,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  since: "2.0.0",
  summary: "Stops listening to messages published to channels.",
  complexity: "O(N) where N is the number of channels to unsubscribe.",
  arguments: [{ name: "channel", type: "string", optional: true, multiple: true }],
  run: (client, args) => client.door.pubsub.unsubscribe(client, SUBSCRIPTION.channel, args),
};
