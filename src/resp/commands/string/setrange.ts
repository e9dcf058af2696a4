/** SETRANGE: overwrites a part of a value, with zeros before it where the value is shorter. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import { grownValue, rangeEnd } from "../../bits.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, OFFSET_OUT_OF_RANGE, STRING_TOO_LONG } from "../../errors.ts";

export const setrange: Command = {
  name: "setrange",
  arity: 4,
  flags: ["write", "denyoom"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["update"] },
  since: "2.2.0",
  summary:
    "Overwrites a part of a string value from an offset. Creates the key if it doesn't exist.",
  complexity: "O(N) where N is the length of the value that results.",
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
    { name: "value", type: "string" },
  ],
  differs: "It costs time and log for the whole value, not only for what is overwritten.",
  rewrites: true,
  extentBytes: (args) => Math.max(0, args.safeInteger(2) || 0) + args.length[3]!,
  run: (client, args) => {
    const { out, table } = client;
    const offset = rangeEnd(args, 2);
    if (Number.isNaN(offset)) return out.error(NOT_AN_INTEGER);
    if (offset < 0) return out.error(OFFSET_OUT_OF_RANGE);
    const length = args.length[3]!;
    if (length > 0) return overwrite(client, args, offset, length);
    const slot = client.peek(args, 1);
    out.integer(slot === NO_SLOT ? 0 : table.valueLength(slot));
  },
};

function overwrite(client: Client, args: Args, offset: number, length: number): void {
  const { out } = client;
  if (offset + length > client.door.valueBytesMax) return out.error(STRING_TOO_LONG);
  const slot = client.peek(args, 1);
  const value = grownValue(client, slot, offset + length);
  args.buffer.copy(value, offset, args.at[3], args.at[3]! + length);
  client.draftBytes(args, 1, value).keepDeadline = true;
  if (client.set("setrange")) out.integer(value.length);
}
