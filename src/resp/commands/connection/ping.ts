/** PING: whether the server answers. */
import { wrongArity } from "../../errors.ts";
import type { Command } from "../../command.ts";

export const ping: Command = {
  name: "ping",
  arity: -1,
  flags: ["fast"],
  group: "connection",
  since: "1.0.0",
  summary: "Returns the server's liveliness response.",
  complexity: "O(1)",
  arguments: [{ name: "message", type: "string", optional: true }],
  run: ({ out, isSubscribed, resp }, args) => {
    if (args.count > 2) out.error(wrongArity("ping"));
    else if (isSubscribed && resp === 2) {
      out.array(2);
      out.bulkLatin1("pong");
      if (args.count === 2) out.bulk(args.buffer, args.at[1], args.length[1]);
      else out.bulkLatin1("");
    } else if (args.count === 2) out.bulk(args.buffer, args.at[1], args.length[1]);
    else out.simple("PONG");
  },
};
