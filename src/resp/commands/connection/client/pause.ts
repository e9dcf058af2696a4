/** CLIENT PAUSE: commands wait for a while, all of them or those that write. */
import type { Command } from "../../../command.ts";
import { wrongSubcommandArity } from "../../../errors.ts";
import { ADMIN_FLAGS } from "./kind.ts";

export const pause: Command = {
  name: "pause",
  arity: -3,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "3.0.0",
  summary: "Suspends commands processing.",
  complexity: "O(1)",
  arguments: [
    { name: "timeout", type: "integer" },
    {
      name: "mode",
      type: "oneof",
      since: "6.2.0",
      optional: true,
      arguments: [
        { name: "write", type: "pure-token", token: "WRITE" },
        { name: "all", type: "pure-token", token: "ALL" },
      ],
    },
  ],
  run: ({ out, door }, args) => {
    const isWrite = args.count === 4 && args.is(3, "WRITE");
    const durationMs = args.integer(2);
    if (args.count > 4) out.error(wrongSubcommandArity("client", args.text(1)));
    else if (args.count === 4 && !isWrite && !args.is(3, "ALL")) {
      out.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    } else if (durationMs === null) out.error("ERR timeout is not an integer or out of range");
    else if (durationMs < 0n) out.error("ERR timeout is negative");
    else {
      door.pause.begin(Number(durationMs), !isWrite);
      out.ok();
    }
  },
};
