/**
 * BITPOS: where the first bit is that is set, or that is clear.
 *
 * A string counts as followed by zeros without end, so a clear bit is always found; unless an end is
 * given, which then counts to the letter.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import { findBit, rangeEnd } from "../../bits.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../errors.ts";
import { UNIT, fromStart, unitBits } from "./unit.ts";

const NOT_A_BIT = "ERR The bit argument must be 1 or 0.";
const ARGUMENTS_MAX = 6;

export const bitpos: Command = {
  name: "bitpos",
  arity: -3,
  flags: ["readonly"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.8.7",
  summary: "Finds the first bit that is set, or that is clear, in a string.",
  complexity: "O(N)",
  arguments: [
    { name: "key", type: "key" },
    { name: "bit", type: "integer" },
    {
      name: "range",
      type: "block",
      optional: true,
      arguments: [
        { name: "start", type: "integer" },
        {
          name: "end-unit-block",
          type: "block",
          optional: true,
          arguments: [{ name: "end", type: "integer" }, UNIT],
        },
      ],
    },
  ],
  run: (client, args) => {
    const { out } = client;
    const { count } = args;
    const bit = rangeEnd(args, 2);
    if (Number.isNaN(bit)) return out.error(NOT_AN_INTEGER);
    if (bit !== 0 && bit !== 1) return out.error(NOT_A_BIT);
    const slot = client.find(args, 1);
    // As in Redis 7.2 a key that is not there is all zeros, however wrong what follows may be.
    if (slot === NO_SLOT) return out.integer(bit === 1 ? -1 : 0);
    if (count > ARGUMENTS_MAX) return out.error(SYNTAX_ERROR);
    const start = count > 3 ? rangeEnd(args, 3) : 0;
    if (Number.isNaN(start)) return out.error(NOT_AN_INTEGER);
    const unit = unitBits(args, 5);
    if (unit === 0) return out.error(SYNTAX_ERROR);
    const end = count > 4 ? rangeEnd(args, 4) : Infinity;
    if (Number.isNaN(end)) return out.error(NOT_AN_INTEGER);
    out.integer(positionIn(client, slot, bit, start, end, unit));
  },
};

/** @param end Infinity when none was given */
function positionIn(
  { table }: Client,
  slot: SlotRef,
  bit: number,
  start: number,
  end: number,
  unit: number,
): number {
  const length = (table.valueLength(slot) * 8) / unit;
  const first = fromStart(start, length);
  const last = Math.min(fromStart(end, length), length - 1);
  if (first > last) return -1;
  const to = (last + 1) * unit - 1;
  const found = findBit(table.shard, table.valueAt(slot), bit, first * unit, to);
  return found < 0 && bit === 0 && end === Infinity ? to + 1 : found;
}
