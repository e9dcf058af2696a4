/**
 * APPEND: adds bytes to the end of a value.
 *
 * A value lies in one piece with its key and the log holds whole values, so all of it is written
 * anew.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import { grownValue } from "../../bits.ts";
import type { Command } from "../../command.ts";
import { STRING_TOO_LONG } from "../../errors.ts";

export const append: Command = {
  name: "append",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["insert"] },
  since: "2.0.0",
  summary: "Appends a string to the value of a key. Creates the key if it doesn't exist.",
  complexity: "O(N) where N is the length of the value that results.",
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
  ],
  differs: "It costs time and log for the whole value, not only for what is appended.",
  rewrites: true,
  run: (client, args) => {
    const { out, table } = client;
    const slot = client.peek(args, 1);
    const oldLength = slot === NO_SLOT ? 0 : table.valueLength(slot);
    const length = oldLength + args.length[2]!;
    if (length > client.door.valueBytesMax) {
      out.error(STRING_TOO_LONG);
      return;
    }
    if (oldLength === 0) client.draftSet(args, 1, 2);
    else {
      const value = grownValue(client, slot, length);
      args.buffer.copy(value, oldLength, args.at[2], args.at[2]! + args.length[2]!);
      client.draftBytes(args, 1, value);
    }
    client.draft.keepDeadline = true;
    if (client.set("append")) out.integer(length);
  },
};
