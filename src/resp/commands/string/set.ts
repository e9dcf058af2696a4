/** SET: gives a key a value. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { LAST_YEAR } from "../../deadlines.ts";
import { SYNTAX_ERROR } from "../../errors.ts";
import { IF_ABSENT, IF_PRESENT, OPTION, SET_OPTIONS, StringOptions } from "./options.ts";

const options = new StringOptions();

export const set: Command = {
  name: "set",
  arity: -3,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "1.0.0",
  summary:
    "Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
    {
      name: "condition",
      type: "oneof",
      since: "2.6.12",
      optional: true,
      arguments: [
        { name: "nx", type: "pure-token", token: "NX" },
        { name: "xx", type: "pure-token", token: "XX" },
        { name: "ifeq-value", type: "string", token: "IFEQ", since: "8.4.0" },
      ],
    },
    { name: "get", type: "pure-token", token: "GET", since: "6.2.0", optional: true },
    {
      name: "expiration",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "seconds", type: "integer", token: "EX", since: "2.6.12" },
        { name: "milliseconds", type: "integer", token: "PX", since: "2.6.12" },
        { name: "unix-time-seconds", type: "unix-time", token: "EXAT", since: "6.2.0" },
        { name: "unix-time-milliseconds", type: "unix-time", token: "PXAT", since: "6.2.0" },
        { name: "keepttl", type: "pure-token", token: "KEEPTTL", since: "6.0.0" },
      ],
    },
  ],
  differs: LAST_YEAR,
  run: (client, args) => {
    if (args.count > 3) setWithOptions(client, args);
    else {
      client.draftSet(args, 1, 2);
      if (client.set("set")) client.out.ok();
    }
  },
};

function setWithOptions(client: Client, args: Args): void {
  const { out } = client;
  if (!options.parse(args, 3, SET_OPTIONS)) {
    out.error(SYNTAX_ERROR);
    return;
  }
  let deadlineMs = 0;
  if (options.deadlineAt > 0) {
    deadlineMs = options.deadlineMs(client, args, "set");
    if (deadlineMs === 0) return;
  }
  const mayRun = !options.has(OPTION.get | OPTION.ifEqual) || showAndCompare(client, args);
  if (!mayRun) return;
  const draft = client.draftSet(args, 1, 2);
  draft.deadlineMs = deadlineMs;
  draft.keepDeadline = options.has(OPTION.keepTtl);
  if (options.has(OPTION.nx)) draft.condition = IF_ABSENT;
  else if (options.has(OPTION.xx)) draft.condition = IF_PRESENT;
  if (!client.set("set")) return;
  const { isDone } = client.engine;
  if (isDone && deadlineMs > 0) client.notify("expire", args, 1);
  if (options.has(OPTION.get)) return;
  if (isDone) out.ok();
  else out.nil();
}

/** Replies to GET; whether IFEQ lets the write be done. When it does not, all replies are made. */
function showAndCompare(client: Client, args: Args): boolean {
  const { out } = client;
  const shows = options.has(OPTION.get);
  const slot = shows ? client.find(args, 1) : client.peek(args, 1);
  if (shows) {
    if (slot === NO_SLOT) out.nil();
    else client.bulkOf(slot);
  }
  if (!options.has(OPTION.ifEqual) || isEqual(client, slot, args, options.comparisonAt))
    return true;
  if (!shows) out.nil();
  return false;
}

function isEqual({ table }: Client, slot: SlotRef, args: Args, i: number): boolean {
  if (slot === NO_SLOT || table.valueLength(slot) !== args.length[i]) return false;
  const at = table.valueAt(slot);
  return args.view(i).equals(table.shard.bytes.subarray(at, at + args.length[i]));
}
