/** BGREWRITEAOF: makes the log short, by a snapshot in the background. */
import type { Command } from "../../command.ts";
import { NOTHING_TO_SAVE_TO } from "../../errors.ts";

export const bgrewriteaof: Command = {
  name: "bgrewriteaof",
  arity: 1,
  flags: ["admin", "noscript", "no_async_loading"],
  group: "server",
  since: "1.0.0",
  summary: "Rewrites the log in the background, so that it is no longer than it must be.",
  complexity: "O(1)",
  differs: "Takes a snapshot, which replaces the log before it, as SAVE does.",
  run: ({ out, door: { saves } }) => {
    if (!saves.isPossible) out.error(NOTHING_TO_SAVE_TO);
    else if (saves.running === "rewrite") {
      out.error("ERR Background append only file rewriting already in progress");
    } else if (saves.running === "save") {
      saves.schedule("rewrite");
      out.simple("Background append only file rewriting scheduled");
    } else {
      saves.start("rewrite");
      out.simple("Background append only file rewriting started");
    }
  },
};
