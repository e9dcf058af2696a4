/** WAIT: for replicas, of which there are none. */
import { NOT_AN_INTEGER } from "../../errors.ts";
import type { Command } from "../../command.ts";
import { timeoutOf, waitFor } from "./waiting.ts";

export const wait: Command = {
  name: "wait",
  arity: 3,
  flags: ["blocking"],
  group: "generic",
  categories: ["@connection"],
  since: "3.0.0",
  summary: "Waits until replicas have acknowledged the writes of this connection.",
  complexity: "O(1)",
  arguments: [
    { name: "numreplicas", type: "integer" },
    { name: "timeout", type: "integer" },
  ],
  differs: "There are no replicas: it answers 0, at once or when the time is up.",
  run: (client, args) => {
    const { out, link, transaction } = client;
    const replicas = args.integer(1);
    if (replicas === null) {
      out.error(NOT_AN_INTEGER);
      return;
    }
    const timeoutMs = timeoutOf(args, 2);
    if (typeof timeoutMs === "string") out.error(timeoutMs);
    else if (replicas <= 0n || transaction?.isExecuting === true) out.integer(0);
    else link.block(waitFor(link, null, timeoutMs), (reply) => reply.integer(0));
  },
};
