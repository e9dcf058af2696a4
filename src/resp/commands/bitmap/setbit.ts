/**
 * SETBIT: sets or clears a bit, and answers what it was.
 *
 * The log holds whole values, so a bit that changes costs as much as the value is long. One that is
 * what it shall be already, in a value that need not grow, costs nothing and is no change, as in Redis.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import { bitOffset, grownValue } from "../../bits.ts";
import type { Command } from "../../command.ts";
import { BIT_OFFSET_ERROR } from "../../errors.ts";

const NOT_A_BIT = "ERR bit is not an integer or out of range";

export const setbit: Command = {
  name: "setbit",
  arity: 4,
  flags: ["write", "denyoom"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "2.2.0",
  summary: "Sets or clears the bit at an offset of a string, which is made or grows as needed.",
  complexity: "O(N) where N is the length of the string; O(1) when the bit stays as it is.",
  arguments: [
    { name: "key", type: "key" },
    { name: "offset", type: "integer" },
    { name: "value", type: "integer" },
  ],
  rewrites: true,
  extentBytes: (args) => {
    const offset = args.safeInteger(2);
    return offset >= 0 ? Math.floor(offset / 8) + 1 : 0;
  },
  run: (client, args) => {
    const offset = bitOffset(args, 2, client.door.valueBytesMax);
    if (Number.isNaN(offset)) return client.out.error(BIT_OFFSET_ERROR);
    const bit = args.safeInteger(3);
    if (bit !== 0 && bit !== 1) return client.out.error(NOT_A_BIT);
    const { table } = client;
    const slot = client.peek(args, 1);
    const length = slot === NO_SLOT ? 0 : table.valueLength(slot);
    const at = Math.floor(offset / 8);
    const mask = 0x80 >>> (offset & 7);
    const old = at < length && (table.shard.u8[table.valueAt(slot) + at]! & mask) !== 0 ? 1 : 0;
    if (at >= length || old !== bit) {
      const value = grownValue(client, slot, at + 1);
      if (old !== bit) value[at]! ^= mask;
      client.draftBytes(args, 1, value).keepDeadline = true;
      if (!client.set("setbit")) return;
    }
    client.out.integer(old);
  },
};
