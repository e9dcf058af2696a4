/** What sets the keys of one run apart from those of any other, and from a user's own. */
import { randomBytes } from "node:crypto";

/** `load:1f9c04d2:`, to be followed by a number. */
export function runPrefix(tool: string): string {
  return `${tool}:${randomBytes(4).toString("hex")}:`;
}
