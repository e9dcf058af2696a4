/**
 * Names that no key has. Commands that look for keys, or end them, take them for keys that are not
 * there, as Redis does, which knows no such limits; only what would make such a key is refused.
 */
import { KEY_BYTES_MAX } from "../memory/entry.ts";
import type { Args } from "./args.ts";

/** Whether there may be a key with the name that argument `i` gives. */
export function mayExist(args: Args, i: number): boolean {
  const length = args.length[i]!;
  return length > 0 && length <= KEY_BYTES_MAX;
}
