/** ROLE: always a master, with no replicas. */
import type { Command } from "../../command.ts";

export const role: Command = {
  name: "role",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast"],
  group: "server",
  categories: ["@admin", "@dangerous"],
  since: "2.8.12",
  summary: "Returns the replication role.",
  complexity: "O(1)",
  run: ({ out }) => {
    out.array(3);
    out.bulkLatin1("master");
    out.integer(0);
    out.array(0);
  },
};
