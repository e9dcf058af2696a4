/** PSUBSCRIBE: listens to all channels whose names match a pattern. */
import type { Command } from "../../command.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";

export const psubscribe: Command = {
  name: "psubscribe",
  arity: -2,
  flags: ["pubsub", "noscript", "loading", "stale"],
  group: "pubsub",
  since: "2.0.0",
  summary: "Listens for messages published to channels that match one or more patterns.",
  complexity: "O(N) where N is the number of patterns to subscribe to.",
  arguments: [
    {
      name: "pattern",
      type: "block",
      multiple: true,
      arguments: [{ name: "pattern", type: "pattern" }],
    },
  ],
  run: (client, args) => client.door.pubsub.subscribe(client, SUBSCRIPTION.pattern, args),
};
