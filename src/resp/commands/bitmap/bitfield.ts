/**
 * BITFIELD: reads and changes integers of any width within a string, several at once.
 *
 * The value is copied, all operations are done on the copy, and it is written once: so they are all
 * seen or none. With nothing but GET among them nothing is copied.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import { grownValue } from "../../bits.ts";
import { NO_EVENT } from "../../changes.ts";
import type { Client } from "../../client.ts";
import type { Argument, Command } from "../../command.ts";
import type { Output } from "../../output.ts";
import { changed, extentOf, getField, parseFields, putField } from "./fields.ts";
import type { FieldOperation } from "./fields.ts";

const FIELD: readonly Argument[] = [
  { name: "encoding", type: "string" },
  { name: "offset", type: "integer" },
];

export const GET_BLOCK: Argument = {
  name: "get-block",
  type: "block",
  token: "GET",
  arguments: FIELD,
};

const WRITE_BLOCK: Argument = {
  name: "write",
  type: "block",
  arguments: [
    {
      name: "overflow-block",
      type: "oneof",
      token: "OVERFLOW",
      optional: true,
      arguments: [
        { name: "wrap", type: "pure-token", token: "WRAP" },
        { name: "sat", type: "pure-token", token: "SAT" },
        { name: "fail", type: "pure-token", token: "FAIL" },
      ],
    },
    {
      name: "write-operation",
      type: "oneof",
      arguments: [
        {
          name: "set-block",
          type: "block",
          token: "SET",
          arguments: [...FIELD, { name: "value", type: "integer" }],
        },
        {
          name: "incrby-block",
          type: "block",
          token: "INCRBY",
          arguments: [...FIELD, { name: "increment", type: "integer" }],
        },
      ],
    },
  ],
};

export const bitfield: Command = {
  name: "bitfield",
  arity: -2,
  flags: ["write", "denyoom"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RW", effects: ["access", "update"] },
  since: "3.2.0",
  summary: "Reads and changes integers of any width at any bit of a string.",
  complexity: "O(1) for each GET; when anything changes also O(N) in the length of the string.",
  arguments: [
    { name: "key", type: "key" },
    {
      name: "operation",
      type: "oneof",
      optional: true,
      multiple: true,
      arguments: [GET_BLOCK, WRITE_BLOCK],
    },
  ],
  rewrites: true,
  extentBytes: (args) => {
    const operations = parseFields(args, Infinity);
    return typeof operations === "string" ? 0 : extentOf(operations);
  },
  run: (client, args) => {
    const operations = parseFields(args, client.door.valueBytesMax);
    if (typeof operations === "string") client.out.error(operations);
    else if (extentOf(operations) === 0) readFields(client, args, operations);
    else changeFields(client, args, operations);
  },
};

/** Answers operations that are all GET. */
export function readFields(
  client: Client,
  args: Args,
  operations: readonly FieldOperation[],
): void {
  const { table, out } = client;
  const slot = client.find(args, 1);
  const at = slot === NO_SLOT ? 0 : table.valueAt(slot);
  const length = slot === NO_SLOT ? 0 : table.valueLength(slot);
  out.array(operations.length);
  for (const operation of operations) {
    out.integer(getField(operation, table.shard.u8, at, length));
  }
}

function changeFields(client: Client, args: Args, operations: readonly FieldOperation[]): void {
  const slot = client.peek(args, 1);
  const extent = extentOf(operations);
  client.engine.checkValue(extent);
  const value = grownValue(client, slot, extent);
  // As in Redis the string grows even if every change fails for its overflow; but no event tells.
  const isGrown = slot === NO_SLOT || client.table.valueLength(slot) < extent;
  let outcome: number = OUTCOME.none;
  client.out.array(operations.length);
  for (const operation of operations) {
    outcome = Math.max(outcome, perform(client.out, operation, value));
  }
  if (!isGrown && outcome !== OUTCOME.changed) return;
  client.draftBytes(args, 1, value).keepDeadline = true;
  client.set(outcome === OUTCOME.none ? NO_EVENT : "setbit");
}

/** What an operation has done: none is a GET, or a change that failed. */
const OUTCOME = { none: 0, same: 1, changed: 2 } as const;

/** Does an operation on the bytes and answers it. */
function perform(out: Output, operation: FieldOperation, bytes: Uint8Array): number {
  const old = getField(operation, bytes, 0, bytes.length);
  if (operation.name === "GET") {
    out.integer(old);
    return OUTCOME.none;
  }
  const next = changed(operation, old);
  if (next === null) {
    out.nil();
    return OUTCOME.none;
  }
  out.integer(operation.name === "SET" ? old : next);
  if (next === old) return OUTCOME.same;
  putField(operation, bytes, next);
  return OUTCOME.changed;
}
