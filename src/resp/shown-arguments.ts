/**
 * Arguments as others may see them, in MONITOR and SLOWLOG: passwords are hidden.
 */
import type { Args } from "./args.ts";

const REDACTED = Buffer.from("(redacted)");
const SECRET_PARAMETERS: readonly string[] = ["REQUIREPASS", "PASSWORD"];

/** Argument `i`, or what is shown in its place; a view, good until the command returns. */
export function shownArgument(args: Args, i: number): Buffer {
  return isSecret(args, i) ? REDACTED : args.view(i);
}

function isSecret(args: Args, i: number): boolean {
  if (i === 0) return false;
  if (args.is(0, "AUTH")) return true;
  if (args.is(0, "HELLO")) return isOfAuth(args, i);
  if (!args.is(0, "CONFIG") || i < 3 || !args.is(1, "SET")) return false;
  return SECRET_PARAMETERS.some((name) => args.is(i - 1, name));
}

/** Whether argument `i` of HELLO is one of the two behind AUTH. */
function isOfAuth(args: Args, i: number): boolean {
  return (i > 2 && args.is(i - 1, "AUTH")) || (i > 3 && args.is(i - 2, "AUTH"));
}
