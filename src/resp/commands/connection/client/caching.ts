/** CLIENT CACHING: whether what the next command reads is cached. */
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";

const NOT_TRACKING =
  "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or " +
  "OPTOUT mode enabled";
const NOT_OPT_IN = "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.";
const NOT_OPT_OUT = "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.";

export const caching: Command = {
  name: "caching",
  arity: 3,
  flags: ["noscript", "loading", "stale"],
  group: "connection",
  since: "6.0.0",
  summary: "Tells the server whether to track the keys of the next request.",
  complexity: "O(1)",
  arguments: [
    {
      name: "mode",
      type: "oneof",
      arguments: [
        { name: "yes", type: "pure-token", token: "YES" },
        { name: "no", type: "pure-token", token: "NO" },
      ],
    },
  ],
  run: ({ out, tracking }, args) => {
    const isYes = args.is(2, "YES");
    if (tracking === null) out.error(NOT_TRACKING);
    else if (!isYes && !args.is(2, "NO")) out.error(SYNTAX_ERROR);
    else if (isYes && !tracking.options.isOptIn) out.error(NOT_OPT_IN);
    else if (!isYes && !tracking.options.isOptOut) out.error(NOT_OPT_OUT);
    else {
      tracking.isCaching = true;
      out.ok();
    }
  },
};
