/** SAVE: takes a snapshot, and answers when it is durable. Others are served meanwhile. */
import type { Command } from "../../command.ts";
import { NOTHING_TO_SAVE_TO, SAVE_RUNNING } from "../../errors.ts";

export const save: Command = {
  name: "save",
  arity: 1,
  flags: ["admin", "noscript", "no_async_loading", "no_multi"],
  group: "server",
  since: "1.0.0",
  summary: "Saves the dataset to disk, and answers when it is there.",
  complexity: "O(N) where N is the total number of keys in all databases",
  differs:
    "Takes a snapshot, which then replaces the log before it; other clients are served meanwhile. " +
    "With `--data-dir none` it is refused.",
  run: ({ out, door: { saves }, link }) => {
    if (!saves.isPossible) out.error(NOTHING_TO_SAVE_TO);
    else if (saves.running !== null) out.error(SAVE_RUNNING);
    else link.block(saves.run("save"), (reply) => reply.ok());
  },
};
