/** The database that an argument of COPY and MOVE names. */
import type { Args } from "../../args.ts";
import { databaseNamespace } from "../../databases.ts";
import { DB_OUT_OF_RANGE, NOT_AN_INTEGER } from "../../errors.ts";
import type { Output } from "../../output.ts";

const INT_MAX = 2n ** 31n - 1n;
const INT_MIN = -(2n ** 31n);
const NO_INT = `ERR value is out of range, value must between ${INT_MIN} and ${INT_MAX}`;

/** Its namespace; null when there is none, which is answered. */
export function databaseArgument(args: Args, i: number, out: Output): string | null {
  const index = args.integer(i);
  if (index === null) out.error(NOT_AN_INTEGER);
  else if (index < INT_MIN || index > INT_MAX) out.error(NO_INT);
  else {
    const namespace = databaseNamespace(Number(index));
    if (namespace === null) out.error(DB_OUT_OF_RANGE);
    return namespace;
  }
  return null;
}
