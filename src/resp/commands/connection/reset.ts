/** RESET: the connection becomes as it was when it was new. */
import { MODE } from "../../client.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { DEFAULT_NAMESPACE } from "../../../store/names.ts";

export const reset: Command = {
  name: "reset",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  group: "connection",
  since: "6.2.0",
  summary: "Resets the connection.",
  complexity: "O(1)",
  run: (client) => {
    forget(client);
    client.namespace = DEFAULT_NAMESPACE;
    client.name = "";
    client.resp = 2;
    client.out.resp = 2;
    client.isNoTouch = false;
    client.isNoEvict = false;
    client.replyMode = "on";
    client.mode &= ~MODE.silent;
    if (client.door.settings.password !== null) {
      client.mode |= MODE.stranger;
      client.link.distrust();
    }
    client.out.simple("RESET");
  },
};

/** Ends all that others know of the client. */
function forget(client: Client): void {
  const { door } = client;
  client.transaction?.discard();
  door.pubsub.leaveAll(client);
  door.tracking.disable(client);
  door.monitors.remove(client);
}
