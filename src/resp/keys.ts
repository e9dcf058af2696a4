/**
 * Which arguments of a request are keys, by what the command says of itself.
 */
import type { Args } from "./args.ts";
import type { Command, KeyRange } from "./command.ts";

const NO_RANGES: readonly KeyRange[] = [];

/** All ranges, those of shard channels among them. */
export function keyRangesOf({ keys }: Command): readonly KeyRange[] {
  if (keys === undefined) return NO_RANGES;
  return "first" in keys ? [keys] : keys;
}

export function hasKeys(command: Command): boolean {
  return keyRangesOf(command).some(({ access }) => access !== "not_key");
}

/** Calls `each` with the number of every argument that is a key, in order. */
export function eachKey(
  command: Command,
  args: Args,
  each: (i: number, range: KeyRange) => void,
): void {
  for (const range of keyRangesOf(command)) {
    if (range.access === "not_key") continue;
    const last = range.last < 0 ? args.count + range.last : range.last;
    for (let i = range.first; i <= last && i < args.count; i += range.step) each(i, range);
  }
}
