/** CLIENT TRACKINGINFO: how client-side caching is set up for the connection. */
import type { Command } from "../../../command.ts";
import type { TrackingState } from "../../../tracking.ts";

export const trackinginfo: Command = {
  name: "trackinginfo",
  arity: 2,
  flags: ["noscript", "loading", "stale"],
  group: "connection",
  since: "6.2.0",
  summary: "Returns how client-side caching is set up for the connection.",
  complexity: "O(1)",
  run: ({ out, tracking }) => {
    const flags = tracking === null ? ["off"] : flagsOf(tracking);
    out.map(3);
    out.bulkLatin1("flags");
    out.set(flags.length);
    for (const flag of flags) out.bulkLatin1(flag);
    out.bulkLatin1("redirect");
    out.integer(tracking?.options.redirect ?? -1);
    out.bulkLatin1("prefixes");
    const prefixes = [...(tracking?.prefixes ?? [])].sort();
    out.array(prefixes.length);
    for (const prefix of prefixes) out.bulkLatin1(prefix);
  },
};

function flagsOf({ options, isCaching, isBroken }: TrackingState): string[] {
  const flags: readonly (readonly [string, boolean])[] = [
    ["on", true],
    ["bcast", options.isBroadcast],
    ["optin", options.isOptIn],
    ["caching-yes", options.isOptIn && isCaching],
    ["optout", options.isOptOut],
    ["caching-no", options.isOptOut && isCaching],
    ["noloop", options.isNoLoop],
    ["broken_redirect", isBroken],
  ];
  return flags.filter(([, isSet]) => isSet).map(([flag]) => flag);
}
