/**
 * ASYNC and SYNC of FLUSHDB and FLUSHALL. They make no difference here: a namespace is emptied in
 * constant time, and its memory is given back in the background.
 */
import type { Args } from "../../args.ts";
import type { Argument } from "../../command.ts";

export const MODE_ARGUMENT: Argument = {
  name: "async",
  type: "oneof",
  optional: true,
  arguments: [
    { name: "async", type: "pure-token", token: "ASYNC", since: "4.0.0" },
    { name: "sync", type: "pure-token", token: "SYNC", since: "6.2.0" },
  ],
};

/** Whether there is no more behind the command's name than one of the two. */
export function hasMode(args: Args): boolean {
  return args.count === 1 || (args.count === 2 && (args.is(1, "ASYNC") || args.is(1, "SYNC")));
}
