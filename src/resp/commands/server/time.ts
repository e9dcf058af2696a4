/** TIME: what time it is here. */
import type { Command } from "../../command.ts";

export const time: Command = {
  name: "time",
  arity: 1,
  flags: ["loading", "stale", "fast"],
  group: "server",
  since: "2.6.0",
  summary: "Returns the server time.",
  complexity: "O(1)",
  run: (client) => {
    const { out } = client;
    const nowUs = Math.floor(client.nowMs() * 1000);
    out.array(2);
    out.bulkLatin1(String(Math.floor(nowUs / 1_000_000)));
    out.bulkLatin1(String(nowUs % 1_000_000));
  },
};
