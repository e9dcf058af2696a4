/** CLIENT REPLY: whether the client is answered; the dispatcher takes back what it is not to get. */
import { MODE } from "../../../client.ts";
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const reply: Command = {
  name: "reply",
  arity: 3,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "3.2.0",
  summary: "Instructs the server whether to reply to commands.",
  complexity: "O(1)",
  arguments: [
    {
      name: "action",
      type: "oneof",
      arguments: [
        { name: "on", type: "pure-token", token: "ON" },
        { name: "off", type: "pure-token", token: "OFF" },
        { name: "skip", type: "pure-token", token: "SKIP" },
      ],
    },
  ],
  run: (client, args) => {
    const { out } = client;
    const isOff = args.is(2, "OFF");
    if (args.is(2, "ON")) {
      client.replyMode = "on";
      client.mode &= ~MODE.silent;
    } else if (isOff || args.is(2, "SKIP")) {
      if (client.replyMode !== "off") client.replyMode = isOff ? "off" : "skip-next";
      client.mode |= MODE.silent;
    } else {
      out.error(SYNTAX_ERROR);
      return;
    }
    out.ok();
  },
};
