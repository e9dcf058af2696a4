/** GETBIT: a bit of a string; bits behind its end are 0. */
import { NO_SLOT } from "../../../memory/slots.ts";
import { bitOffset } from "../../bits.ts";
import type { Command } from "../../command.ts";
import { BIT_OFFSET_ERROR } from "../../errors.ts";

export const getbit: Command = {
  name: "getbit",
  arity: 3,
  flags: ["readonly", "fast"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.2.0",
  summary: "Returns the bit at an offset of a string.",
  complexity: "O(1)",
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
  ],
  run: (client, args) => {
    const offset = bitOffset(args, 2, client.door.valueBytesMax);
    if (Number.isNaN(offset)) return client.out.error(BIT_OFFSET_ERROR);
    const { table } = client;
    const slot = client.find(args, 1);
    const at = Math.floor(offset / 8);
    const isThere = slot !== NO_SLOT && at < table.valueLength(slot);
    const byte = isThere ? table.shard.u8[table.valueAt(slot) + at]! : 0;
    client.out.integer((byte >>> (7 - (offset & 7))) & 1);
  },
};
