/** CLIENT UNBLOCK: no command waits for another client, so there is never one to unblock. */
import type { Command } from "../../../command.ts";
import { NOT_AN_INTEGER, wrongSubcommandArity } from "../../../errors.ts";
import { ADMIN_FLAGS } from "./kind.ts";

export const unblock: Command = {
  name: "unblock",
  arity: -3,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "5.0.0",
  summary: "Unblocks a client blocked by a blocking command from a different connection.",
  complexity: "O(log N) where N is the number of client connections",
  arguments: [
    { name: "client-id", type: "integer" },
    {
      name: "unblock-type",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "timeout", type: "pure-token", token: "TIMEOUT" },
        { name: "error", type: "pure-token", token: "ERROR" },
      ],
    },
  ],
  differs: "Always answers 0: the commands that wait for other clients do not exist.",
  run: ({ out }, args) => {
    if (args.count > 4) out.error(wrongSubcommandArity("client", args.text(1)));
    else if (args.count === 4 && !args.is(3, "TIMEOUT") && !args.is(3, "ERROR")) {
      out.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    } else if (args.integer(2) === null) out.error(NOT_AN_INTEGER);
    else out.integer(0);
  },
};
