/** PUNSUBSCRIBE: gives up patterns, or all of them. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const punsubscribe: Command = {
  name: "punsubscribe",
  arity: -1,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  since: "2.0.0",
  summary: "Stops listening to messages published to channels that match one or more patterns.",
  complexity: "O(N) where N is the number of patterns to unsubscribe.",
  arguments: [{ name: "pattern", type: "pattern", optional: true, multiple: true }],
  run: (client, args) => client.door.pubsub.unsubscribe(client, SUBSCRIPTION.pattern, args),
};
