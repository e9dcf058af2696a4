/** CLIENT ID: the number of the connection, never given twice. */
import type { Command } from "../../../command.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const id: Command = {
  name: "id",
  arity: 2,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "5.0.0",
  summary: "Returns the unique client ID of the connection.",
  complexity: "O(1)",
  run: (client) => client.out.integer(client.id),
};
