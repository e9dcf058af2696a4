/** MONITOR: shows every command that is run from now on. */
import type { Command } from "../../command.ts";
import { ADMIN } from "./kind.ts";

export const monitor: Command = {
  name: "monitor",
  arity: 1,
  flags: ADMIN,
  group: "server",
  since: "1.0.0",
  summary: "Listens for all requests received by the server in real-time.",
  complexity: "None",
  differs: "Of an argument longer than 64 KiB the beginning is shown.",
  run: (client) => {
    if (client.transaction?.isExecuting === true) {
      client.out.error("ERR MONITOR isn't allowed for DENY BLOCKING client");
      return;
    }
    client.door.monitors.add(client);
    client.out.ok();
  },
};
