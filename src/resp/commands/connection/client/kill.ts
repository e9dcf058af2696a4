/** CLIENT KILL: closes connections, by address or by filters that all must fit. */
import type { Args } from "../../../args.ts";
import { DEFAULT_USER } from "../../../auth.ts";
import { clientTypeNamed, typeOf } from "../../../client-lines.ts";
import type { ClientType } from "../../../client-lines.ts";
import type { Client } from "../../../client.ts";
import type { Command } from "../../../command.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { ADMIN_FLAGS } from "./kind.ts";

/** What a connection must be to be closed; what is null, or 0, is not asked for. */
interface Filter {
  id: bigint | null;
  type: ClientType | null;
  address: string | null;
  localAddress: string | null;
  maxAgeSeconds: number;
  isMeSpared: boolean;
}

const YES_OR_NO = [
  { name: "yes", type: "pure-token", token: "YES" },
  { name: "no", type: "pure-token", token: "NO" },
] as const;

export const kill: Command = {
  name: "kill",
  arity: -3,
  flags: ADMIN_FLAGS,
  group: "connection",
  since: "2.4.0",
  summary: "Terminates open connections.",
  complexity: "O(N) where N is the number of client connections",
  arguments: [
    {
      name: "filter",
      type: "oneof",
      arguments: [
        { name: "old-format", type: "string" },
        {
          name: "new-format",
          type: "oneof",
          multiple: true,
          arguments: [
            { name: "client-id", type: "integer", token: "ID", optional: true },
            {
              name: "client-type",
              type: "oneof",
              token: "TYPE",
              optional: true,
              arguments: [
                { name: "normal", type: "pure-token", token: "NORMAL" },
                { name: "master", type: "pure-token", token: "MASTER" },
                { name: "slave", type: "pure-token", token: "SLAVE" },
                { name: "replica", type: "pure-token", token: "REPLICA" },
                { name: "pubsub", type: "pure-token", token: "PUBSUB" },
              ],
            },
            { name: "username", type: "string", token: "USER", optional: true },
            { name: "addr", type: "string", token: "ADDR", optional: true },
            { name: "laddr", type: "string", token: "LADDR", optional: true },
            {
              name: "skipme",
              type: "oneof",
              token: "SKIPME",
              optional: true,
              arguments: YES_OR_NO,
            },
            { name: "maxage", type: "integer", token: "MAXAGE", optional: true },
          ],
        },
      ],
    },
  ],
  run: (client, args) => {
    const { out } = client;
    const isOldForm = args.count === 3;
    const filter = isOldForm ? byAddress(args.latin1(2)) : parse(args);
    if (typeof filter === "string") {
      out.error(filter);
      return;
    }
    const killed = [...client.door.clients.values()].filter((each) => fits(each, filter, client));
    if (!isOldForm) out.integer(killed.length);
    else if (killed.length > 0) out.ok();
    else out.error("ERR No such client");
    for (const each of killed) {
      if (each === client) client.link.end();
      else each.link.destroy();
    }
  },
};

function byAddress(address: string): Filter {
  return { ...noFilter(), address, isMeSpared: false };
}

function noFilter(): Filter {
  return {
    id: null,
    type: null,
    address: null,
    localAddress: null,
    maxAgeSeconds: 0,
    isMeSpared: true,
  };
}

function parse(args: Args): Filter | string {
  const filter = noFilter();
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 === args.count) return SYNTAX_ERROR;
    const problem = parseOption(filter, args, i);
    if (problem !== null) return problem;
  }
  return filter;
}

/** Takes over option `i` and its value; what is wrong with them, or null. */
function parseOption(filter: Filter, args: Args, i: number): string | null {
  const value = args.latin1(i + 1);
  switch (args.word(i)) {
    case "ID":
      filter.id = args.integer(i + 1);
      return filter.id !== null && filter.id > 0n ? null : "ERR client-id should be greater than 0";
    case "TYPE":
      filter.type = clientTypeNamed(value);
      return filter.type === null ? `ERR Unknown client type '${args.text(i + 1)}'` : null;
    case "USER":
      return value === DEFAULT_USER ? null : `ERR No such user '${args.text(i + 1)}'`;
    case "ADDR":
      filter.address = value;
      return null;
    case "LADDR":
      filter.localAddress = value;
      return null;
    case "SKIPME":
      filter.isMeSpared = args.is(i + 1, "YES");
      return filter.isMeSpared || args.is(i + 1, "NO") ? null : SYNTAX_ERROR;
    case "MAXAGE":
      return parseMaxAge(filter, args.integer(i + 1));
    default:
      return SYNTAX_ERROR;
  }
}

function parseMaxAge(filter: Filter, seconds: bigint | null): string | null {
  if (seconds === null) return "ERR maxage is not an integer or out of range";
  if (seconds <= 0n) return "ERR maxage should be greater than 0";
  filter.maxAgeSeconds = Number(seconds);
  return null;
}

function fits(client: Client, filter: Filter, me: Client): boolean {
  const { link } = client;
  if (link.isClosed || (filter.isMeSpared && client === me)) return false;
  if (filter.id !== null && BigInt(client.id) !== filter.id) return false;
  if (filter.type !== null && typeOf(client) !== filter.type) return false;
  if (filter.address !== null && link.remoteAddress !== filter.address) return false;
  if (filter.localAddress !== null && link.localAddress !== filter.localAddress) return false;
  const ageSeconds = Math.floor((me.nowMs() - client.createdMs) / 1000);
  return filter.maxAgeSeconds === 0 || ageSeconds >= filter.maxAgeSeconds;
}
