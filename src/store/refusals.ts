/**
 * Why the engine refuses a write: conditions that do not hold, and what there is no room for.
 */
import { PyKVError } from "../base/errors.ts";
import type { Table } from "../memory/table.ts";
import type { Condition } from "./types.ts";

/** A group that announces more than `bytesMax` bytes of log. */
export function groupTooLarge(bytes: number, bytesMax: number): PyKVError {
  const detail = `it may log ${bytes} bytes in one go, the limit is ${bytesMax}`;
  return new PyKVError("MEMORY_FULL", detail);
}

/** A group that has used up its log, and there is no more to be had at once. */
export function groupFull(): PyKVError {
  return new PyKVError("MEMORY_FULL", "the transaction evicts more than it may log in one go");
}

/** Nothing may be evicted, or not enough. */
export function memoryFull(table: Table): PyKVError {
  const detail =
    `${table.usedBytes} of ${table.maxBytes} bytes (--max-memory) are used` +
    (table.capacity > 0 ? `, a namespace holds at most ${table.capacity} keys (--capacity)` : "");
  return new PyKVError("MEMORY_FULL", `${detail}, and nothing may give way`);
}

/** Whether a condition holds for a key that is live or not, with this version. */
export function conditionHolds(condition: Condition, isLive: boolean, version: number): boolean {
  const { ifVersion, ifNotVersion, ifAbsent, ifPresent } = condition;
  if (ifVersion !== undefined && !(isLive && version === ifVersion)) return false;
  if (ifNotVersion !== undefined && isLive && version === ifNotVersion) return false;
  if (ifAbsent === true && isLive) return false;
  return !(ifPresent === true && !isLive);
}
