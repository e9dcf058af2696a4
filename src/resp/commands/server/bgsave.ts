/** BGSAVE: takes a snapshot in the background. */
import type { Command } from "../../command.ts";
import { NOTHING_TO_SAVE_TO, SAVE_RUNNING, SYNTAX_ERROR } from "../../errors.ts";

const REWRITE_RUNNING =
  "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order " +
  "to schedule a BGSAVE whenever possible.";

export const bgsave: Command = {
  name: "bgsave",
  arity: -1,
  flags: ["admin", "noscript", "no_async_loading"],
  group: "server",
  since: "1.0.0",
  summary: "Saves the dataset to disk in the background.",
  complexity: "O(1)",
  arguments: [
    { name: "schedule", type: "pure-token", token: "SCHEDULE", since: "3.2.2", optional: true },
  ],
  differs:
    "Takes a snapshot, as SAVE does. One that the server takes by itself counts as a rewrite.",
  run: ({ out, door: { saves } }, args) => {
    const isScheduled = args.count === 2 && args.is(1, "SCHEDULE");
    if (args.count > 1 && !isScheduled) out.error(SYNTAX_ERROR);
    else if (!saves.isPossible) out.error(NOTHING_TO_SAVE_TO);
    else if (saves.running === "save") out.error(SAVE_RUNNING);
    else if (saves.running === null) {
      saves.start("save");
      out.simple("Background saving started");
    } else if (isScheduled) {
      saves.schedule("save");
      out.simple("Background saving scheduled");
    } else out.error(REWRITE_RUNNING);
  },
};
