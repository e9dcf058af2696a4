/** What GETRANGE and its older name SUBSTR do. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import { rangeEnd } from "../../bits.ts";
import type { Client } from "../../client.ts";
import type { Argument } from "../../command.ts";
import { NOT_AN_INTEGER } from "../../errors.ts";

export const SUBSTRING_COMPLEXITY = "O(N) where N is the length of the returned string.";
export const SUBSTRING_ARGUMENTS: readonly Argument[] = [
  { name: "key", type: "key" },
  { name: "start", type: "integer" },
  { name: "end", type: "integer" },
];

const NO_BYTES = Buffer.alloc(0);

/** Replies with the bytes from argument 2 to argument 3, both included; negative count back. */
export function substring(client: Client, args: Args): void {
  const { out, table } = client;
  const start = rangeEnd(args, 2);
  const end = rangeEnd(args, 3);
  if (Number.isNaN(start) || Number.isNaN(end)) {
    out.error(NOT_AN_INTEGER);
    return;
  }
  const slot = client.find(args, 1);
  const length = slot === NO_SLOT ? 0 : table.valueLength(slot);
  // Both before the beginning would meet there; what ends before it starts is empty all the same.
  const isBackwards = start < 0 && end < 0 && start > end;
  const first = Math.max(0, start < 0 ? length + start : start);
  const last = Math.min(length - 1, Math.max(0, end < 0 ? length + end : end));
  if (isBackwards || first > last) out.bulk(NO_BYTES);
  else out.bulk(table.shard.u8, table.valueAt(slot) + first, last - first + 1);
}
