/** CLIENT NO-EVICT: kept for CLIENT LIST alone: no client is closed to save memory. */
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { ADMIN_FLAGS } from "./kind.ts";

export const noEvict: Command = {
  name: "no-evict",
  arity: 3,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "7.0.0",
  summary: "Sets the client eviction mode of the connection.",
  complexity: "O(1)",
  arguments: [
    {
      name: "enabled",
      type: "oneof",
      arguments: [
        { name: "on", type: "pure-token", token: "ON" },
        { name: "off", type: "pure-token", token: "OFF" },
      ],
    },
  ],
  run: (client, args) => {
    const isOn = args.is(2, "ON");
    if (!isOn && !args.is(2, "OFF")) {
      client.out.error(SYNTAX_ERROR);
      return;
    }
    client.isNoEvict = isOn;
    client.out.ok();
  },
};
