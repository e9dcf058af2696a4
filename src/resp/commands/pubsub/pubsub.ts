/** PUBSUB: who listens to what. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Argument, Command } from "../../command.ts";
import { wrongSubcommandArity } from "../../errors.ts";
import { SUBSCRIPTION } from "../../pubsub.ts";
import type { SubscriptionKind } from "../../pubsub.ts";

const HELP = [
  "PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "CHANNELS [<pattern>]",
  "    Return the currently active channels matching a <pattern> (default: '*').",
  "NUMPAT",
  "    Return number of subscriptions to patterns.",
  "NUMSUB [<channel> ...]",
  "    Return the number of subscribers for the specified channels, excluding",
  "    pattern subscriptions(default: no channels).",
  "SHARDCHANNELS [<pattern>]",
  "    Return the currently active shard level channels matching a <pattern> (default: '*').",
  "SHARDNUMSUB [<shardchannel> ...]",
  "    Return the number of subscribers for the specified shard level channel(s)",
  "HELP",
  "    Prints this help.",
];

const PATTERN: readonly Argument[] = [{ name: "pattern", type: "pattern", optional: true }];

const channels: Command = {
  name: "channels",
  arity: -2,
  flags: ["pubsub", "loading", "stale"],
  group: "pubsub",
  since: "2.8.0",
  summary: "Returns the active channels.",
  complexity: "O(N) where N is the number of active channels, short ones with short patterns.",
  arguments: PATTERN,
  run: (client, args) => listNames(client, args, SUBSCRIPTION.channel),
};

const numsub: Command = {
  name: "numsub",
  arity: -2,
  flags: ["pubsub", "loading", "stale"],
  group: "pubsub",
  since: "2.8.0",
  summary: "Returns how many subscribe to each of the channels.",
  complexity: "O(N) where N is the number of channels asked for.",
  arguments: [{ name: "channel", type: "string", optional: true, multiple: true }],
  run: (client, args) => countSubscribers(client, args, SUBSCRIPTION.channel),
};

const numpat: Command = {
  name: "numpat",
  arity: 2,
  flags: ["pubsub", "loading", "stale"],
  group: "pubsub",
  since: "2.8.0",
  summary: "Returns how many different patterns there are subscriptions to.",
  complexity: "O(1)",
  run: ({ out, door }) => out.integer(door.pubsub.patternCount),
};

const shardchannels: Command = {
  name: "shardchannels",
  arity: -2,
  flags: ["pubsub", "loading", "stale"],
  group: "pubsub",
  since: "7.0.0",
  summary: "Returns the active shard channels.",
  complexity:
    "O(N) where N is the number of active shard channels, short ones with short patterns.",
  arguments: PATTERN,
  run: (client, args) => listNames(client, args, SUBSCRIPTION.shard),
};

const shardnumsub: Command = {
  name: "shardnumsub",
  arity: -2,
  flags: ["pubsub", "loading", "stale"],
  group: "pubsub",
  since: "7.0.0",
  summary: "Returns how many subscribe to each of the shard channels.",
  complexity: "O(N) where N is the number of shard channels asked for.",
  arguments: [{ name: "shardchannel", type: "string", optional: true, multiple: true }],
  run: (client, args) => countSubscribers(client, args, SUBSCRIPTION.shard),
};

const help: Command = {
  name: "help",
  arity: 2,
  flags: ["loading", "stale"],
  group: "pubsub",
  since: "6.2.0",
  summary: "Shows what subcommands there are.",
  complexity: "O(1)",
  run: ({ out }) => {
    out.array(HELP.length);
    for (const line of HELP) out.simple(line);
  },
};

export const pubsub: Command = {
  name: "pubsub",
  arity: -2,
  flags: [],
  group: "pubsub",
  since: "2.8.0",
  summary: "A container for commands that tell of publish and subscribe.",
  complexity: "Depends on subcommand.",
  subcommands: [channels, numsub, numpat, shardchannels, shardnumsub, help],
  // Never called: the container does not work without a subcommand.
  run: () => undefined,
};

function listNames(client: Client, args: Args, kind: SubscriptionKind): void {
  const { out, door } = client;
  if (args.count > 3) {
    out.error(wrongSubcommandArity("pubsub", args.latin1(1)));
    return;
  }
  const names = door.pubsub.names(kind, args.count === 3 ? args.view(2) : null);
  out.array(names.length);
  for (const name of names) out.bulk(name);
}

function countSubscribers(client: Client, args: Args, kind: SubscriptionKind): void {
  const { out, door } = client;
  out.array((args.count - 2) * 2);
  for (let i = 2; i < args.count; i++) {
    out.bulk(args.buffer, args.at[i], args.length[i]);
    out.integer(door.pubsub.subscribers(kind, args.latin1(i)));
  }
}
