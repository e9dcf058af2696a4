/**
 * LCS: the longest common subsequence of two values.
 *
 * The textbook way: a table of the lengths for all pairs of beginnings, filled row by row, then
 * walked from its end to find which bytes match. Time and memory grow with the product of both
 * lengths, and nothing else is served meanwhile, so the product is bounded (`LCS_CELLS_MAX`: about
 * a tenth of a second and 32 MiB). Of several subsequences of the same length it finds the one that
 * Redis finds.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import { rangeEnd } from "../../bits.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../errors.ts";

/** So that the shorter value has fewer than 65,536 bytes, and every length fits into 16 bits. */
const LCS_CELLS_MAX = 16 * 1024 * 1024;
const TOO_LONG = "ERR String too long for LCS";
const AMBIGUOUS = "ERR If you want both the length and indexes, please just use IDX.";
const NO_BYTES = Buffer.alloc(0);

export const lcs: Command = {
  name: "lcs",
  arity: -3,
  flags: ["readonly"],
  group: "string",
  keys: { first: 1, last: 2, step: 1, access: "RO", effects: ["access"] },
  since: "7.0.0",
  summary: "Finds the longest common substring.",
  complexity: "O(N*M) where N and M are the lengths of the two values.",
  arguments: [
    { name: "key1", type: "key" },
    { name: "key2", type: "key" },
    { name: "len", type: "pure-token", token: "LEN", optional: true },
    { name: "idx", type: "pure-token", token: "IDX", optional: true },
    { name: "min-match-len", type: "integer", token: "MINMATCHLEN", optional: true },
    { name: "withmatchlen", type: "pure-token", token: "WITHMATCHLEN", optional: true },
  ],
  differs: "The product of the lengths of both values may be at most 16 million.",
  run: (client, args) => {
    const { out } = client;
    const a = valueAt(client, args, 1);
    const b = valueAt(client, args, 2);
    const options = parse(args);
    if (typeof options === "string") return out.error(options);
    if ((a.length + 1) * (b.length + 1) > LCS_CELLS_MAX) return out.error(TOO_LONG);
    if (options.wantsLength) return out.integer(lengthOnly(a, b));
    const table = fill(a, b);
    if (options.wantsRanges) writeRanges(client, a, b, table, options);
    else out.bulk(subsequence(a, b, table));
  },
};

interface Options {
  wantsLength: boolean;
  wantsRanges: boolean;
  wantsRangeLengths: boolean;
  matchBytesMin: number;
}

/** Stretches of both values that are the same, by first byte and last. */
interface Range {
  aStart: number;
  aEnd: number;
  bStart: number;
  bEnd: number;
}

function valueAt(client: Client, args: Args, i: number): Uint8Array {
  const slot = client.find(args, i);
  if (slot === NO_SLOT) return NO_BYTES;
  const { table } = client;
  const at = table.valueAt(slot);
  return table.shard.u8.subarray(at, at + table.valueLength(slot));
}

/** The options, or an error. */
function parse(args: Args): Options | string {
  const options: Options = {
    wantsLength: false,
    wantsRanges: false,
    wantsRangeLengths: false,
    matchBytesMin: 0,
  };
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "IDX")) options.wantsRanges = true;
    else if (args.is(i, "LEN")) options.wantsLength = true;
    else if (args.is(i, "WITHMATCHLEN")) options.wantsRangeLengths = true;
    else if (args.is(i, "MINMATCHLEN") && i + 1 < args.count) {
      options.matchBytesMin = rangeEnd(args, ++i);
      if (Number.isNaN(options.matchBytesMin)) return NOT_AN_INTEGER;
    } else return SYNTAX_ERROR;
  }
  return options.wantsLength && options.wantsRanges ? AMBIGUOUS : options;
}

/** Cell i * (b.length + 1) + j: the length for the first i bytes of `a` and the first j of `b`. */
function fill(a: Uint8Array, b: Uint8Array): Uint16Array {
  const width = b.length + 1;
  const cells = new Uint16Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) fillRow(cells, (i - 1) * width, i * width, a[i - 1]!, b);
  return cells;
}

/** The last cell, from two rows that take turns. */
function lengthOnly(a: Uint8Array, b: Uint8Array): number {
  const width = b.length + 1;
  const rows = new Uint16Array(2 * width);
  let row = 0;
  for (const byte of a) {
    fillRow(rows, row, width - row, byte, b);
    row = width - row;
  }
  return rows[row + b.length]!;
}

function fillRow(
  cells: Uint16Array,
  above: number,
  row: number,
  byte: number,
  b: Uint8Array,
): void {
  let left = 0;
  for (let j = 1; j <= b.length; j++) {
    if (b[j - 1] === byte) left = cells[above + j - 1]! + 1;
    else left = Math.max(left, cells[above + j]!);
    cells[row + j] = left;
  }
}

/** Calls `matched` with the places of each byte in common, from the last to the first. */
function walk(
  a: Uint8Array,
  b: Uint8Array,
  cells: Uint16Array,
  matched: (i: number, j: number) => void,
): void {
  const width = b.length + 1;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) matched(--i, --j);
    else if (cells[(i - 1) * width + j]! > cells[i * width + j - 1]!) i--;
    else j--;
  }
}

function subsequence(a: Uint8Array, b: Uint8Array, cells: Uint16Array): Buffer {
  const result = Buffer.allocUnsafe(cells[cells.length - 1]!);
  let at = result.length;
  walk(a, b, cells, (i) => (result[--at] = a[i]!));
  return result;
}

function rangesOf(a: Uint8Array, b: Uint8Array, cells: Uint16Array): Range[] {
  const ranges: Range[] = [];
  let range: Range | null = null;
  walk(a, b, cells, (i, j) => {
    if (range !== null && range.aStart === i + 1 && range.bStart === j + 1) {
      range.aStart = i;
      range.bStart = j;
    } else {
      range = { aStart: i, aEnd: i, bStart: j, bEnd: j };
      ranges.push(range);
    }
  });
  return ranges;
}

function writeRanges(
  { out }: Client,
  a: Uint8Array,
  b: Uint8Array,
  cells: Uint16Array,
  options: Options,
): void {
  const all = rangesOf(a, b, cells);
  const ranges = all.filter(({ aStart, aEnd }) => aEnd - aStart + 1 >= options.matchBytesMin);
  out.map(2);
  out.bulkLatin1("matches");
  out.array(ranges.length);
  for (const { aStart, aEnd, bStart, bEnd } of ranges) {
    out.array(options.wantsRangeLengths ? 3 : 2);
    out.array(2);
    out.integer(aStart);
    out.integer(aEnd);
    out.array(2);
    out.integer(bStart);
    out.integer(bEnd);
    if (options.wantsRangeLengths) out.integer(aEnd - aStart + 1);
  }
  out.bulkLatin1("len");
  out.integer(cells[cells.length - 1]!);
}
