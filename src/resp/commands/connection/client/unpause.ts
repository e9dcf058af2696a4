/** CLIENT UNPAUSE: what CLIENT PAUSE has held back goes on. */
import type { Command } from "../../../command.ts";
import { ADMIN_FLAGS } from "./kind.ts";

export const unpause: Command = {
  name: "unpause",
  arity: 2,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "6.2.0",
  summary: "Resumes processing commands from paused clients.",
  complexity: "O(N) Where N is the number of paused clients",
  run: ({ out, door }) => {
    door.pause.end();
    out.ok();
  },
};
