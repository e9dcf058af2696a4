/** SUBSCRIBE: listens to channels. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const subscribe: Command = {
  name: "subscribe",
  arity: -2,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  since: "2.0.0",
  summary: "Listens for messages published to channels.",
  complexity: "O(N) where N is the number of channels to subscribe to.",
  arguments: [{ name: "channel", type: "string", multiple: true }],
  run: (client, args) => client.door.pubsub.subscribe(client, SUBSCRIPTION.channel, args),
};
