/** What BITCOUNT and BITPOS have in common: a range of a value, counted in bytes or in bits. */
import type { Args } from "../../args.ts";
import type { Argument } from "../../command.ts";

export const UNIT: Argument = {
  name: "unit",
  type: "oneof",
  since: "7.0.0",
  optional: true,
  arguments: [
    { name: "byte", type: "pure-token", token: "BYTE" },
    { name: "bit", type: "pure-token", token: "BIT" },
  ],
};

/** Bits in the unit that argument `i` names, BYTE when it is not given; 0 for any other word. */
export function unitBits(args: Args, i: number): number {
  if (i >= args.count || args.is(i, "BYTE")) return 8;
  return args.is(i, "BIT") ? 1 : 0;
}

/** An end of a range, counted from the end of `length` units when it is negative; never below 0. */
export function fromStart(end: number, length: number): number {
  return Math.max(0, end < 0 ? length + end : end);
}
