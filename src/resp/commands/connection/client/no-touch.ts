/** CLIENT NO-TOUCH: whether what the client reads counts as used. */
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const noTouch: Command = {
  name: "no-touch",
  arity: 3,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "7.2.0",
  summary: "Controls whether commands of the connection make keys the most recently used.",
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
    client.isNoTouch = isOn;
    client.out.ok();
  },
};
