/** BITCOUNT: how many bits are set in a string, or in a range of it. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import { countBits, rangeEnd } from "../../bits.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../errors.ts";
import { UNIT, fromStart, unitBits } from "./unit.ts";

export const bitcount: Command = {
  name: "bitcount",
  arity: -2,
  flags: ["readonly"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.6.0",
  summary: "Counts the bits that are set in a string or in a range of it.",
  complexity: "O(N)",
  arguments: [
    { name: "key", type: "key" },
    {
      name: "range",
      type: "block",
      optional: true,
      arguments: [{ name: "start", type: "integer" }, { name: "end", type: "integer" }, UNIT],
    },
  ],
  run: (client, args) => {
    const { count } = args;
    const slot = client.find(args, 1);
    // As in Redis 7.2 a key that is not there is 0, however wrong what follows it may be.
    if (slot === NO_SLOT) client.out.integer(0);
    else if (count === 2) client.out.integer(countIn(client, slot, 0, Infinity, 8));
    else if (count === 4 || count === 5) countRange(client, args, slot);
    else client.out.error(SYNTAX_ERROR);
  },
};

function countRange(client: Client, args: Args, slot: SlotRef): void {
  const start = rangeEnd(args, 2);
  const end = rangeEnd(args, 3);
  if (Number.isNaN(start) || Number.isNaN(end)) return client.out.error(NOT_AN_INTEGER);
  // Both may lie before the start of the value, where they would become the same.
  if (start < 0 && end < 0 && start > end) return client.out.integer(0);
  const unit = unitBits(args, 4);
  if (unit === 0) return client.out.error(SYNTAX_ERROR);
  client.out.integer(countIn(client, slot, start, end, unit));
}

function countIn(
  { table }: Client,
  slot: SlotRef,
  start: number,
  end: number,
  unit: number,
): number {
  const length = (table.valueLength(slot) * 8) / unit;
  const first = fromStart(start, length);
  const last = Math.min(fromStart(end, length), length - 1);
  if (first > last) return 0;
  return countBits(table.shard, table.valueAt(slot), first * unit, (last + 1) * unit - 1);
}
