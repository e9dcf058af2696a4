/** CLIENT TRACKING: client-side caching with the server's help. */
import { KEY_BYTES_MAX } from "../../../../memory/entry.ts";
import type { Args } from "../../../args.ts";
import type { Client } from "../../../client.ts";
import type { Command } from "../../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../../errors.ts";
import type { TrackingOptions } from "../../../tracking.ts";

/** Of one client. Each change of a key is held against every prefix. */
const PREFIXES_MAX = 1024;
const FIRST_OPTION_AT = 3;

interface Request {
  redirect: number;
  isBroadcast: boolean;
  isOptIn: boolean;
  isOptOut: boolean;
  isNoLoop: boolean;
  readonly prefixes: string[];
}

export const tracking: Command = {
  name: "tracking",
  arity: -3,
  flags: ["noscript", "loading", "stale"],
  group: "connection",
  since: "6.0.0",
  summary: "Controls server-assisted client-side caching for the connection.",
  complexity: "O(1). Some options may introduce additional complexity.",
  arguments: [
    {
      name: "status",
      type: "oneof",
      arguments: [
        { name: "on", type: "pure-token", token: "ON" },
        { name: "off", type: "pure-token", token: "OFF" },
      ],
    },
    { name: "client-id", type: "integer", token: "REDIRECT", optional: true },
    {
      name: "prefix",
      type: "string",
      token: "PREFIX",
      optional: true,
      multiple: true,
      multipleToken: true,
    },
    { name: "bcast", type: "pure-token", token: "BCAST", optional: true },
    { name: "optin", type: "pure-token", token: "OPTIN", optional: true },
    { name: "optout", type: "pure-token", token: "OPTOUT", optional: true },
    { name: "noloop", type: "pure-token", token: "NOLOOP", optional: true },
  ],
  differs: `A client may have ${PREFIXES_MAX} prefixes, each as long as a key.`,
  run: (client, args) => {
    const { out, door } = client;
    const request = parse(client, args);
    if (typeof request === "string") out.error(request);
    else if (args.is(2, "ON")) enable(client, request);
    else if (args.is(2, "OFF")) {
      door.tracking.disable(client);
      out.ok();
    } else out.error(SYNTAX_ERROR);
  },
};

/** The options, or the error in them. */
function parse(client: Client, args: Args): Request | string {
  const request: Request = {
    ...{ redirect: 0, isBroadcast: false, isOptIn: false, isOptOut: false, isNoLoop: false },
    prefixes: [],
  };
  for (let i = FIRST_OPTION_AT; i < args.count; i++) {
    const hasMore = i + 1 < args.count;
    if (args.is(i, "REDIRECT") && hasMore) {
      const redirect = redirectOf(client, args, ++i, request);
      if (typeof redirect === "string") return redirect;
      request.redirect = redirect;
    } else if (args.is(i, "BCAST")) request.isBroadcast = true;
    else if (args.is(i, "OPTIN")) request.isOptIn = true;
    else if (args.is(i, "OPTOUT")) request.isOptOut = true;
    else if (args.is(i, "NOLOOP")) request.isNoLoop = true;
    else if (args.is(i, "PREFIX") && hasMore) request.prefixes.push(args.latin1(++i));
    else return SYNTAX_ERROR;
  }
  return request;
}

function redirectOf(client: Client, args: Args, i: number, request: Request): number | string {
  if (request.redirect !== 0) return "ERR A client can only redirect to a single other client";
  if (args.integer(i) === null) return NOT_AN_INTEGER;
  const id = args.safeInteger(i);
  if (client.door.clients.has(id)) return id;
  return "ERR The client ID you want redirect to does not exist";
}

function enable(client: Client, request: Request): void {
  const { out, door } = client;
  const { prefixes, ...options } = request;
  const conflict = conflictOf(client, request);
  if (conflict !== null) {
    out.error(conflict);
    return;
  }
  door.tracking.enable(client, options, request.isBroadcast ? withDefault(prefixes) : []);
  out.ok();
}

/** Without a prefix, all keys. */
function withDefault(prefixes: readonly string[]): readonly string[] {
  return prefixes.length === 0 ? [""] : prefixes;
}

/** What stands against the options, in the order in which Redis looks. */
function conflictOf(client: Client, request: Request): string | null {
  const { isBroadcast, isOptIn, isOptOut, prefixes } = request;
  const present = client.tracking?.options ?? null;
  if (!isBroadcast && prefixes.length > 0) {
    return "ERR PREFIX option requires BCAST mode to be enabled";
  }
  if (present !== null && present.isBroadcast !== isBroadcast)
    return cantSwitch("BCAST mode on/off");
  if (isBroadcast && (isOptIn || isOptOut)) {
    return "ERR OPTIN and OPTOUT are not compatible with BCAST";
  }
  if (isOptIn && isOptOut) return "ERR You can't specify both OPTIN mode and OPTOUT mode";
  if (present !== null && switchesOpt(present, request)) return cantSwitch("OPTIN/OPTOUT mode");
  return isBroadcast ? prefixConflict(client, prefixes) : null;
}

function switchesOpt(present: TrackingOptions, request: Request): boolean {
  return (request.isOptIn && present.isOptOut) || (request.isOptOut && present.isOptIn);
}

function cantSwitch(what: string): string {
  return (
    `ERR You can't switch ${what} before disabling tracking for this client, and then ` +
    `re-enabling it with a different mode.`
  );
}

function prefixConflict(client: Client, prefixes: readonly string[]): string | null {
  const present = [...(client.tracking?.prefixes ?? [])].sort();
  if (present.length + prefixes.length > PREFIXES_MAX) {
    return `ERR a client may have at most ${PREFIXES_MAX} prefixes`;
  }
  for (const [i, prefix] of prefixes.entries()) {
    if (prefix.length > KEY_BYTES_MAX) return "ERR a prefix is longer than any key";
    const existing = present.find((other) => overlap(prefix, other));
    if (existing !== undefined) return overlapError(prefix, `an existing prefix '${existing}'`);
    const other = prefixes.slice(i + 1).find((each) => overlap(prefix, each));
    if (other !== undefined) return overlapError(prefix, `another provided prefix '${other}'`);
  }
  return null;
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function overlapError(prefix: string, other: string): string {
  return (
    `ERR Prefix '${prefix}' overlaps with ${other}. ` +
    `Prefixes for a single client must not overlap.`
  );
}
