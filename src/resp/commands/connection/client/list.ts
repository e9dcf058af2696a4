/** CLIENT LIST: a line for every connection. */
import type { Args } from "../../../args.ts";
import { clientLine, clientTypeNamed, typeOf } from "../../../client-lines.ts";
import type { Client } from "../../../client.ts";
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { ADMIN_FLAGS } from "./kind.ts";

export const list: Command = {
  name: "list",
  arity: -2,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "2.4.0",
  summary: "Lists open connections.",
  complexity: "O(N) where N is the number of client connections",
  arguments: [
    {
      name: "client-type",
      type: "oneof",
      token: "TYPE",
      since: "5.0.0",
      optional: true,
      arguments: [
        { name: "normal", type: "pure-token", token: "NORMAL" },
        { name: "master", type: "pure-token", token: "MASTER" },
        { name: "replica", type: "pure-token", token: "REPLICA" },
        { name: "pubsub", type: "pure-token", token: "PUBSUB" },
      ],
    },
    {
      name: "client-id",
      type: "integer",
      token: "ID",
      since: "6.2.0",
      optional: true,
      multiple: true,
    },
  ],
  differs: "A namespace that is no numbered database shows as db=-1 and in a field of its own.",
  run: (client, args) => {
    // The line of the client itself has this as the last command.
    client.lastCommand = "client|list";
    const clients = select(client, args);
    if (typeof clients === "string") client.out.error(clients);
    else client.out.verbatim(clients.map((each) => `${clientLine(each)}\n`).join(""));
  },
};

/** Those that the arguments ask for, or what is wrong with these. */
function select({ door }: Client, args: Args): Client[] | string {
  const all = [...door.clients.values()];
  if (args.count === 2) return all;
  if (args.count === 4 && args.is(2, "TYPE")) {
    const type = clientTypeNamed(args.latin1(3));
    if (type === null) return `ERR Unknown client type '${args.text(3)}'`;
    return all.filter((each) => typeOf(each) === type);
  }
  if (args.count < 4 || !args.is(2, "ID")) return SYNTAX_ERROR;
  const chosen: Client[] = [];
  for (let i = 3; i < args.count; i++) {
    const id = args.integer(i);
    if (id === null) return "ERR Invalid client ID";
    const found = door.clients.get(Number(id));
    if (found !== undefined) chosen.push(found);
  }
  return chosen;
}
