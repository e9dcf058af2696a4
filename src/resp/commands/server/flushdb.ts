/** FLUSHDB: empties the database. */
import type { Command } from "../../command.ts";
import { SYNTAX_ERROR } from "../../errors.ts";
import { MODE_ARGUMENT, hasMode } from "./flush-mode.ts";

export const flushdb: Command = {
  name: "flushdb",
  arity: -1,
  flags: ["write"],
  group: "server",
  categories: ["@keyspace", "@dangerous"],
  since: "1.0.0",
  summary: "Removes all keys from the current database.",
  complexity: "O(1)",
  arguments: [MODE_ARGUMENT],
  run: (client, args) => {
    if (!hasMode(args)) client.out.error(SYNTAX_ERROR);
    else if (client.clear(client.namespace)) client.out.ok();
  },
};
