/** INCRBYFLOAT: adds to a number that may have decimals; the log holds the sum. */
import { KIND } from "../../../memory/entry.ts";
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import { latin1Slice } from "../../../base/bytes.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_A_FLOAT } from "../../errors.ts";
import {
  LONG_DOUBLE_TEXT_BYTES_MAX,
  addLongDoubles,
  formatLongDouble,
  parseLongDouble,
} from "../../long-double.ts";

const NOT_FINITE = "ERR increment would produce NaN or Infinity";

export const incrbyfloat: Command = {
  name: "incrbyfloat",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "2.6.0",
  summary:
    "Increments the decimal value of a key by a number. A key that doesn't exist counts as 0.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "increment", type: "double" },
  ],
  rewrites: true,
  extentBytes: () => LONG_DOUBLE_TEXT_BYTES_MAX,
  run: (client, args) => {
    const { out, table } = client;
    const slot = client.peek(args, 1);
    const value = parseLongDouble(numberText(client, slot));
    const by = parseLongDouble(args.length[2]! > LONG_DOUBLE_TEXT_BYTES_MAX ? "" : args.latin1(2));
    if (value === null || by === null) return out.error(NOT_A_FLOAT);
    const sum = addLongDoubles(value, by);
    if (sum === null) return out.error(NOT_FINITE);
    const kind = slot === NO_SLOT ? KIND.json : table.kind(slot);
    const bytes = Buffer.from(formatLongDouble(sum), "latin1");
    const draft = client.draftBytes(args, 1, bytes);
    draft.kind = kind;
    draft.ascii = true;
    draft.keepDeadline = true;
    if (client.set("incrbyfloat")) out.bulk(bytes);
  },
};

/** The value as text; "" of one too long for a number, which is none either. */
function numberText({ table }: Client, slot: SlotRef): string {
  if (slot === NO_SLOT) return "0";
  const length = table.valueLength(slot);
  if (length > LONG_DOUBLE_TEXT_BYTES_MAX) return "";
  const at = table.valueAt(slot);
  return latin1Slice(table.shard.bytes, at, at + length);
}
