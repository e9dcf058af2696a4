/** What COMMAND's subcommands have in common. */
import type { Args } from "../../../args.ts";
import type { Client } from "../../../client.ts";
import type { Command } from "../../../command.ts";
import type { Entry } from "../../../registry.ts";

/** They belong to the server by their group, and to connections by what they are for. */
export const SHARED = {
  group: "server",
  flags: ["loading", "stale"],
  categories: ["@connection"],
} as const satisfies Partial<Command>;

export const COMMAND_NAMES = [
  { name: "command-name", type: "string", optional: true, multiple: true },
] as const;

/** The command that argument `i` names, of subcommands as `client|id`; null for none. */
export function entryNamed(client: Client, args: Args, i: number): Entry | null {
  return client.door.dispatcher.registry.named(args.latin1(i).toLowerCase());
}
