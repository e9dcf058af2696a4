/** CLIENT INFO: the line of CLIENT LIST for this connection. */
import { clientLine } from "../../../client-lines.ts";
import type { Command } from "../../../command.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const info: Command = {
  name: "info",
  arity: 2,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "6.2.0",
  summary: "Returns information about the connection.",
  complexity: "O(1)",
  differs: "A namespace that is no numbered database shows as db=-1 and in a field of its own.",
  run: (client) => {
    // It shows itself as the last command.
    client.lastCommand = "client|info";
    client.out.verbatim(`${clientLine(client)}\n`);
  },
};
