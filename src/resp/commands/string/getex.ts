/** GETEX: answers the value of a key and sets or clears its deadline. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { LAST_YEAR } from "../../deadlines.ts";
import { SYNTAX_ERROR } from "../../errors.ts";
import { GETEX_OPTIONS, OPTION, StringOptions } from "./options.ts";

const options = new StringOptions();

export const getex: Command = {
  name: "getex",
  arity: -2,
  flags: ["write", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "6.2.0",
  summary: "Returns the string value of a key after setting its expiration time.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    {
      name: "expiration",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "seconds", type: "integer", token: "EX" },
        { name: "milliseconds", type: "integer", token: "PX" },
        { name: "unix-time-seconds", type: "unix-time", token: "EXAT" },
        { name: "unix-time-milliseconds", type: "unix-time", token: "PXAT" },
        { name: "persist", type: "pure-token", token: "PERSIST" },
      ],
    },
  ],
  differs: LAST_YEAR,
  run: (client, args) => {
    if (!options.parse(args, 2, GETEX_OPTIONS)) {
      client.out.error(SYNTAX_ERROR);
      return;
    }
    const slot = client.find(args, 1);
    if (slot === NO_SLOT) {
      client.out.nil();
      return;
    }
    const hasDeadline = client.table.deadline(slot) > 0;
    const deadlineMs = options.deadlineAt > 0 ? options.deadlineMs(client, args, "getex") : 0;
    if (options.deadlineAt > 0 && deadlineMs === 0) return;
    client.bulkOf(slot);
    if (deadlineMs > 0) moveDeadline(client, args, deadlineMs);
    else if (options.has(OPTION.persist) && hasDeadline) {
      client.draftKey(args, 1);
      client.expire("persist");
    }
  },
};

/** A deadline that has passed when it is set deletes the key. */
function moveDeadline(client: Client, args: Args, deadlineMs: number): void {
  const draft = client.draftKey(args, 1);
  draft.deadlineMs = deadlineMs;
  if (deadlineMs <= client.nowMs()) client.delete("del");
  else client.expire("expire");
}
