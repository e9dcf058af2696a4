/** What COMMAND GETKEYS and COMMAND GETKEYSANDFLAGS have in common: keys of a request within another. */
import type { Args } from "../../../args.ts";
import { argsOf } from "../../../args.ts";
import type { Client } from "../../../client.ts";
import type { KeyRange } from "../../../command.ts";
import { eachKey, hasKeys } from "../../../keys.ts";
import type { Entry } from "../../../registry.ts";

/** The request starts behind COMMAND and its subcommand. */
const REQUEST_AT = 2;

/** A request that has been found to be one, with its command. */
export interface Inner {
  readonly entry: Entry;
  readonly args: Args;
}

/** The request that the arguments are, or the error that they are not. */
export function innerRequest(client: Client, args: Args): Inner | string {
  const parts = Array.from({ length: args.count - REQUEST_AT }, (_, i) =>
    args.view(i + REQUEST_AT),
  );
  const inner = argsOf(parts);
  const entry = find(client, inner);
  if (entry === null) return "ERR Invalid command specified";
  if (!hasKeys(entry.command)) return "ERR The command has no key arguments";
  if (inner.count < entry.arityMin || inner.count > entry.arityMax) {
    return "ERR Invalid number of arguments specified for command";
  }
  return { entry, args: inner };
}

/** The keys of the request, as numbers of arguments with what happens to them. */
export function keysOf({ entry, args }: Inner): { readonly i: number; readonly range: KeyRange }[] {
  const keys: { i: number; range: KeyRange }[] = [];
  eachKey(entry.command, args, (i, range) => keys.push({ i, range }));
  return keys;
}

function find(client: Client, args: Args): Entry | null {
  const entry = client.door.dispatcher.registry.find(args);
  const subcommands = entry?.subcommands ?? null;
  if (subcommands === null || args.count < 2) return entry;
  return subcommands.get(args.latin1(1).toLowerCase()) ?? null;
}
