/** DEBUG: only SLEEP, and only where `--enable-debug` allows it. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { ADMIN } from "./kind.ts";

const NOT_ALLOWED =
  'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run ' +
  "it from a local connection, otherwise you need to set this option in the configuration file, and " +
  "then restart the server.";
/** Nobody is served meanwhile. */
const SLEEP_SECONDS_MAX = 60;
const HELP = [
  "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "SLEEP <seconds>",
  "    Stop the server for <seconds>, at most 60. Decimals allowed.",
  "HELP",
  "    Prints this help.",
];

export const debug: Command = {
  name: "debug",
  arity: -2,
  flags: ADMIN,
  group: "server",
  since: "1.0.0",
  summary: "A container for debugging commands.",
  complexity: "Depends on subcommand.",
  differs: "Only SLEEP, of at most 60 seconds, and only with `--enable-debug`.",
  run: (client, args) => {
    const { out, door } = client;
    if (!door.settings.isDebugAllowed) out.error(NOT_ALLOWED);
    else if (args.is(1, "HELP") && args.count === 2) help(client);
    else if (args.is(1, "SLEEP") && args.count === 3) sleep(client, args);
    else out.error(unknown(args.text(1)));
  },
};

function unknown(name: string): string {
  return (
    `ERR unknown subcommand or wrong number of arguments for '${name.slice(0, 128)}'. ` +
    "Try DEBUG HELP."
  );
}

function help({ out }: Client): void {
  out.array(HELP.length);
  for (const line of HELP) out.simple(line);
}

/**
 * Holds up the whole server, which is what it is for: to see how clients take it. What is no number
 * counts as 0, as in Redis.
 */
function sleep({ out }: Client, args: Args): void {
  const seconds = Number.parseFloat(args.latin1(2)) || 0;
  const ms = Math.min(SLEEP_SECONDS_MAX, Math.max(0, seconds)) * 1000;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  out.ok();
}
